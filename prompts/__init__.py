"""Prompt files, and the loader that versions them."""
