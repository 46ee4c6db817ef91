"""The terminal: printing, progress, interrupts, characters an encoding lacks."""
