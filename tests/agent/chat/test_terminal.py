"""Whole chat sessions in a real pseudo-terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.answer.receipts import list_session
from agent.settings.loading import load_settings
from tests.agent.chat.conftest import COST, COST_QUESTION, OPENS
from tests.agent.chat.terminal import CTRL_C, CTRL_D, Terminal
from tests.agent.generative.conftest import QUESTION, find_label, reply
from tests.peers.scripted_openai import Request, ScriptedOpenAI, Stall, Text
from vectorstore import Library

WARNED = ("Minister Anna Visser warned of flooding.", "warned of flooding along the Maas on Monday")
LEFT = ("Residents of three villages were asked to leave.", "Residents of three villages")
ASK = "Ask, in any language. /help lists the commands; Ctrl-D leaves."


@pytest.fixture(autouse=True)
def one_quote(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers of one quote, and no browser."""
    monkeypatch.setenv("PULLQUOTE_ANSWER__QUOTES", "1")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[ScriptedOpenAI], None]:
    """Configure a server."""

    def use(server: ScriptedOpenAI) -> None:
        monkeypatch.setenv("PULLQUOTE_MODEL__BASE_URL", server.url)
        monkeypatch.setenv("PULLQUOTE_MODEL__NAME", "scripted")

    return use


def test_a_chat_without_a_model(fill: Callable[[], None], home: Path, tmp_path: Path) -> None:
    fill()
    with Terminal(columns=200, NO_COLOR="1") as terminal:
        terminal.wait_for_prompt()
        terminal.enter(COST_QUESTION)
        terminal.enter("and when does it open?")
        terminal.enter("/sources")
        terminal.enter("/quote 2")
        terminal.enter("/souces")
        terminal.enter(f"/save {tmp_path}/out.md")
        terminal.press(CTRL_D)
        assert terminal.wait_for_end() == 0
        shown = terminal.lines
        assert b"\x1b[1m" not in terminal.raw
    known = next(line for line in shown if line.startswith("De Krant · 2024-05-02 · en · "))
    source = ["Bridge in Ghent", known]
    place = next(line for line in shown if line.startswith("["))
    assert shown == [
        "Pullquote 0.1.0 · 5 articles · quotes, no model (/model says how to have one)",
        ASK,
        f"> {COST_QUESTION}",
        "1 quote from 1 article, word for word as it stands there.",
        "",
        *source,
        f"  [1] “{COST}”",
        "",
        "/quote 1 shows a quote in its place, /open 1 its article; /help lists more.",
        "> and when does it open?",
        "1 quote from 1 article, word for word as it stands there.",
        "",
        *source,
        f"  [2] “{OPENS}”",
        "",
        "Read after the question before as “and when does it open? (Ghent)”.",
        "> /sources",
        *source,
        f"  [1] “{COST}”",
        f"  [2] “{OPENS}”",
        "> /quote 2",
        *source,
        "",
        "Bridge in Ghent",
        "",
        f"{COST} >>{OPENS}<<",
        "",
        "The mayor of Ghent, Lies Peeters, calls it a gift.",
        "",
        place,
        "> /souces",
        "There is no command /souces. Did you mean /sources? /help lists them.",
        f"> /save {tmp_path}/out.md",
        f"Saved 2 answers to {tmp_path}/out.md",
        ">",
        "To continue this session: pullquote chat --continue",
    ]  # fmt: skip
    assert (tmp_path / "out.md").read_text("utf-8").count("\n## ") == 2

    with Terminal("chat", "--continue", columns=200) as terminal:
        terminal.wait_for_prompt()
        assert ": 2 answers, the last to “and when does it open?”" in terminal.text
        terminal.send("\x1b[A")
        terminal.wait(f"> /save {tmp_path}/out.md")
        terminal.press(CTRL_C)
        terminal.enter("/quote 2")
        assert terminal.style_of(OPENS).reverse and not terminal.style_of(COST).reverse
        terminal.send("/quit\r")
        assert terminal.wait_for_end() == 0


def stall(request: Request) -> Stall:
    """One whole statement, the beginning of another, then nothing."""
    labels = [find_label(request, words) for _, words in (WARNED, LEFT)]
    whole = reply((WARNED[0], [labels[0]]), (LEFT[0], [labels[1]]))
    return Stall(whole[: whole.index("three villages")])


