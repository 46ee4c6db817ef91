"""Answers and summaries without a model, in the articles' own sentences."""
