"""The road of a question through a real library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from vectorstore import (
    ANSWERABLE_AT,
    Embedder,
    Filters,
    Given,
    Library,
    LibrarySettings,
    SearchSettings,
    rank_articles,
)

ARTICLES = {
    "harbour": (
        "en",
        "The harbour of Veldport closed on Monday. Engineers had found cracks in the northern lock gate. "
        "Mayor Ilse Brandt said repairs would cost eleven million euros. They should be done by October.",
    ),
    "bees": (
        "nl",
        "Imkers in Drenthe melden een slechte winter. Een op de drie bijenvolken overleefde de vorst niet. "
        "Volgens onderzoeker Tom Hazelaar is een mijt de oorzaak. Hij pleit voor betere controles.",
    ),
    "train": (
        "de",
        "Der Nachtzug zwischen Kassel und Triest fährt ab Mai wieder. Die Bahn setzt dafür zwölf Wagen ein. "
        "Eine Fahrkarte soll neunundvierzig Euro kosten.",
    ),
}


@pytest.fixture(scope="module")
def library(
    embedder: Embedder, cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Library, dict[str, str]]]:
    folder = tmp_path_factory.mktemp("retriever")
    settings = LibrarySettings(path=folder / "library", cache=cache, search=SearchSettings(depth=4))
    lines = [json.dumps({"text": text, "language": tag}) for tag, text in ARTICLES.values()]
    (folder / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with Library.open(settings, writable=True, embedder=embedder) as opened:
        opened.add([folder / "articles.jsonl"], Given())
        by_text = {opened.articles.get(header.id).text: header.id for header in opened.articles.headers()}
        yield opened, {name: by_text[text] for name, (_, text) in ARTICLES.items()}


@pytest.mark.parametrize(
    ("question", "language", "article", "quote"),
    [
        ("How much will the repairs of the lock cost?", "en", "harbour", "Mayor Ilse Brandt said"),
        (
            "Which researcher blames a mite for the loss of bees?",
            "en",
            "bees",
            "Volgens onderzoeker Tom Hazelaar",
        ),
        ("Wat kost een kaartje voor de nachttrein?", "nl", "train", "Eine Fahrkarte soll"),
        ("Welk deel van de bijenvolken ging dood?", "nl", "bees", "Een op de drie bijenvolken"),
    ],
)
def test_the_best_sentence_answers(
    library: tuple[Library, dict[str, str]], question: str, language: str, article: str, quote: str
) -> None:
    opened, ids = library
    result = opened.search(question)
    best = result.evidence[0]
    text = opened.articles.get(best.article_id).text
    assert result.language == language
    assert best.article_id == ids[article]
    assert text[best.span.start : best.span.end].startswith(quote)
    assert result.answerable >= ANSWERABLE_AT
    assert rank_articles(result.evidence)[0] == ids[article]


def test_evidence_is_ranked_trimmed_and_each_sentence_once(library: tuple[Library, dict[str, str]]) -> None:
    opened, _ = library
    result = opened.search("How much will the repairs of the lock cost?")
    scores = [entry.score for entry in result.evidence]
    assert scores == sorted(scores, reverse=True)
    places = [(entry.article_id, entry.span) for entry in result.evidence]
    assert len(set(places)) == len(places) == 11
    for entry in result.evidence:
        quote = opened.articles.get(entry.article_id).text[entry.span.start : entry.span.end]
        assert quote == quote.strip() != ""
        assert entry.passage.span.contains(entry.span)
        assert 0 <= entry.probability <= result.answerable <= 1
    assert result.cost.candidates == result.cost.reranked == 3
    assert result.cost.embedded_tokens > 100


def test_the_same_question_finds_the_same(library: tuple[Library, dict[str, str]]) -> None:
    opened, _ = library
    first, second = (opened.search("Wann fährt der Nachtzug?").evidence for _ in range(2))
    assert first == second


def test_a_question_on_something_else_is_unlikely_to_be_answered(
    library: tuple[Library, dict[str, str]],
) -> None:
    opened, _ = library
    for question in ("Which enzyme unwinds the DNA helix?", "Wie won de voetbalbeker in 1987?"):
        result = opened.search(question)
        assert result.evidence
        assert result.answerable < ANSWERABLE_AT


def test_filters_and_limit_hold(library: tuple[Library, dict[str, str]]) -> None:
    opened, ids = library
    result = opened.search("Why did bees die in Drenthe?", Filters(languages=("de",)), limit=2)
    assert [entry.article_id for entry in result.evidence] == [ids["train"]] * 2
    assert opened.search("bees", Filters(articles=("0" * 16,))).evidence == ()


@pytest.mark.parametrize("question", ["", "   ", "?!", "\ud800"])
def test_nothing_is_found_for_a_question_without_words(
    library: tuple[Library, dict[str, str]], question: str
) -> None:
    opened, _ = library
    result = opened.search(question)
    assert (result.evidence, result.answerable, result.language) == ((), 0.0, "und")


def test_a_language_that_cannot_be_told_is_searched_all_the_same(
    library: tuple[Library, dict[str, str]],
) -> None:
    opened, ids = library
    result = opened.search("Hazelaar")
    assert result.evidence[0].article_id == ids["bees"]
