"""Articles of a library as files of a suite, under keys that stay, and their sentences that may be gold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from agent import format_published
from eval.runs.files import write_whole
from eval.suites.cases import Gold
from eval.suites.sets.content import SetArticle
from vectorstore import (
    Article,
    Given,
    Library,
    ReadSettings,
    SourceError,
    Span,
    UnknownArticleError,
    read_path,
)

FOLDER = "articles"
MOST = 40
"""Sentences of an article that are looked at: news says first what matters."""
_FEWEST_LETTERS = 20


def key_of(article: str) -> str:
    """Return what a suite calls the article with this id, once it is exported."""
    return f"{FOLDER}/{article}.jsonl#1"


def id_of(key: str) -> str:
    """Return the id behind a key that `key_of` made."""
    return key.removeprefix(f"{FOLDER}/").removesuffix(".jsonl#1")


def make_gold(article: Article, span: Span, fact: str) -> Gold:
    quote = article.slice(span)
    # Where they begin is said only where the words are there before.
    start = None if article.text.find(quote) == span.start else span.start
    return Gold(article=key_of(article.id), quote=quote, start=start, fact=fact)


class SuiteArticles:
    """Articles in the folder of a suite."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of the `suite.yaml`, which need not be there."""
        self._folder = folder
        self._read: dict[str, Article | None] = {}

    def find(self, key: str) -> Article | None:
        """Return the article that a suite calls so; None when it is not there or cannot be read."""
        if key not in self._read:
            name, _, line = key.partition("#")
            wanted = [
                article
                for article in read_path(self._folder / name, Given(), ReadSettings())
                if isinstance(article, Article) and article.origin.partition("#line ")[2] == line
            ]
            self._read[key] = wanted[0] if wanted else None
        return self._read[key]

    def ids(self) -> list[str]:
        return [path.stem for path in sorted((self._folder / FOLDER).glob("*.jsonl"))]

    def keys(self) -> list[str]:
        """Return what a suite calls the articles that were exported here."""
        return [key_of(identifier) for identifier in self.ids()]

    def put(self, article: Article) -> str:
        """Write an article, unless it is there already.

        Returns:
            Its key.

        Raises:
            SetupError: the disk is full, or the folder cannot be written to.
            SourceError: the article is not read as it was written.
        """
        key = key_of(article.id)
        path = self._folder / FOLDER / f"{article.id}.jsonl"
        if path.is_file() and self._has(key, article.text):
            return key
        # A title that the text does not begin with is put before it in reading: it was given by hand.
        for title in (article.title, None):
            record = SetArticle(
                id=article.id,
                text=article.text,
                title=title,
                outlet=article.outlet,
                authors=article.authors,
                published=format_published(article.published),
                language=article.language,
                url=article.url,
            )
            write_whole(path, record.model_dump_json(exclude_none=True) + "\n")
            self._read.pop(key, None)
            if self._has(key, article.text):
                return key
        path.unlink()
        raise SourceError(f"The article {article.id} is not read from {path} as it was written there")

    def _has(self, key: str, text: str) -> bool:
        read = self.find(key)
        return read is not None and read.text == text


def find_article(library: Library, reference: str) -> Article | None:
    """Return an article of a library; None when it was removed."""
    try:
        return library.articles.get(reference)
    except UnknownArticleError:
        return None


@dataclass(frozen=True, slots=True)
class GoldCandidate:
    """A sentence that may be gold."""

    label: str
    text: str
    span: Span

    def to_gold(self, article: Article) -> Gold:
        return make_gold(article, self.span, "f1")


def list_candidates(library: Library, article: Article) -> list[GoldCandidate]:
    """The first sentences of an article's running text; headlines, captions and links to others are none."""
    found: list[GoldCandidate] = []
    for passage in library.passages.of_article(article.id):
        for sentence in passage.sentences:
            whole = article.slice(sentence)
            text = whole.strip()
            start = sentence.start + len(whole) - len(whole.lstrip())
            span = Span(start, start + len(text))
            if article.role_at(span) is None and sum(map(str.isalpha, text)) >= _FEWEST_LETTERS:
                found.append(GoldCandidate(f"a1.{len(found) + 1}", text, span))
            if len(found) == MOST:
                return found
    return found
