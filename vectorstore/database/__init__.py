"""The library database: articles, passages, vectors and the lexical index in one file."""

from vectorstore.database.database import Database
from vectorstore.database.feedback import Feedback, FeedbackStore, Opinion
from vectorstore.database.lexical import LexicalHit
from vectorstore.database.opening import peek_embedder
from vectorstore.database.receipts import KeptReceipt, ReceiptStore
from vectorstore.database.records import (
    AddResult,
    ArticleHeader,
    EmbedderIdentity,
    Outcome,
    RemoveResult,
    Revision,
    Unfinished,
    VectorBatch,
    Waiting,
)
from vectorstore.database.reembedding import NextVectors
from vectorstore.database.sessions import SessionHeader, SessionStore, Turn

__all__ = [
    "AddResult",
    "ArticleHeader",
    "Database",
    "EmbedderIdentity",
    "Feedback",
    "FeedbackStore",
    "KeptReceipt",
    "LexicalHit",
    "NextVectors",
    "Opinion",
    "Outcome",
    "ReceiptStore",
    "RemoveResult",
    "Revision",
    "SessionHeader",
    "SessionStore",
    "Turn",
    "Unfinished",
    "VectorBatch",
    "Waiting",
    "peek_embedder",
]
