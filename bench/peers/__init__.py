"""Other programs that a measurement or a test talks to."""
