"""The library database: articles, passages, vectors and the lexical index in one file."""

# What is imported here is what this package exports.
# ruff: noqa: F401
# mypy: implicit-reexport

from vectorstore.store.articles import ArticleStore
from vectorstore.store.database import Database
from vectorstore.store.feedback import Feedback, FeedbackStore, Opinion
from vectorstore.store.opening import peek_embedder
from vectorstore.store.passages import PassageStore
from vectorstore.store.receipts import ReceiptStore, StoredReceipt
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
from vectorstore.store.reembedding import NextVectors
from vectorstore.store.sessions import SessionHeader, SessionStore, Turn
