"""Admins add an attached article; others are told why not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.agent.slack.conftest import Running, Start
from tests.peers.slack import SlackPeer
from vectorstore import Given, Library, LibrarySettings
from vectorstore.embedding import Embedder

PAGE = """<html lang="en"><head><title>Ferry to Texel stops</title></head><body><article>
<h1>Ferry to Texel stops</h1>
<p>The ferry to Texel stopped on Friday because of a storm, its owner said.</p>
<p>Two hundred passengers spent the night in Den Helder.</p></article></body></html>"""
NOT_ADMIN = (
    "Only admins may add articles from Slack. The person who runs me can change who is one with the setting "
    "`slack.admins`."
)


@pytest.fixture
def library(tmp_path: Path, cache: Path, embedder: Embedder) -> Iterator[Library]:
    """A library of one article, open for reading, as the bot has it."""
    settings = LibrarySettings(path=tmp_path / "library", cache=cache)
    (tmp_path / "one.txt").write_text("Dike opens\n\nThe dike at Roermond was opened in June.\n", "utf-8")
    with Library.open(settings, writable=True, embedder=embedder) as opened:
        opened.add([tmp_path / "one.txt"], Given())
    with Library.open(settings, embedder=embedder) as opened:
        yield opened


def share(slack: SlackPeer, user: str, name: str, content: str, text: str = "add", **fields: Any) -> None:
    """Somebody shares a file with the bot."""
    slack.files["shared"] = content.encode()
    address = slack.url.replace("/api/", "/files/shared")
    file = {"id": "F1", "name": name, "size": len(content), "url_private_download": address, **fields}
    slack.say(user, text, "D1", subtype="file_share", files=[file])


Told = Callable[..., str]


@pytest.fixture
def told(slack: SlackPeer, start: Start) -> Told:
    """Starts the bot, shares a file and gives what is said to it."""
    running: list[Running] = []

    def share_one(*arguments: Any, **fields: Any) -> str:
        bot = running[0] if running else start(admins=["U1"])
        running[:] = [bot]
        before = len(bot.outcomes())
        share(slack, *arguments, **fields)
        slack.wait(lambda: len(bot.outcomes()) > before, 120)
        return slack.posted[-1].text

    return share_one


def test_an_admins_file_is_added_and_can_be_asked_at_once(
    slack: SlackPeer, told: Told, library: Library, tmp_path: Path
) -> None:
    said = told("U1", "../../ferry stops.html", PAGE)
    (header,) = [header for header in library.articles.headers() if header.title == "Ferry to Texel stops"]
    assert said == f"added {header.id} ferry stops.html\n1 added"
    assert header.origin == str(tmp_path / "bot" / "slack-files" / "F1-ferry_stops.html")
    asked = slack.say("U2", "Why did the ferry to Texel stop?", "D2")
    slack.wait(lambda: slack.replies("D2", asked))
    assert "because of a storm" in slack.replies("D2", asked)[0].shown


def test_what_cannot_be_added_is_said(slack: SlackPeer, told: Told, library: Library) -> None:
    assert told("U2", "ferry.html", PAGE) == NOT_ADMIN
    assert told("U1", "ferry.exe", PAGE) == (
        "“ferry.exe” is neither text nor HTML. I can add .txt, .html, .htm, .md."
    )
    assert told("U1", "elsewhere.txt", PAGE, url_private_download="http://127.0.0.1:9/files/x.txt") == (
        "The file is not stored by Slack itself, so I did not fetch it."
    )
    assert told("U1", "empty.txt", " \n").startswith("The file could not be added: ")
    assert len(library.articles.headers()) == 1


def test_a_file_that_slack_does_not_give_names_the_scope(slack: SlackPeer, told: Told) -> None:
    slack.files_are_refused = True
    assert told("U1", "ferry.html", PAGE) == (
        "Slack did not give me the file; the app may lack the scope `files:read`."
    )


def test_a_library_that_is_being_written_is_said_to_be_busy(
    told: Told, library: Library, tmp_path: Path
) -> None:
    hold = (
        "import sys; from pathlib import Path; from vectorstore.index.lock import WriterLock\n"
        "lock = WriterLock(Path(sys.argv[1])); lock.acquire(); print('held', flush=True); sys.stdin.read()"
    )
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path / "library")],
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        said = told("U1", "ferry.html", PAGE)
        holder.communicate("")
    assert said == "Another process is writing to the library. Try again when it is done."
