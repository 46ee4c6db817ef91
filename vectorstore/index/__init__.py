"""The vector index: Chroma, made from the library database and updated with it."""

from vectorstore.index.index import ChromaIndex, IndexStatus
from vectorstore.index.store import ChromaStore, Transform

__all__ = ["ChromaIndex", "ChromaStore", "IndexStatus", "Transform"]
