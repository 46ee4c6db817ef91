from __future__ import annotations

from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from agent.chat.commands import COMMANDS
from agent.chat.completion import ChatCompleter
from tests.agent.chat.conftest import COST, COST_QUESTION, Desk, Sit


def complete(desk: Desk, text: str) -> list[str]:
    """The whole lines that completing `text` offers."""
    found = ChatCompleter(desk.sitting).get_completions(Document(text), CompleteEvent())
    return [text[: len(text) + each.start_position] + each.text for each in found]


def test_commands_and_nothing_in_a_question(desk: Desk) -> None:
    assert complete(desk, "/") == [f"/{command.name}" for command in COMMANDS]
    assert complete(desk, "/s") == ["/sources", "/summarize", "/save"]
    assert complete(desk, "/help qu") == ["/help quote", "/help quit"]
    assert complete(desk, "what is /s") == complete(desk, "") == complete(desk, "/sources ") == []


def test_numbers_articles_and_filters(desk: Desk) -> None:
    assert complete(desk, "/quote ") == []
    desk.do(COST_QUESTION)
    assert complete(desk, "/quote ") == ["/quote 1"]
    assert complete(desk, "/open 2") == []
    bridge = desk.id_of("Bridge in Ghent")
    assert complete(desk, "/summarize bridge in") == [f"/summarize {bridge}"]
    assert complete(desk, f"/summarize {bridge[:4]}") == [f"/summarize {bridge}"]
    assert len(complete(desk, "/summarize ")) == 5
    assert complete(desk, "/filter o") == ["/filter outlet="]
    assert complete(desk, "/filter language=nl ") == [
        f"/filter language=nl {key}"
        for key in ("from=", "until=", "outlet=", "author=", "language=", "article=", "none")
    ]
    assert complete(desk, "/filter outlet=De") == [
        '/filter outlet="De Avondbode"',
        '/filter outlet="De Krant"',
    ]
    assert complete(desk, '/filter outlet="De K') == ['/filter outlet="De Krant"']
    assert complete(desk, "/filter language=") == ["/filter language=en", "/filter language=nl"]
    assert complete(desk, "/filter from=") == []
    found = ChatCompleter(desk.sitting).get_completions(Document("/quote "), CompleteEvent())
    assert [each.display_meta_text for each in found] == [COST]


def test_paths_and_models(desk: Desk) -> None:
    assert complete(desk, f"/add {desk.news}/brid") == [f"/add {desk.news}/bridge.md"]
    assert complete(desk, f"/save {desk.news.parent}/new") == [f"/save {desk.news.parent}/news"]
    assert complete(desk, "/model ") == ["/model none"]


def test_without_a_library_there_is_nothing_to_complete_from(sit_down: Sit) -> None:
    desk = sit_down()
    assert complete(desk, "/summarize a") == complete(desk, "/filter outlet=") == []
