"""Embedders: text to vectors and token states, on this machine."""

from vectorstore.embedding.base import Embedder, TokenStates
from vectorstore.embedding.e5 import E5Embedder

__all__ = ["E5Embedder", "Embedder", "TokenStates"]
