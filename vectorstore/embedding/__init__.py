"""Embedders: text to vectors and token states on this machine, to vectors on a server."""

# What is imported here is what this package exports.
# ruff: noqa: F401
# mypy: implicit-reexport

from vectorstore.embedding.base import Embedder, TokenStates, VectorEmbedder
from vectorstore.embedding.choice import has_same_space, load_embedder
from vectorstore.embedding.e5 import E5Embedder
from vectorstore.embedding.endpoint import EndpointEmbedder, estimate_tokens
