"""A real library of a few small articles, and answers that cite them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.answer.answer import Answer, Statement, Verdict
from agent.answer.citations import cite
from vectorstore import Added, Article, Embedder, Given, Library, LibrarySettings, Span


@dataclass(frozen=True)
class Newsroom:
    """A library, and the folder its articles are written to."""

    library: Library
    folder: Path

    @property
    def database(self) -> Path:
        return self.folder.parent / "library" / "library.db"

    def publish(self, name: str, text: str) -> Article:
        """Write an article, or its next edition, and add it."""
        path = self.folder / name
        path.write_text(text, "utf-8")
        added: list[Added] = []
        self.library.add([path], Given(), on_added=added.append)
        (one,) = added
        assert one.article_id is not None, one.failure
        return self.library.articles.get(one.article_id)


@contextmanager
def open_filled(
    sources: Path, articles: Mapping[str, str], cache: Path, embedder: Embedder
) -> Iterator[Library]:
    """Write articles by name to a folder, and add them to a library beside it."""
    for name, text in articles.items():
        path = sources / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    settings = LibrarySettings(path=sources.parent / "library", cache=cache)
    with Library.open(settings, writable=True, embedder=embedder) as opened:
        opened.add([sources], Given())
        assert len(opened.articles.headers()) == len(articles)
        yield opened


def quote(article: Article, words: str) -> Statement:
    """A statement that says what the article says, and cites it."""
    start = article.text.index(words)
    return Statement(text=words, citations=(cite(article, Span(start, start + len(words))),))


def make_answer(library: Library, *statements: Statement, question: str = "what is new?") -> Answer:
    return Answer(
        question=question,
        verdict=Verdict.ANSWERED if statements else Verdict.NOT_FOUND,
        confidence=0.9,
        statements=statements,
        language="en",
        generation=library.generation,
    )
