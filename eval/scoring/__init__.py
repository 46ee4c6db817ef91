"""Scores of a run: repeated at will, without asking anything again."""
