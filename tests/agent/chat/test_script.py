"""Questions from a pipe: `pullquote < questions.txt`."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.cli import main
from agent.settings.loading import load_settings
from tests.agent.chat.conftest import COST, COST_QUESTION, OPENS
from vectorstore import Filters, Library, Turn

ROOT = Path(__file__).parents[3]
Feed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Feed:
    """Run `pullquote` with these bytes on its standard input."""
    monkeypatch.setenv("PULLQUOTE_ANSWER__QUOTES", "1")

    def feed(content: bytes, *words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), "ascii"))
        code = main(words)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return feed


def quotes(out: str) -> list[str]:
    return [line for line in out.splitlines() if line.startswith("  [")]


def test_answers_come_on_stdout_and_everything_else_on_stderr(fill: Callable[[], None], feed: Feed) -> None:
    fill()
    script = f"\ufeff{COST_QUESTION}\r\n\n  \nand when does it open?\n/sources\n".encode()
    for words in ((), ("chat",), ("chat", "--no-model")):
        code, out, err = feed(script, *words)
        assert code == 0
        assert quotes(out) == [f"  [1] “{COST}”", f"  [2] “{OPENS}”", f"  [1] “{COST}”", f"  [2] “{OPENS}”"]
        assert err == f"> {COST_QUESTION}\n> and when does it open?\n> /sources\n"
        assert out.startswith("1 quote from 1 article") and "\x1b" not in out


def test_a_line_that_cannot_be_done_is_told_and_the_rest_goes_on(
    fill: Callable[[], None], feed: Feed
) -> None:
    fill()
    code, out, err = feed(f"/quote 99\n{COST_QUESTION}\n/quit\nnever asked\n".encode(), "chat")
    assert (code, quotes(out)) == (2, [f"  [1] “{COST}”"])
    assert err == (
        "> /quote 99\nThere is no [99]: nothing has been cited in this session yet.\n"
        f"> {COST_QUESTION}\n> /quit\n"
    )


def test_nothing_on_standard_input_says_what_to_give(fill: Callable[[], None], feed: Feed) -> None:
    fill()
    said = "Nothing was asked. Give questions, one a line, or: pullquote --help\n"
    assert feed(b"") == (0, "", said)
    assert feed(b"\n \n") == (0, "", said)


def test_options_that_do_not_go_together_are_refused(fill: Callable[[], None], feed: Feed) -> None:
    fill()
    code, out, err = feed(b"", "chat", "--continue", "--session", "trip")
    assert (code, out) == (2, "")
    assert "--continue takes the last session, --session names one; give one of the two." in err
    code, _, err = feed(b"", "chat", "--model", "gpt-5")
    assert (code, err.startswith("pullquote: There is no server to ask a model of.")) == (2, True)
    code, _, err = feed(f"{COST_QUESTION}\n".encode(), "chat", "--session", " ")
    assert code == 2 and "cannot be a session's name" in err


def test_a_session_is_gone_on_with(fill: Callable[[], None], feed: Feed) -> None:
    fill()
    code, _, err = feed(f"{COST_QUESTION}\n".encode(), "chat", "--continue")
    assert (code, err) == (
        0,
        f"There is no session to continue yet; this one is new.\n> {COST_QUESTION}\n",
    )
    with Library.open(load_settings().for_library()) as library:
        turn = Turn("anything?", "anything?", Filters(), None)
        library.sessions.append("slack/T1/C1/1.2", turn, keep=9, keep_days=9, keep_turns=9)
    code, out, _ = feed(b"and when does it open?\n", "chat", "-c")
    assert quotes(out) == [f"  [2] “{OPENS}”"]
    feed(f"{COST_QUESTION}\n".encode(), "chat", "--session", "trip")
    _, out, _ = feed(b"and when does it open?\n/sources\n", "chat", "--session", "trip")
    assert quotes(out) == [f"  [2] “{OPENS}”", f"  [1] “{COST}”", f"  [2] “{OPENS}”"]


def test_a_pipe_in_a_locale_without_the_characters(fill: Callable[[], None]) -> None:
    fill()
    question = "Wat verwacht het waterschap, één?"
    environ = {**os.environ, "PYTHONIOENCODING": "ascii", "PULLQUOTE_ANSWER__QUOTES": "1"}
    ran = subprocess.run(
        [sys.executable, "-m", "agent.cli", "chat", "--no-model"],
        input=question.encode(),
        capture_output=True,
        cwd=ROOT,
        env=environ,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert b'[1] "Het waterschap Limburg verwacht geen overstromingen langs de Maas."' in ran.stdout
    assert b"> Wat verwacht het waterschap, ??n?" in ran.stderr
    assert b"stand here as others: this output's encoding is ascii. PYTHONIOENCODING=utf-8" in ran.stderr


def test_help_does_not_load_the_terminal() -> None:
    code = (
        "import sys\nfrom agent.cli import main\nmain(['chat', '--help'])\n"
        "print([name for name in ('prompt_toolkit', 'numpy', 'sqlalchemy') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"
    assert "--continue" in ran.stdout


def test_after_a_chat_its_numbers_are_those_of_every_command(
    fill: Callable[[], None], feed: Feed, capsys: pytest.CaptureFixture[str]
) -> None:
    fill()
    feed(f"{COST_QUESTION}\nand when does it open?\n".encode())
    assert main(["show", "2"]) == 0
    assert f">>{OPENS}<<" in capsys.readouterr().out
    assert main(["verify", "last"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == f"  [2] valid: “{OPENS}”"
    assert main(["receipts", "--show", "last"]) == 0
    assert quotes(capsys.readouterr().out) == [f"  [2] “{OPENS}”"]
    assert main(["show", "1"]) == 2
    assert capsys.readouterr().err == (
        "pullquote: There is no citation 1: the last answer has [2], as its session numbers them.\n"
    )
