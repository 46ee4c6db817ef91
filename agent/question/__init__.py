"""What a question itself says of when, where, by whom and in what language articles were published."""
