from __future__ import annotations

import pytest

from agent.chat.commands import COMMANDS, find_command, is_command
from tests.agent.chat.conftest import BeginChat, ChatDriver
from vectorstore import PullquoteError


def test_every_command_has_its_line_in_help_in_order(driver: ChatDriver) -> None:
    out, err = driver.do("/help")
    listed = [line.split()[0] for line in out.splitlines() if line.startswith("/")]
    assert listed == [f"/{command.name}" for command in COMMANDS]
    assert err.splitlines()[0].startswith("Everything else is a question, in any language.")
    out, err = driver.do("/help quote")
    assert (out, err) == ("/quote N  Citation N in its paragraph, marked.\n", "")
    assert driver.do("/help /quote") == (out, err)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/souces", "There is no command /souces. Did you mean /sources? /help lists them.\n"),
        ("/frobnicate now", "There is no command /frobnicate. /help lists them.\n"),
        ("/", "There is no command /. /help lists them.\n"),
        ("/s", "There is no command /s. Did you mean /sources or /summarize or /save? /help lists them.\n"),
        ("/help nothing", "There is no command /nothing. /help lists them.\n"),
    ],
)
def test_a_command_that_is_none_is_answered_with_the_nearest(
    driver: ChatDriver, typed: str, said: str
) -> None:
    assert driver.do(typed) == ("", said)


def test_an_unambiguous_beginning_is_enough_and_case_does_not_count() -> None:
    assert [find_command(name).name for name in ("so", "QUOTE", "su", "q")[:3]] == [
        "sources", "quote", "summarize",
    ]  # fmt: skip
    with pytest.raises(PullquoteError, match="/quote or /quit"):
        find_command("q")
    assert is_command("  /help") and not is_command("what is /help?")


def test_no_library_yet_says_how_to_begin(begin_chat: BeginChat, monkeypatch: pytest.MonkeyPatch) -> None:
    driver = begin_chat()
    monkeypatch.chdir(driver.news.parent)
    folder = driver.chat.settings.library
    missing = f"There is no library in {folder} yet. Add articles: /add PATH"
    for line in ("what is new?", "/articles", "/filter language=nl", "/summarize floods", "/quote 1"):
        out, err = driver.do(line)
        assert out == ""
        assert err in (f"{missing}\n", "There is no [1]: nothing has been cited in this session yet.\n")
    (driver.news.parent / "seeds").mkdir()
    (driver.news.parent / "seeds" / "a.txt").write_text("A seed\n\nIt grows.\n", "utf-8")
    assert driver.do("what is new?")[1] == f"{missing} (a first one to try: /add seeds)\n"
    out, err = driver.do(f"/add {driver.news}")
    assert out == ""
    assert err.splitlines()[-1] == "5 added"
    assert (
        "The new bridge in Ghent cost 12 million euros." in driver.do("what did the bridge in Ghent cost?")[0]
    )


def test_an_empty_library_says_so(driver: ChatDriver) -> None:
    def empty(library: object) -> None:
        for header in library.articles.headers():  # type: ignore[attr-defined]
            library.remove(header.id)  # type: ignore[attr-defined]

    driver.change(empty)
    out, err = driver.do("what did the bridge in Ghent cost?")
    assert out == "The articles do not say this.\n"
    assert err == "The library is empty. Add articles: /add PATH\n"
    assert driver.do("/articles") == ("", "0 articles.\n")
    assert driver.do("   ") == ("", "")
