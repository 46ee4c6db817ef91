"""The library: open, add, search, remove, doctor, re-embed."""
