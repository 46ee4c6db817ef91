"""Summaries that are read in parts, and what is said of what was not read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from agent.answer.answer import Answer, Verdict
from agent.generative import AgentSettings, Length, NotWrittenError, Style, Writer
from agent.generative.summarizing import Summarizer
from agent.llm import ChatModel
from tests.agent.generative.conftest import find_label
from tests.agent.storm import ARTICLES
from tests.peers.scripted_openai import Request, ScriptedOpenAI, Status, Text
from vectorstore import Article, Filters, Given, Library, LibrarySettings
from vectorstore.embedding import Embedder

THREE = ("According to Ruth Bakker, 300 families had to leave.", "300 families")
MORE = ("According to Ruth Bakker, 450 families had to leave.", "450 families")
BOATS = ("The army brought people to a sports hall by boat.", "Four boats")
FLOODED = ("The river Weer flooded the old town.", "The river Weer flooded the old town")
ENDLESS = "The inquiry heard " + "international representatives responsible " * 34 + "and nobody else."


@pytest.fixture(scope="module")
def storm(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("storm")
    sources = folder / "news"
    sources.mkdir()
    for name, text in ARTICLES.items():
        (sources / name).write_text(text, "utf-8")
    (sources / "endless.md").write_text(
        f"---\ntitle: Inquiry\noutlet: The Clerk\n---\n\n{ENDLESS}\n", "utf-8"
    )
    settings = LibrarySettings(path=folder / "library", cache=cache)
    with Library.open(settings, writable=True, embedder=embedder) as library:
        library.add([sources], Given())
        yield library


@pytest.fixture
def find(storm: Library) -> Callable[..., list[Article]]:
    def find(*names: str) -> list[Article]:
        by_name = {Path(header.origin).stem: header.id for header in storm.articles.headers()}
        return [storm.articles.get(by_name[name]) for name in names]

    return find


@pytest.fixture
def summarize(storm: Library, connect: Callable[..., ChatModel]) -> Callable[..., Answer]:
    def summarize(
        server: ScriptedOpenAI, articles: Sequence[Article], style: Style = Style.BULLETS, **limits: Any
    ) -> Answer:
        """Limits are not validated: a part of one sentence is below what settings allow."""
        settings = AgentSettings(translate="never").model_copy(update=limits)
        writer = Writer(connect(server), settings)
        return Summarizer(storm, writer, Length.SHORT, style).summarize_articles(articles)

    return summarize


def state(*entries: tuple[str, Sequence[str], int]) -> Text:
    statements = [{"text": text, "labels": list(labels), "conflict": n} for text, labels, n in entries]
    return Text(json.dumps({"statements": statements, "missing": []}))


def user_of(request: Request) -> str:
    return str(request.body["messages"][1]["content"])


def say_what_is_there(request: Request) -> Text:
    """Of a part everything it shows, as conflict 1 what is about families; of partial statements all."""
    if "<data partial" in user_of(request):
        entries: list[tuple[str, list[str], int]] = []
        for line in user_of(request).splitlines():
            if line.startswith("# "):
                text, _, conflict = line.partition(". ")[2].partition(" | Conflict ")
                entries.append((text, [], int(conflict or 0)))
            elif line.startswith("["):
                entries[-1][1].append(line[1 : line.index("]")])
        return state(*entries)
    shown = [
        (text, [find_label(request, words)], int("families" in text))
        for text, words in (FLOODED, THREE, MORE, BOATS)
        if words in user_of(request)
    ]
    return state(*shown)


Summarize = Callable[..., Answer]
Find = Callable[..., list[Article]]


def texts(answer: Answer) -> list[tuple[str, str, int | None]]:
    return [(one.text, str(one.agreement), one.conflict) for one in answer.statements]


def test_all_is_read_at_once_where_it_fits(summarize: Summarize, find: Find) -> None:
    with ScriptedOpenAI(say_what_is_there) as server:
        answer = summarize(server, find("courier", "herald"))
    assert len(server.chats) == 1
    assert texts(answer) == [
        (FLOODED[0], "single_source", None),
        (BOATS[0], "single_source", None),
        (THREE[0], "conflicting", 1),
        (MORE[0], "conflicting", 1),
    ]
    assert (answer.verdict, answer.withheld, answer.notes) == (Verdict.ANSWERED, 0, ())
    assert [prompt.partition("@")[0] for prompt in answer.prompts] == ["summary_several"]


def test_parts_are_merged_and_conflicts_of_two_parts_are_two(summarize: Summarize, find: Find) -> None:
    """Each part calls its conflict 1; merged they are 1 and 2, and two that stand alone are none."""
    with ScriptedOpenAI(say_what_is_there) as server:
        answer = summarize(server, find("courier", "herald"), summary_tokens=50, max_calls=9)
    partial = user_of(server.chats[-1])
    assert [line for line in partial.splitlines() if line.startswith("# ")] == [
        f"# 1. {FLOODED[0]}",
        f"# 2. {THREE[0]} | Conflict 1",
        f"# 3. {MORE[0]} | Conflict 2",
        f"# 4. {BOATS[0]}",
    ]
    assert len(server.chats) > 2
    assert [entry[1:] for entry in texts(answer)] == [("single_source", None)] * 4
    assert (answer.verdict, answer.notes) == (Verdict.ANSWERED, ())
    assert [prompt.partition("@")[0] for prompt in answer.prompts] == [
        "summary_several",
        "summary_merge_several",
    ]


def test_where_the_budget_does_not_reach_every_article_is_read_from_its_beginning(
    summarize: Summarize, find: Find
) -> None:
    with ScriptedOpenAI(say_what_is_there) as server:
        answer = summarize(
            server, find("courier", "herald", "avondbode"), summary_tokens=120, max_calls=2, max_labels=4
        )
    assert len(server.chats) == 1
    assert all(words in user_of(server.chats[0]) for words in ("[a1.2]", "[a2.2]", "[a3.2]"))
    assert answer.verdict is Verdict.PARTIAL
    assert answer.notes == (
        "Only 4 of 8 sentences could be read: 2 of 3 of “Storm floods Weert” (The Courier, 2024-12-03), 1 of "
        "3 of “Weert under water” (The Herald, 2024-12-04), 1 of 2 of “Wateroverlast in Weert” (De Avondbode,"
        " 2024-12-04). `agent.max_tokens`, `agent.max_calls` and `agent.summary_tokens` set how much can.",
    )


def test_what_the_model_has_no_room_for_is_said(summarize: Summarize, find: Find) -> None:
    """A server whose context is shorter than the part: it is packed again, and what stays out is named."""
    refusal = Status(
        400,
        "This model's maximum context length is 300 tokens. However, your messages resulted in 600 tokens.",
        code="context_length_exceeded",
    )
    with ScriptedOpenAI(refusal, say_what_is_there) as server:
        answer = summarize(server, find("courier", "herald"))
    assert len(server.chats) == 2
    assert answer.verdict is Verdict.PARTIAL
    assert answer.notes == (
        "Only 2 of 6 sentences could be read: 2 of 3 of “Storm floods Weert” (The Courier, 2024-12-03), "
        "nothing of “Weert under water” (The Herald, 2024-12-04). `agent.max_tokens`, `agent.max_calls` and "
        "`agent.summary_tokens` set how much can.",
    )


def test_parts_that_cannot_be_merged_are_shown_as_they_are(summarize: Summarize, find: Find) -> None:
    def step(request: Request) -> Text | Status:
        return Status(400, "no") if "<data partial" in user_of(request) else say_what_is_there(request)

    with ScriptedOpenAI(step) as server:
        answer = summarize(server, find("courier", "herald"), summary_tokens=50, max_calls=9)
    assert [entry[0] for entry in texts(answer)] == [FLOODED[0], THREE[0], MORE[0]]
    assert answer.notes[0].startswith(
        "What was read in parts could not be merged, so these are statements of the parts: "
    )


def test_a_part_that_fails_counts_as_unread(summarize: Summarize, find: Find) -> None:
    steps = iter([say_what_is_there, Status(401, "key", code="invalid_api_key")])

    def step(request: Request) -> Text | Status:
        found = next(steps, say_what_is_there)
        return found(request) if callable(found) else found

    with ScriptedOpenAI(step) as server:
        answer = summarize(server, find("courier", "herald"), summary_tokens=50, max_calls=9)
    assert answer.verdict is Verdict.PARTIAL
    assert [note for note in answer.notes if note.startswith("Only ")]
    assert any("key" in note for note in answer.notes)


def test_a_first_part_that_fails_is_the_models_failure(summarize: Summarize, find: Find) -> None:
    with (
        ScriptedOpenAI(Status(401, "key", code="invalid_api_key")) as server,
        pytest.raises(NotWrittenError, match="key"),
    ):
        summarize(server, find("courier", "herald"), summary_tokens=50, max_calls=9)


def test_statements_of_parts_that_fail_their_checks_are_counted(summarize: Summarize, find: Find) -> None:
    def step(request: Request) -> Text:
        if "<data partial" in user_of(request):
            return say_what_is_there(request)
        label = user_of(request).partition("[")[2].partition("]")[0]
        return state(("It killed 99 people.", [label], 0), ("Water stood in the town.", [label], 0))

    with ScriptedOpenAI(step) as server:
        answer = summarize(server, find("courier"), summary_tokens=50, max_calls=9)
    parts = sum("<data partial" not in user_of(request) for request in server.chats)
    assert (answer.withheld, answer.verdict) == (parts, Verdict.PARTIAL)


def test_a_sentence_longer_than_is_shown_is_said(summarize: Summarize, find: Find) -> None:
    with ScriptedOpenAI(state(("An inquiry heard representatives.", ["a1.2"], 0))) as server:
        answer = summarize(server, find("endless"))
    (shown,) = (line for line in user_of(server.chats[0]).splitlines() if line.startswith("[a1.2]"))
    assert (len(ENDLESS), shown) == (1462, f"[a1.2] {ENDLESS[:1200].strip()}")
    assert answer.notes == (
        "Of 1 sentence only the first 1,200 characters were read; `pullquote show` has them whole.",
    )


def test_captions_and_related_coverage_are_not_shown_to_the_model(summarize: Summarize, find: Find) -> None:
    with ScriptedOpenAI(state()) as server:
        summarize(server, find("gallery", "herald"))
    user = user_of(server.chats[0])
    assert "Volunteers from Roermond swept mud" in user
    assert "Photo: Anna Smit" not in user and "River Weer floods the old town" not in user


def test_a_summary_of_a_search_reads_copies_once_and_what_two_sources_say_twice(
    storm: Library, connect: Callable[..., ChatModel]
) -> None:
    with ScriptedOpenAI(say_what_is_there) as server:
        writer = Writer(connect(server), AgentSettings(translate="never"))
        answer = Summarizer(storm, writer, Length.LONG, Style.BULLETS).summarize_search(
            "flood in Weert", Filters()
        )
    user = user_of(server.chats[0])
    assert ("The Courier" in user, "Morning Post" in user, "The Herald" in user) == (True, False, True)
    assert [entry[1:] for entry in texts(answer)][-2:] == [("conflicting", 1), ("conflicting", 1)]
    assert any("print one text and count as one source." in note for note in answer.notes)


def test_the_language_is_that_of_the_first_article_unless_asked_otherwise(
    storm: Library, connect: Callable[..., ChatModel], find: Find
) -> None:
    with ScriptedOpenAI(state()) as server:
        for language in (None, "fr"):
            writer = Writer(connect(server), AgentSettings(), language)
            Summarizer(storm, writer, Length.SHORT, Style.BULLETS).summarize_articles(
                find("avondbode", "courier")
            )
    systems = [request.body["messages"][0]["content"] for request in server.chats]
    assert ["Write in Dutch." in systems[0], "Write in French." in systems[1]] == [True, True]


def test_a_version_that_is_put_right_stays_in_its_conflict(summarize: Summarize, find: Find) -> None:
    def step(request: Request) -> Text:
        three, more = (find_label(request, words) for words in ("300 families", "450 families"))
        if "<data failed" in user_of(request):
            return state((MORE[0], [more], 0))
        return state((THREE[0], [three], 1), ("Ruth Bakker said 4,500 families had to leave.", [more], 1))

    with ScriptedOpenAI(step) as server:
        answer = summarize(server, find("courier", "herald"))
    assert texts(answer) == [(THREE[0], "conflicting", 1), (MORE[0], "conflicting", 1)]
    assert (len(server.chats), answer.withheld, answer.verdict) == (2, 0, Verdict.ANSWERED)


def test_a_claimed_conflict_that_does_not_show_is_none(summarize: Summarize, find: Find) -> None:
    def step(request: Request) -> Text:
        flooded, boats = (find_label(request, words) for words in (FLOODED[1], BOATS[1]))
        return state((FLOODED[0], [flooded], 2), (BOATS[0], [boats], 2))

    with ScriptedOpenAI(step) as server:
        answer = summarize(server, find("courier", "herald"))
    assert [entry[1:] for entry in texts(answer)] == [("single_source", None)] * 2
