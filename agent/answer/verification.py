"""Whether the citations of a receipt are still valid, each re-read from the library."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from agent.answer.answer import Citation, Model
from agent.answer.citations import check_pointer
from agent.answer.receipts import Receipt
from vectorstore import Article, Library, PullquoteError, UnknownArticleError


class CitationStatus(StrEnum):
    """What became of a citation."""

    VALID = "stands"
    """The article still says it, in no newer edition."""
    SUPERSEDED = "superseded"
    """The article has a newer edition. The one that was cited is still stored, and still says it."""
    REMOVED = "removed"
    """The article is no longer in the library."""
    CHANGED = "changed"
    """What is stored is not what was cited."""


class Successor(Model):
    """The edition that took the place of the one cited."""

    article: str
    title: str | None = None
    quote_at: tuple[int, ...] = ()
    """Where the quote starts in its text, word for word, in code points; empty when it is not there."""


class VerifiedCitation(Model):
    """A citation and what became of it."""

    number: int
    """Under which it was shown."""
    article: str
    start: int
    end: int
    quote: str
    title: str | None = None
    outcome: CitationStatus
    detail: str = ""
    """What is wrong, when something has changed."""
    successor: Successor | None = None
    """Only of a superseded one."""


class Verification(Model):
    """A receipt held against the library."""

    receipt: str
    question: str
    generation: int
    """The library's state that was searched."""
    generation_now: int
    citations: tuple[VerifiedCitation, ...]

    @property
    def all_valid(self) -> bool:
        """Whether nothing that is cited has changed; so too when nothing is cited."""
        return all(cited.outcome is CitationStatus.VALID for cited in self.citations)


def verify(library: Library, receipt: Receipt) -> Verification:
    """Hold every citation of `receipt`, nearest passages included, against the library it must be of."""
    if receipt.library != library.uuid:
        raise PullquoteError(
            f"Receipt {receipt.id} is of another library ({receipt.library[:8]}…, this one is "
            f"{library.uuid[:8]}…). Name its own: pullquote --library FOLDER verify {receipt.id}"
        )
    citations: list[VerifiedCitation] = []
    for number, cited in receipt.numbered:
        outcome, detail, successor = _judge(library, cited)
        fields = cited.model_dump(include={"article", "start", "end", "quote", "title"})
        fields |= {"number": number, "outcome": outcome, "detail": detail, "successor": successor}
        citations.append(VerifiedCitation(**fields))
    return Verification(
        receipt=receipt.id,
        question=receipt.question,
        generation=receipt.generation,
        generation_now=library.generation,
        citations=tuple(citations),
    )


def _judge(library: Library, citation: Citation) -> tuple[CitationStatus, str, Successor | None]:
    article = _load(library, citation.article)
    if article is None:
        return CitationStatus.REMOVED, "", None
    check = check_pointer(citation, article)
    if not check.passed:
        return CitationStatus.CHANGED, check.detail, None
    successor = library.articles.find_successor(article.id)
    if successor is None:
        return CitationStatus.VALID, "", None
    edition = _load(library, successor)
    if edition is None:
        # Removed between the two looks, and with it the edition that was cited.
        return CitationStatus.REMOVED, "", None
    places = tuple(_find_all(edition.text, citation.quote))
    return CitationStatus.SUPERSEDED, "", Successor(article=edition.id, title=edition.title, quote_at=places)


def _load(library: Library, article_id: str) -> Article | None:
    try:
        article = library.articles.get(article_id)
    except UnknownArticleError:
        return None
    return article if article.id == article_id else None


def _find_all(text: str, quote: str) -> Iterator[int]:
    at = text.find(quote)
    while at >= 0:
        yield at
        at = text.find(quote, at + 1)
