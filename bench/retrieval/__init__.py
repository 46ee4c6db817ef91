"""How well questions find sentences, and whether the library knows what it does not hold."""
