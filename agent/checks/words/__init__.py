"""What all checks read text with: words, folded forms, number words, and the word lists beside them."""
