"""A chat session over a few small articles, with what it shows caught."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.chat import ChatSession, Screen
from agent.chat.loop import do_line
from agent.generative import Writer
from agent.settings.loading import load_settings
from tests.agent.generative.conftest import ARTICLES
from vectorstore import Given, Library, LibrarySettings
from vectorstore.embedding import Embedder

BRIDGE = """---
title: Bridge in Ghent
outlet: De Krant
date: 2024-05-02
---

The new bridge in Ghent cost 12 million euros. It opens to cyclists in May.

The mayor of Ghent, Lies Peeters, calls it a gift.
"""
COST, OPENS = "The new bridge in Ghent cost 12 million euros.", "It opens to cyclists in May."
COST_QUESTION = "what did the bridge in Ghent cost?"


@dataclass
class ChatDriver:
    """A chat session whose two streams are read after each line."""

    chat: ChatSession
    out: io.StringIO
    err: io.StringIO
    news: Path
    embedder: Embedder

    def do(self, line: str) -> tuple[str, str]:
        """One line; what came on stdout and on stderr."""
        for stream in (self.out, self.err):
            stream.seek(0)
            stream.truncate()
        do_line(self.chat, line, debug=True)
        return self.out.getvalue(), self.err.getvalue()

    def change(self, act: Callable[[Library], object]) -> None:
        """What another process does to the library."""
        settings = self.chat.settings.for_library()
        with Library.open(settings, writable=True, embedder=self.embedder) as library:
            act(library)

    def id_of(self, title: str) -> str:
        """The id of an article by its title."""
        return next(header.id for header in self.chat.library.articles.headers() if header.title == title)


@pytest.fixture(scope="package")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of five articles."""
    folder = tmp_path_factory.mktemp("repl") / "news"
    folder.mkdir()
    for name, text in (ARTICLES | {"bridge.md": BRIDGE}).items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="package")
def filled(news: Path, cache: Path, embedder: Embedder) -> Path:
    """A library of them, to be copied."""
    settings = LibrarySettings(path=news.parent / "library", cache=cache)
    with Library.open(settings, writable=True, embedder=embedder) as library:
        library.add([news], Given())
        assert len(library.articles.headers()) == len(ARTICLES) + 1
    return settings.path


@pytest.fixture
def fill(filled: Path, home: Path) -> Callable[[], None]:
    """Put a copy of it where the settings look for the library."""
    return lambda: void(shutil.copytree(filled, home / "library"))


def void(_: object) -> None:
    """Nothing."""


BeginChat = Callable[..., ChatDriver]


@pytest.fixture
def begin_chat(news: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Iterator[BeginChat]:
    """Begin chat sessions over the library of the settings, which may not be there yet."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PULLQUOTE_ANSWER__QUOTES", "1")
    begun: list[ChatSession] = []

    def begin(writer: Writer | None = None, session: str | None = None) -> ChatDriver:
        out, err = io.StringIO(), io.StringIO()
        chat = ChatSession(load_settings(), Screen(out, err), writer, session=session, embedder=embedder)
        begun.append(chat)
        return ChatDriver(chat, out, err, news, embedder)

    yield begin
    for chat in begun:
        chat.close()


@pytest.fixture
def driver(fill: Callable[[], None], begin_chat: BeginChat) -> ChatDriver:
    """A chat session over five articles, without a model."""
    fill()
    return begin_chat()
