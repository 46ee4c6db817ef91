"""Two runs of one small suite, made by the real runner: without a model, and with a scripted one."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from agent.cli import main
from tests.agent.chromium import open_chromium
from tests.agent.generative.conftest import find_label, reply
from tests.eval.suites.writing import CASES, SUITE, write_suite
from tests.peers.scripted_openai import Request, ScriptedOpenAI, Text

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MARKUP = "</p></article><script>document.title='owned'</script><img src=x onerror=alert(1)>"
"""What an article and a question try."""
HARBOUR = f"The harbour master, 大臣, ordered {MARKUP} & left the harbour on Monday."
FILLER = "\n\n".join(f"Paragraph {number} says little, and says it at some length." for number in range(70))
HOSTILE_QUESTION = f"What did the harbour master order before he left the harbour? {MARKUP} & <b>more</b>"
LAID_UP = "The ferry Aurora will not sail until 24 June."
CLOSED = "De brug over de Tarn gaat op 1 september dicht voor vrachtwagens."
NOBODY = "Captain Berit Lund said that nobody would be dismissed."
MORE: list[dict[str, Any]] = [
    {
        "id": "bridge/nl#1",
        "question": "Wanneer gaat de brug over de Tarn dicht voor vrachtwagens?",
        "language": "nl",
        "gold": [{"article": "articles/brug.nl.md", "quote": CLOSED}],
        "tags": ["bridge"],
    },
    {
        "id": "harbour",
        "question": HOSTILE_QUESTION,
        "language": "en",
        "gold": [{"article": "articles/harbour.en.txt", "quote": HARBOUR}],
        "tags": ["hostile"],
        "note": "<u>underlined</u>",
    },
    {
        "id": "dismissed",
        "question": "Who said that nobody would be dismissed?",
        "language": "en",
        "gold": [{"article": "articles/ferry.en.md", "quote": NOBODY}],
        "must_not_say": ["nobody would be dismissed"],
    },
    {
        "id": "claim",
        "claim": {"text": LAID_UP, "language": "en", "article": "articles/ferry.en.md", "holds": True},
        "language": "en",
    },
]


@dataclass(frozen=True)
class Runs:
    """Folders of runs."""

    plain: Path
    """Without a model."""
    written: Path
    """With the scripted one, which answers nothing about the bridge and refuses what it has to."""


def answer(request: Request) -> Text:
    asked = str(request.body["messages"])
    if "will the ferry Aurora not sail" in asked:
        return Text(reply((LAID_UP, [find_label(request, LAID_UP)])))
    if "nobody would be dismissed?" in asked:
        said = "Captain Berit Lund said that nobody is to be dismissed."
        return Text(reply((said, [find_label(request, NOBODY)])))
    return Text(reply(missing=["all of it"]))


@pytest.fixture(scope="session")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_suite(tmp_path_factory.mktemp("pages") / "small", cases=[*CASES, *MORE])
    (folder / "suite.yaml").write_text(SUITE.replace("Two articles", "Three <b>articles</b>"), "utf-8")
    text = f"Harbour closed <i>early</i>\n\n{HARBOUR}\n\n{FILLER}\n"
    (folder / "articles" / "harbour.en.txt").write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="session")
def runs(suite: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    out = tmp_path_factory.mktemp("runs")
    said = io.StringIO()

    def run(*words: str) -> Path:
        before = set(out.iterdir())
        with redirect_stdout(said), redirect_stderr(said):
            assert main(("eval", "run", str(suite), "--out", str(out), *words)) == 0, said.getvalue()
        (folder,) = set(out.iterdir()) - before
        return folder

    with pytest.MonkeyPatch.context() as patch, ScriptedOpenAI(answer) as server:
        patch.setenv("PULLQUOTE_HOME", str(out.parent / "home"))
        patch.setenv("PULLQUOTE_CACHE", str(cache))
        plain = run()
        patch.setenv("PULLQUOTE_MODEL__BASE_URL", server.url)
        patch.setenv("PULLQUOTE_MODEL__NAME", "scripted")
        patch.setenv("PULLQUOTE_MODEL__INPUT_PRICE", "1")
        patch.setenv("PULLQUOTE_MODEL__OUTPUT_PRICE", "2")
        return Runs(plain, run("--with-model"))


# For one module: while Playwright is open, no other test of its worker may run an event loop.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with open_chromium() as browser:
        yield browser
