"""Names: found in a text, matched across spellings and scripts, and checked against what is cited."""
