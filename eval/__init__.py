"""Measuring Pullquote: data, metrics, commands."""