def serve(request: Request) -> Stall | Text:
    """Stalls over the first question, rewrites follow-ups, answers the rest."""
    system = request.body["messages"][0]["content"]
    if "You rewrite the last question" in system:
        return Text(json.dumps({"question": "Were residents along the Maas asked to leave their homes?"}))
    if QUESTION in request.body["messages"][1]["content"]:
        return stall(request)
    return Text(reply((LEFT[0], [find_label(request, LEFT[1])])))


def test_ctrl_c_in_the_middle_of_a_stream_stops_the_answer_and_not_the_chat(
    fill: Callable[[], None], use: Callable[[ScriptedOpenAI], None]
) -> None:
    fill()
    with ScriptedOpenAI(serve) as server:
        use(server)
        with Terminal("chat", columns=160) as terminal:
            terminal.wait_for_prompt()
            terminal.type(QUESTION)
            terminal.press("\r")
            terminal.wait(f"{WARNED[0]} [1]")
            terminal.send(CTRL_C)
            terminal.wait_for_prompt()
            first = terminal.flowing
            terminal.enter("and were people moved?")
            terminal.enter("/why")
            terminal.enter("/sources")
            terminal.press(CTRL_C)
            terminal.wait("Ctrl-C again leaves, and so does Ctrl-D.")
            terminal.wait_for_prompt()
            terminal.press(CTRL_C)
            assert terminal.wait_for_end() == 0
            text, flowing = terminal.text, terminal.flowing
            dim = terminal.style_of("Read after the question")
    assert text.count(WARNED[0]) == 1
    assert (
        "“The minister of infrastructure, Anna Visser, warned of flooding along the Maas on Monday.”" in first
    )
    assert "Stopped before it was finished; what is shown passed its checks." in first
    assert first.rstrip(" >").endswith("Stopped. What is shown stays.")
    assert f"{LEFT[0]} [2]" in flowing
    assert (
        "Read after the question before as “Were residents along the Maas asked to leave their homes?”."
        in flowing
    )
    assert dim.fg != "default" or not dim.bold
    assert "proves Residents of three villages were asked to leave." in flowing
    assert "checks numbers: passed" in flowing or "checks pointer: passed" in flowing
    assert "Traceback" not in text
    with Library.open(load_settings().for_library()) as library:
        (session,) = library.sessions.headers()
        (turn, _), receipts = library.sessions.turns(session.id), list_session(library, session.id)
    stopped = receipts[0]
    assert (turn.receipt, stopped.question, stopped.numbers) == (stopped.id, QUESTION, (1,))
    assert stopped.answer.verdict == "partial"
    assert stopped.answer.notes[0] == "Stopped before it was finished; what is shown passed its checks."
    assert (stopped.model, stopped.answer.usage.model_calls) == ("scripted", 1)
    assert stopped.answer.usage.prompt_tokens > 100 and stopped.answer.usage.tokens_are_estimated


def test_ctrl_c_before_anything_is_shown_leaves_nothing_behind(
    fill: Callable[[], None], use: Callable[[ScriptedOpenAI], None]
) -> None:
    fill()
    with ScriptedOpenAI(Stall()) as server:
        use(server)
        with Terminal("chat", columns=160) as terminal:
            terminal.wait_for_prompt()
            terminal.type(QUESTION)
            terminal.press("\r")
            terminal.wait("search: Who warned")
            terminal.send(CTRL_C)
            terminal.wait("Stopped.")
            terminal.wait_for_prompt()
            terminal.enter("/sources")
            terminal.enter("/model none")
            terminal.enter(QUESTION)
            assert "Nothing has been cited in this session yet." in terminal.text
            assert "1 quote from 1 article" in terminal.text
            assert "Read after" not in terminal.text


def test_forty_columns_and_a_window_that_is_made_narrower(fill: Callable[[], None]) -> None:
    fill()
    with Terminal("chat", "--no-model", columns=120, NO_COLOR="1") as terminal:
        terminal.wait_for_prompt()
        terminal.resize(40)
        terminal.enter(COST_QUESTION)
        terminal.enter("/help")
        lines = terminal.lines
    assert max(map(len, lines)) <= 40
    at = lines.index("  [1] “The new bridge in Ghent cost 12")
    assert lines[at + 1] == "million euros.”"
    at = lines.index("/quote N")
    assert lines[at + 1] == "  Citation N in its paragraph, marked."


