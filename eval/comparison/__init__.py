"""Runs beside each other: differences with their uncertainty, flips, and a gate for CI."""
