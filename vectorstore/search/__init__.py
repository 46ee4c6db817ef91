"""Search: from a question to ranked sentences, each with the chance that it answers."""
