"""Stance: who said it, and whether it is denied or hedged."""
