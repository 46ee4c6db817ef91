from __future__ import annotations

from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from agent.chat.commands import COMMANDS
from agent.chat.completion import ChatCompleter
from tests.agent.chat.conftest import COST, COST_QUESTION, BeginChat, ChatDriver


def complete(driver: ChatDriver, text: str) -> list[str]:
    """The whole lines that completing `text` offers."""
    found = ChatCompleter(driver.chat).get_completions(Document(text), CompleteEvent())
    return [text[: len(text) + each.start_position] + each.text for each in found]


def test_commands_and_nothing_in_a_question(driver: ChatDriver) -> None:
    assert complete(driver, "/") == [f"/{command.name}" for command in COMMANDS]
    assert complete(driver, "/s") == ["/sources", "/summarize", "/save"]
    assert complete(driver, "/help qu") == ["/help quote", "/help quit"]
    assert complete(driver, "what is /s") == complete(driver, "") == complete(driver, "/sources ") == []


def test_numbers_articles_and_filters(driver: ChatDriver) -> None:
    assert complete(driver, "/quote ") == []
    driver.do(COST_QUESTION)
    assert complete(driver, "/quote ") == ["/quote 1"]
    assert complete(driver, "/open 2") == []
    bridge = driver.id_of("Bridge in Ghent")
    assert complete(driver, "/summarize bridge in") == [f"/summarize {bridge}"]
    assert complete(driver, f"/summarize {bridge[:4]}") == [f"/summarize {bridge}"]
    assert len(complete(driver, "/summarize ")) == 5
    assert complete(driver, "/filter o") == ["/filter outlet="]
    assert complete(driver, "/filter language=nl ") == [
        f"/filter language=nl {key}"
        for key in ("from=", "until=", "outlet=", "author=", "language=", "article=", "none")
    ]
    assert complete(driver, "/filter outlet=De") == [
        '/filter outlet="De Avondbode"',
        '/filter outlet="De Krant"',
    ]
    assert complete(driver, '/filter outlet="De K') == ['/filter outlet="De Krant"']
    assert complete(driver, "/filter language=") == ["/filter language=en", "/filter language=nl"]
    assert complete(driver, "/filter from=") == []
    found = ChatCompleter(driver.chat).get_completions(Document("/quote "), CompleteEvent())
    assert [each.display_meta_text for each in found] == [COST]


def test_paths_and_models(driver: ChatDriver) -> None:
    assert complete(driver, f"/add {driver.news}/brid") == [f"/add {driver.news}/bridge.md"]
    assert complete(driver, f"/save {driver.news.parent}/new") == [f"/save {driver.news.parent}/news"]
    assert complete(driver, "/model ") == ["/model none"]


def test_without_a_library_there_is_nothing_to_complete_from(begin_chat: BeginChat) -> None:
    driver = begin_chat()
    assert complete(driver, "/summarize a") == complete(driver, "/filter outlet=") == []
