"""Files to articles: one reader a format, and one bad file or record never stops the rest."""

from vectorstore.readers.discovery import discover
from vectorstore.readers.raw_article import Given
from vectorstore.readers.reading import read_path

__all__ = ["Given", "discover", "read_path"]
