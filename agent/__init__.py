"""Evidence to answers: the quotes answerer, checks, rendering, and the faces that show them."""
