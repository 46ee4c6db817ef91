"""Numbers: found in a text, however written, and checked against what is cited."""
