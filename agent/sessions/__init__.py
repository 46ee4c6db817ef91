"""Sessions: questions that follow each other, and follow-ups made self-contained."""
