"""Runs as one page: `pullquote eval report`.

Importing this package loads nothing: its command is part of every `pullquote --help`.
"""
