from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent.answer import articles
from tests.agent.cli.conftest import Ran
from tests.agent.generative.conftest import find_label
from tests.agent.storm import ARTICLES
from tests.peers.scripted_openai import Request, ScriptedOpenAI, Text
from vectorstore import Given, Library, LibrarySettings
from vectorstore.embedding import Embedder

Run = Callable[..., Ran]


@dataclass(frozen=True)
class News:
    """A library of the storm's articles, and what their ids are."""

    library: Path
    folder: Path
    ids: dict[str, str]


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> News:
    folder = tmp_path_factory.mktemp("storm") / "news"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, "utf-8")
    path = folder.parent / "library"
    with Library.open(LibrarySettings(path=path, cache=cache), writable=True, embedder=embedder) as library:
        library.add([folder], Given())
        headers = library.articles.headers()
    assert len(headers) == len(ARTICLES)
    return News(path, folder, {Path(header.origin).stem: header.id for header in headers})


@pytest.fixture
def summarize(pullquote: Run, news: News) -> Run:
    """Articles by the names of their files; the folder they lie in reads NEWS."""

    def summarize(*words: str) -> Ran:
        named = [news.ids.get(word, word) for word in words]
        ran = pullquote("--library", str(news.library), "summarize", *named)
        out = ran.out.replace(str(news.folder), "NEWS")
        for name, article_id in news.ids.items():
            out = out.replace(article_id, f"<{name}>")
        return Ran(ran.code, out, ran.err)

    return summarize


def test_several_articles_tell_what_is_agreed_what_one_says_and_what_is_contradicted(summarize: Run) -> None:
    ran = summarize("courier", "herald", "avondbode", "reprint")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        """\
5 sentences from 3 articles, word for word as they stand there.

Several sources say
The Herald, 2024-12-04: “The old town of Weert was flooded by the river Weer on Monday.” [1] [2]

From one source
The Courier, 2024-12-03: “Schools in the old town may stay closed until Friday, the council said.” [3]
De Avondbode, 2024-12-04: “De dijk bij Roermond werd in 1998 voor het laatst verhoogd.” [4]

Sources contradict each other
The Courier, 2024-12-03: “The mayor, Ruth Bakker, said that 300 families had to leave their homes.” [5]
  or: The Herald, 2024-12-04: “The mayor, Ruth Bakker, said that 450 families had to leave their homes.” [6]

Weert under water
The Herald · 2024-12-04 · en · <herald> · NEWS/herald.md
  [1] “The old town of Weert was flooded by the river Weer on Monday.”

Storm floods Weert
The Courier · 2024-12-03 · en · <courier> · NEWS/courier.md
  [2] “The river Weer flooded the old town of Weert on Monday.”
  [3] “Schools in the old town may stay closed until Friday, the council said.”

Wateroverlast in Weert
De Avondbode · 2024-12-04 · nl · <avondbode> · NEWS/avondbode.md
  [4] “De dijk bij Roermond werd in 1998 voor het laatst verhoogd.”

Storm floods Weert
The Courier · 2024-12-03 · en · <courier> · NEWS/courier.md
  [5] “The mayor, Ruth Bakker, said that 300 families had to leave their homes.”

Weert under water
The Herald · 2024-12-04 · en · <herald> · NEWS/herald.md
  [6] “The mayor, Ruth Bakker, said that 450 families had to leave their homes.”

The Courier and Morning Post print one text and count as one source.
pullquote show 1  shows a quote in its place in the article.
"""
    )


def test_a_timeline_goes_by_when_things_happened_and_says_where_it_is_only_published(summarize: Run) -> None:
    ran = summarize("courier", "herald", "avondbode", "--style", "timeline", "--sentences", "6")
    assert ran.out.splitlines()[2:9] == [
        "1998: De Avondbode, 2024-12-04: “De dijk bij Roermond werd in 1998 voor het laatst verhoogd.” [1] "
        "(one source)",
        "2024-12-02: The Herald, 2024-12-04: “The old town of Weert was flooded by the river Weer on Monday.”"
        " [2] [3] (several sources)",
        "2024-12-02: De Avondbode, 2024-12-04: “De Weer overstroomde maandag de oude binnenstad van Weert.” "
        "[4] (one source)",
        "2024-12-03: The Herald, 2024-12-04: “Four boats of the army brought people to a sports hall on "
        "Tuesday.” [5] (one source)",
        "2024-12-03, published: The Courier, 2024-12-03: “The mayor, Ruth Bakker, said that 300 families had "
        "to leave their homes.” [6] (contradicted)",
        "2024-12-04, published: The Herald, 2024-12-04: “The mayor, Ruth Bakker, said that 450 families had "
        "to leave their homes.” [7] (contradicted)",
        "2024-12-06: The Courier, 2024-12-03: “Schools in the old town may stay closed until Friday, the "
        "council said.” [8] (one source)",
    ]


