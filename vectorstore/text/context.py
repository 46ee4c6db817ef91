"""What is embedded of a passage; what is stored and cited is the slice alone."""

from __future__ import annotations

from vectorstore.model.article import Article, Passage


def contextualize(article: Article, passage: Passage) -> str:
    """The text that stands for `passage` in the index."""
    return article.text[passage.span.start : passage.span.end]
