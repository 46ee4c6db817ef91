"""A library of a few articles, a Slack of our own, and the bot between them, as it runs."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from agent.settings.loading import Settings
from agent.slack.bot import Bot
from agent.slack.log import EventLog
from agent.slack.run import Reports, serving
from agent.slack.setup import Credentials
from tests.agent.newsroom import open_filled
from tests.peers.slack import APP_TOKEN, BOT_TOKEN, SlackPeer
from vectorstore import Library
from vectorstore.embedding import Embedder

ARTICLES = {
    "courier/flood.md": """---
title: Minister warns of flooding
outlet: The Courier
date: 2024-12-03
url: https://courier.example/flood
---

The minister of infrastructure, Anna Visser, warned of flooding along the Maas on Monday.

Residents of three villages were asked to leave their homes.

Visser said that 1,200 soldiers would fill sandbags.
""",
    "avondbode/hoogwater.md": """---
title: Waterschap tegenspreekt minister
outlet: De Avondbode
date: 2024-12-04
language: nl
---

Het waterschap Limburg verwacht geen overstromingen langs de Maas.

Dijkgraaf Piet Smeets noemde de waarschuwing van minister Visser voorbarig.
""",
    "hostile/tulips.md": """---
title: <!channel> *Tulips* & [win](https://evil.example/x) <https://evil.example|here> @everyone
outlet: "<@U1> Gazette"
date: 2024-05-01
---

Tulip growers in Lisse sold 40 million bulbs this spring, see https://evil.example/y & <!here>.
""",
}
FLOOD = "Who warned of flooding along the Maas?"


@pytest.fixture(scope="package")
def library(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Iterator[Library]:
    """Three articles, one of them hostile."""
    with open_filled(tmp_path_factory.mktemp("slack") / "articles", ARTICLES, cache, embedder) as opened:
        opened.search("news", limit=1)
        yield opened


@pytest.fixture
def articles(library: Library) -> Path:
    """The folder the articles were read from."""
    origin = next(
        header.origin for header in library.articles.headers() if header.origin.endswith("flood.md")
    )
    return Path(origin).parents[1]


@pytest.fixture
def slack() -> Iterator[SlackPeer]:
    """A Slack that holds everything to its rules."""
    with SlackPeer() as peer:
        yield peer


class Running:
    """The bot at work in a thread."""

    def __init__(self, settings: Settings, library: Library, path: Path) -> None:
        self.lines: list[dict[str, Any]] = []
        self.raw: list[str] = []
        self.notices: list[str] = []
        self.error: BaseException | None = None
        self.bot: Bot | None = None
        self._settings, self._library, self._path = settings, library, path
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="bot")

    def start(self) -> Running:
        self._thread.start()
        assert self._ready.wait(150)
        if self.error is not None:
            raise self.error
        return self

    def stop(self) -> None:
        if self._loop is not None and self._end is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(60)
        assert not self._thread.is_alive()

    def outcomes(self) -> list[str]:
        """What became of each event, in the order in which it was settled."""
        return [line["outcome"] for line in self.lines if "outcome" in line]

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self.error = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        loop, end = self._loop, self._end
        log = EventLog(with_text=self._settings.slack.log_text, write=self._note)
        credentials = Credentials(SecretStr(BOT_TOKEN), SecretStr(APP_TOKEN), SecretStr("signing-secret"))

        def gone(error: BaseException) -> None:
            self.error = error
            loop.call_soon(end.set)

        reports = Reports(log, self.notices.append, gone)
        async with serving(self._settings, credentials, self._library, self._path, reports) as bot:
            self.bot = bot
            self._ready.set()
            await end.wait()

    def _note(self, line: str) -> None:
        self.raw.append(line)
        self.lines.append(json.loads(line))


Start = Callable[..., Running]


@pytest.fixture
def start(slack: SlackPeer, library: Library, tmp_path: Path) -> Iterator[Start]:
    """Starts the bot with these settings; what it remembers lies in one folder for the whole test."""
    with ExitStack() as stack:

        def begin(peer: SlackPeer = slack, **settings: Any) -> Running:
            others = {name: settings.pop(name) for name in ("model", "answer") if name in settings}
            fields = {"api_url": peer.url, "shutdown_seconds": 5} | settings
            running = Running(
                Settings(library=library_path(library), slack=fields, **others), library, tmp_path / "bot"
            )
            (tmp_path / "bot").mkdir(exist_ok=True)
            stack.callback(running.stop)
            return running.start()

        yield begin


def library_path(library: Library) -> Path:
    """Where a library lies."""
    return Path(library.receipts._file.path).parent