def test_a_timeline_of_one_article_prefers_what_has_a_date(summarize: Run) -> None:
    ran = summarize("herald", "--style", "timeline", "--sentences", "2")
    assert ran.out.splitlines()[:4] == [
        "2 sentences from 1 article, word for word as they stand there.",
        "",
        "2024-12-02: The old town of Weert was flooded by the river Weer on Monday. [1]",
        "2024-12-03: Four boats of the army brought people to a sports hall on Tuesday. [2]",
    ]


def test_a_search_and_a_period_are_summarized_in_the_same_shape(summarize: Run) -> None:
    by_query = json.loads(summarize("--query", "flood in Weert", "--json").out)
    by_period = json.loads(summarize("--from", "2024-12-03", "--until", "2024-12-04", "--json").out)
    for answer in (by_query, by_period):
        kinds = [(one["agreement"], one["conflict"]) for one in answer["statements"]]
        assert kinds[0] == ("agreed", None)
        assert kinds[-2:] == [("conflicting", 1), ("conflicting", 1)]
        assert {kind for kind, _ in kinds} == {"agreed", "single_source", "conflicting"}
    assert (by_query["question"], by_period["question"]) == (
        "flood in Weert",
        "summarize from 2024-12-03, until 2024-12-04",
    )


def test_the_receipt_has_it_all_and_its_citations_stand(summarize: Run, pullquote: Run, news: News) -> None:
    ran = pullquote(
        "--library", str(news.library), "summarize", news.ids["courier"], news.ids["herald"], "--json",
        "--style", "timeline",
    )  # fmt: skip
    answer = json.loads(ran.out)
    kept = pullquote("--library", str(news.library), "receipts", "--show", answer["receipt"], "--json")
    receipt = json.loads(kept.out)
    assert (receipt["kind"], receipt["answer"]) == ("summarize", answer)
    assert receipt["filters"]["articles"] == [news.ids["courier"], news.ids["herald"]]
    shown = pullquote("--library", str(news.library), "receipts", "--show", answer["receipt"]).out
    assert "2024-12-02: The Herald, 2024-12-04: “The old town of Weert was flooded" in shown
    verified = pullquote("--library", str(news.library), "verify", answer["receipt"])
    citations = sum(len(one["citations"]) for one in answer["statements"])
    assert (verified.code, f"All {citations} citations are valid." in verified.out) == (0, True)


def test_copies_alone_are_one_text(summarize: Run) -> None:
    ran = summarize("reprint", "courier")
    assert ran.out.splitlines()[0] == "3 sentences from 1 article, word for word as they stand there."
    assert "<reprint>" not in ran.out
    assert "Morning Post and The Courier print one text and count as one source." in ran.out.splitlines()


def test_captions_and_related_coverage_lead_nothing(summarize: Run) -> None:
    for named in (["gallery"], ["gallery", "herald"]):
        answer = json.loads(summarize(*named, "--sentences", "20", "--json").out)
        quotes = [cited["quote"] for one in answer["statements"] for cited in one["citations"]]
        assert "Volunteers from Roermond swept mud out of the library of Weert on Wednesday." in quotes
        assert {cited["role"] for one in answer["statements"] for cited in one["citations"]} == {None}
        assert not any("Photo" in quote or quote.startswith("River Weer floods") for quote in quotes)


def test_an_article_of_one_sentence_is_that_sentence(summarize: Run) -> None:
    ran = summarize("tulips", "tulips")
    assert ran.out == (
        """\
1 sentence from 1 article, word for word as it stands there.

Tulips
The Gazette · 2024-05-01 · en · <tulips> · NEWS/tulips.md
  [1] “Tulip growers in Lisse sold 40 million bulbs this spring.”

Article <tulips> is named more than once and counts once.
pullquote show 1  shows a quote in its place in the article.
"""
    )


