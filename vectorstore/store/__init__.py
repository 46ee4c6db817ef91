"""The library database: articles, passages, vectors and the lexical index in one file."""

# What is imported here is what this package exports.
# ruff: noqa: F401
# mypy: implicit-reexport

from vectorstore.store.database import Database
from vectorstore.store.feedback import Feedback, Opinion
from vectorstore.store.opening import peek_embedder
from vectorstore.store.receipts import StoredReceipt
from vectorstore.store.records import (
    AddOutcome,
    AddResult,
    ArticleHeader,
    EmbedderIdentity,
    Revision,
    Unfinished,
    VectorBatch,
    Waiting,
)
from vectorstore.store.sessions import SessionHeader, Turn
