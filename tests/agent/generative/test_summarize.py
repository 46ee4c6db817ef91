from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agent.answer.answer import Agreement, Answer, Mode, Verdict
from agent.generative import AgentSettings, Length, Style, Writer
from agent.generative.summarizing import Summarizer
from agent.llm import ChatModel
from tests.agent.generative.conftest import find_label, reply, saying
from tests.peers.scripted_openai import Request, ScriptedOpenAI, Status, Text
from vectorstore import Article, Filters, Library

LEAD = (
    "Minister Anna Visser warned of flooding along the Maas.",
    "warned of flooding along the Maas on Monday",
)
LEFT = ("Residents of three villages were asked to leave.", "Residents of three villages")
DENIED = ("De Limburg water board expects no flooding along the Maas.", "verwacht geen overstromingen")


@pytest.fixture
def flood(library: Library) -> Article:
    return next(
        library.articles.get(h.id)
        for h in library.articles.headers()
        if h.title == "Minister warns of flooding"
    )


@pytest.fixture
def summarize(library: Library, connect: Callable[..., ChatModel]) -> Callable[..., Answer]:
    def summarize(
        server: ScriptedOpenAI,
        what: Article | str,
        length: Length = Length.SHORT,
        style: Style = Style.BULLETS,
        **settings: Any,
    ) -> Answer:
        writer = Writer(connect(server), AgentSettings(**settings))
        if isinstance(what, Article):
            return Summarizer(library, writer, length, style).summarize_articles([what])
        return Summarizer(library, writer, length, style).summarize_search(what, Filters())

    return summarize


Summarize = Callable[..., Answer]


def test_an_article_is_summarized_in_one_call_from_its_running_text(
    summarize: Summarize, flood: Article
) -> None:
    with ScriptedOpenAI(saying(LEAD, LEFT)) as server:
        answer = summarize(server, flood, Length.MEDIUM, Style.TIMELINE)
    system, user = (m["content"] for m in server.chats[0].body["messages"])
    assert len(server.chats) == 1
    assert "at most 6 statements" in system and "in the order in which it happened" in system
    assert "(headline)" not in user and "[a1.2]" in user
    assert (answer.mode, answer.verdict, answer.model) == (Mode.SUMMARY, Verdict.ANSWERED, "scripted")
    assert [s.text for s in answer.statements] == [LEAD[0], LEFT[0]]
    assert answer.usage.prompt_tokens == server.prompt_tokens


def test_a_long_article_is_read_in_parts_that_are_merged(
    library: Library, flood: Article, connect: Callable[..., ChatModel]
) -> None:
    """The three sentences of the article, one a part, and then their statements."""
    third = ("Visser said that 1,200 soldiers would fill sandbags.", "1,200 soldiers")

    def step(request: Request) -> Text:
        user = request.body["messages"][1]["content"]
        if "<data partial" in user:
            return Text(reply((LEAD[0], ["a1.2"]), (LEFT[0], ["a1.3", "a1.2"]), ("It was a hoax.", ["a9.9"])))
        for text, words in (LEAD, LEFT, third):
            if words in user:
                return Text(reply((text, [find_label(request, words)])))
        raise AssertionError(user)

    tight = AgentSettings().model_copy(update={"summary_tokens": 25, "max_calls": 8})
    with ScriptedOpenAI(step) as server:
        writer = Writer(connect(server), tight)
        answer = Summarizer(library, writer, Length.SHORT, Style.BULLETS).summarize_articles([flood])
    assert len(server.chats) == 4
    assert [s.text for s in answer.statements] == [LEAD[0], LEFT[0]]
    assert (answer.withheld, answer.verdict) == (1, Verdict.PARTIAL)
    assert [prompt.partition("@")[0] for prompt in answer.prompts] == ["summary", "summary_merge"]
    assert answer.usage.prompt_tokens == server.prompt_tokens


def test_what_several_articles_say_comes_first(summarize: Summarize) -> None:
    def step(request: Request) -> Text:
        lead, early = find_label(request, LEAD[1]), find_label(request, "noemde de waarschuwing")
        return Text(
            reply((LEFT[0], [find_label(request, LEFT[1])]), ("Visser warned of flooding.", [lead, early]))
        )

    with ScriptedOpenAI(step) as server:
        answer = summarize(server, "flooding along the Maas", translate="never")
    assert [(s.agreement, len({c.article for c in s.citations})) for s in answer.statements] == [
        (Agreement.AGREED, 2),
        (Agreement.SINGLE_SOURCE, 1),
    ]
    assert answer.notes == ()


def test_a_search_that_finds_nothing_asks_no_model(summarize: Summarize) -> None:
    with ScriptedOpenAI(Status(500)) as server:
        answer = summarize(server, "chess in Paris and quantum gravity")
    assert (server.chats, answer.verdict, answer.model) == ([], Verdict.NOT_FOUND, None)
    assert answer.nearest


def test_a_summary_says_when_it_could_not_read_everything(
    library: Library, flood: Article, connect: Callable[..., ChatModel]
) -> None:
    tight = AgentSettings().model_copy(update={"summary_tokens": 25, "max_calls": 2})
    with ScriptedOpenAI(saying(LEAD), Text(reply((LEAD[0], ["a1.2"])))) as server:
        answer = Summarizer(
            library, Writer(connect(server), tight), Length.SHORT, Style.BULLETS
        ).summarize_articles([flood])
    assert [s.text for s in answer.statements] == [LEAD[0]]
    assert answer.verdict is Verdict.PARTIAL
    assert any(note.startswith("Only 1 of 3 sentences could be read") for note in answer.notes)