@pytest.mark.parametrize("words", [("--from", "2030-01-01"), ("--query", "flood", "--from", "2030-01-01")])
def test_a_period_without_articles_is_said(summarize: Run, words: tuple[str, ...]) -> None:
    ran = summarize(*words, "--fail")
    assert (ran.code, ran.out) == (
        1,
        "Nothing to summarize.\n\n"
        "No article in the library passes the filters. `pullquote articles` lists what there is.\n",
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "Invalid value: Name articles, or give --query, or a period with --from and --until."),
        (("tulips", "--query", "x"), "Invalid value: Name articles or give --query, one of the two."),
        (
            ("tulips", "--from", "2024-01-01"),
            "Invalid value: Filters go with --query or stand alone; named articles need none.",
        ),
        (
            ("--from", "2024-02-01", "--until", "2024-01-01"),
            "Invalid value: The first day is after the last, so that no article would pass.",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(summarize: Run, words: tuple[str, ...], message: str) -> None:
    ran = summarize(*words)
    assert (ran.code, ran.out, ran.err.splitlines()[-1]) == (2, "", f"Error: {message}")
    assert ran.err.splitlines()[0] == "Usage: pullquote summarize [OPTIONS] [ARTICLE]..."


def test_an_unknown_article_and_too_many_are_refused(summarize: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert summarize("tulips", "ffffffff") == Ran(
        2,
        "",
        "pullquote: No article's id begins with “ffffffff”. `pullquote articles` lists the articles with "
        "their ids.\n",
    )
    monkeypatch.setattr(articles, "MOST_ARTICLES", 1)
    assert summarize("tulips", "herald") == Ran(
        2,
        "",
        "pullquote: 2 articles are named; at most 1 are summarized together. Name fewer, or summarize what "
        'they say about something: pullquote summarize --query "…"\n',
    )
    newest = summarize("--from", "2024-12-03")
    assert newest.code == 0
    assert (
        "Only the newest 1 of 5 articles are summarized; a shorter period, or --outlet, makes them fewer."
        in newest.out.splitlines()
    )


def test_of_an_article_with_a_newer_edition_that_one_is_summarized(pullquote: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    ids = []
    for number in (300, 450):
        file.write_text(f"Storm\n\nThe mayor of Weert said that {number} families had to leave.\n", "utf-8")
        assert pullquote("add", str(file)).code == 0
        ids.append(json.loads(pullquote("articles", "--json").out)[0]["id"])
    ran = pullquote("summarize", ids[0], ids[1])
    assert "  [1] “The mayor of Weert said that 450 families had to leave.”" in ran.out.splitlines()
    assert ran.out.splitlines()[-3:-1] == [
        f"Article {ids[0]} has a newer edition, {ids[1]}, which is summarized instead.",
        f"Article {ids[1]} is named more than once and counts once.",
    ]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[ScriptedOpenAI], None]:
    def use(server: ScriptedOpenAI) -> None:
        monkeypatch.setenv("PULLQUOTE_MODEL__BASE_URL", server.url)
        monkeypatch.setenv("PULLQUOTE_MODEL__NAME", "scripted")
        monkeypatch.setenv("PULLQUOTE_AGENT__TRANSLATE", "never")

    return use


def write(request: Request) -> Text:
    """A model that sees who agrees and that the numbers of families exclude each other."""

    def entry(text: str, *words: str, conflict: int = 0) -> dict[str, Any]:
        return {"text": text, "labels": [find_label(request, one) for one in words], "conflict": conflict}

    statements = [
        entry("According to Ruth Bakker, 300 families had to leave.", "300 families", conflict=4),
        entry("According to Ruth Bakker, 450 families had to leave.", "450 families", conflict=4),
        entry("The army brought people to a sports hall by boat.", "Four boats"),
        entry(
            "The Weer flooded the old town of Weert on Monday.",
            "The river Weer flooded",
            "was flooded by the river",
            "De Weer overstroomde",
        ),
    ]
    return Text(json.dumps({"statements": statements, "missing": []}))


def test_a_model_tells_them_apart_and_what_it_claims_is_looked_into(
    summarize: Run, use: Callable[..., None]
) -> None:
    with ScriptedOpenAI(write) as server:
        use(server)
        ran = summarize("courier", "herald", "avondbode", "reprint", "--length", "long")
        paragraph = summarize("courier", "herald", "avondbode", "--style", "paragraph")
        timeline = summarize("courier", "herald", "avondbode", "--style", "timeline")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[:10] == [
        "Several sources say",
        "The Weer flooded the old town of Weert on Monday. [1] [2] [3]",
        "",
        "From one source",
        "The army brought people to a sports hall by boat. [4]",
        "",
        "Sources contradict each other",
        "According to Ruth Bakker, 300 families had to leave. [5]",
        "  or: According to Ruth Bakker, 450 families had to leave. [6]",
        "",
    ]
    assert "The Courier and Morning Post print one text and count as one source." in ran.out.splitlines()
    assert "<reprint>" not in ran.out
    system, user = (message["content"] for message in server.chats[0].body["messages"])
    assert "at most 12 statements" in system and "Morning Post" not in user
    conflict = server.chats[0].body["response_format"]["json_schema"]["schema"]["$defs"]["Statement"]
    assert conflict["properties"]["conflict"]["type"] == "integer"
    assert paragraph.out.splitlines()[7] == (
        "According to Ruth Bakker, 300 families had to leave. [5] or: According to Ruth Bakker, 450 families "
        "had to leave. [6]"
    )
    assert timeline.out.splitlines()[:4] == [
        "2024-12-02: The Weer flooded the old town of Weert on Monday. [1] [2] [3] (several sources)",
        "2024-12-03: The army brought people to a sports hall by boat. [4] (one source)",
        "2024-12-03, published: According to Ruth Bakker, 300 families had to leave. [5] (contradicted)",
        "2024-12-04, published: According to Ruth Bakker, 450 families had to leave. [6] (contradicted)",
    ]


def test_a_budget_too_small_to_read_anything_gives_quotes_in_the_same_shape(
    summarize: Run, use: Callable[..., None]
) -> None:
    with ScriptedOpenAI(write) as server:
        use(server)
        answer = json.loads(summarize("courier", "herald", "--budget-tokens", "500", "--json").out)
    assert (server.chats, answer["model"], answer["mode"]) == ([], None, "summary")
    assert answer["statements"][0]["agreement"] == "agreed"
    assert answer["notes"][0].startswith("Quotes, because the model did not answer: ")
    assert "`agent.max_tokens`" in answer["notes"][0]
