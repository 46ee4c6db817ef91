"""The library database: articles, passages, vectors and the lexical index in one file."""

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
    LexicalHit,
    RemoveResult,
    Revision,
    Unfinished,
    VectorBatch,
    Waiting,
)
from vectorstore.store.reembedding import NextVectors
from vectorstore.store.sessions import SessionHeader, SessionStore, Turn

__all__ = [
    "AddOutcome",
    "AddResult",
    "ArticleHeader",
    "ArticleStore",
    "Database",
    "EmbedderIdentity",
    "Feedback",
    "FeedbackStore",
    "LexicalHit",
    "NextVectors",
    "Opinion",
    "PassageStore",
    "ReceiptStore",
    "RemoveResult",
    "Revision",
    "SessionHeader",
    "SessionStore",
    "StoredReceipt",
    "Turn",
    "Unfinished",
    "VectorBatch",
    "Waiting",
    "peek_embedder",
]
