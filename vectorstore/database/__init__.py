"""The library database: articles, passages, vectors and the lexical index in one file."""

from vectorstore.database.database import Database
from vectorstore.database.lexical import LexicalHit
from vectorstore.database.records import (
    AddResult,
    ArticleHeader,
    EmbedderIdentity,
    Outcome,
    RemoveResult,
    Revision,
    VectorBatch,
)

__all__ = [
    "AddResult",
    "ArticleHeader",
    "Database",
    "EmbedderIdentity",
    "LexicalHit",
    "Outcome",
    "RemoveResult",
    "Revision",
    "VectorBatch",
]