def test_wide_characters_are_set_whole(fill: Callable[[], None], tmp_path: Path) -> None:
    fill()
    japanese = "防衛大臣は火曜日、東京でインド太平洋の安全保障について警告した。"
    (tmp_path / "大臣.txt").write_text(
        f"防衛大臣が警告\n\n{japanese}同盟国との協力が必要だと述べた。\n", "utf-8"
    )
    with Terminal("chat", "--no-model", columns=42, NO_COLOR="1") as terminal:
        terminal.wait_for_prompt()
        terminal.enter(f"/add {tmp_path}/大臣.txt")
        terminal.enter("誰が安全保障について警告しましたか？")
        lines = terminal.lines
    joined = "".join(re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", line.strip()) for line in lines)
    assert "> 誰が安全保障について警告しましたか？1 quote from 1 article" in joined
    assert f"[1]“{japanese}”" in joined


def test_a_paste_of_several_lines_is_one_question(fill: Callable[[], None]) -> None:
    fill()
    with Terminal("chat", "--no-model", columns=160) as terminal:
        terminal.wait_for_prompt()
        terminal.paste("what did\nthe bridge in Ghent\r\ncost?")
        terminal.wait("cost?")
        terminal.press("\r")
        terminal.wait_for_prompt()
        assert terminal.text.count("from 1 article") == 1
        assert f"[1] “{COST}”" in terminal.text
        terminal.paste("word " * 8_000)
        terminal.press("\r")
        terminal.wait("it has 39,999.")
        terminal.wait_for_prompt()


@pytest.mark.parametrize(
    "environ",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "C"},
    ],
    ids=lambda environ: "-".join(environ),
)
def test_a_locale_that_lacks_characters(fill: Callable[[], None], environ: dict[str, str]) -> None:
    fill()
    with Terminal("chat", "--no-model", columns=160, is_python_started=True, **environ) as terminal:
        terminal.wait_for_prompt()
        terminal.enter("é, wat verwacht het waterschap?")
        terminal.send("/quit\r")
        assert terminal.wait_for_end() == 0
        text = terminal.text
    assert "Het waterschap Limburg verwacht geen overstromingen langs de Maas." in text
    assert "Traceback" not in text and "Unexpected" not in text
    if environ == {"LC_ALL": "C"}:
        assert "stand here as others" not in text  # Python takes UTF-8 for the C locale.
    else:
        assert '"Het waterschap Limburg' in text
        assert "characters stand here as others: this output's encoding is " in text
        assert "PYTHONIOENCODING=utf-8 or a UTF-8 locale shows them as they are." in text


def test_a_history_that_is_damaged_does_not_keep_anybody_out(fill: Callable[[], None], home: Path) -> None:
    fill()
    (home / "chat_history").write_bytes(b"\x00\xff garbage\n+\xff\xfe\n")
    with Terminal("chat", "--no-model", columns=160) as terminal:
        terminal.wait_for_prompt()
        terminal.enter("/articles ghent")
        assert "Bridge in Ghent" in terminal.text


def test_a_library_that_is_not_there_yet(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Tram strike\n\nTrams in Antwerp stood still on Friday.\n", "utf-8")
    with Terminal(columns=200, is_python_started=True) as terminal:
        terminal.wait_for_prompt()
        assert "There is no library in " in terminal.text and "/add PATH" in terminal.text
        terminal.enter(f"/add {tmp_path}/a.txt")
        terminal.enter("when did trams in Antwerp stand still?")
        assert "[1] “Trams in Antwerp stood still on Friday.”" in terminal.text


def test_ctrl_c_in_the_middle_of_an_add_keeps_what_is_listed(
    fill: Callable[[], None], tmp_path: Path
) -> None:
    fill()
    (tmp_path / "in").mkdir()
    for number in range(900):
        text = f"Report {number}\n\nThe mayor opened the site on day {number}, officials said.\n"
        (tmp_path / "in" / f"{number}.txt").write_text(text, "utf-8")
    with Terminal("chat", "--no-model", columns=200) as terminal:
        terminal.wait_for_prompt()
        terminal.type(f"/add {tmp_path}/in")
        terminal.press("\r")
        terminal.wait("added ")
        terminal.send(CTRL_C)
        terminal.wait("What is listed above is in the library; the same /add continues from there. Stopped.")
        terminal.wait_for_prompt()
        terminal.enter("/articles report")
        count = re.search(r"(\d+) more; /articles WORDS", terminal.flowing)
        assert count is not None and 0 < int(count.group(1)) + 50 < 900
        terminal.enter(COST_QUESTION)
        assert f"“{COST}”" in terminal.text
