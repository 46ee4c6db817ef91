"""Sessions: questions that follow each other, and follow-ups made to stand alone."""
