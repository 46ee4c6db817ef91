"""Runs as one page: `pullquote eval report`."""
