from __future__ import annotations

from dataclasses import replace

import pytest

from agent.answer.answer import Verdict
from agent.answer.citations import in_quotation_marks
from agent.extractive.quotes import answer_with_quotes, name_source, select_distinct, select_worthy
from agent.settings.sections import AnswerSettings
from vectorstore import (
    ANSWERABLE_AT,
    Article,
    Boilerplate,
    Evidence,
    Passage,
    Role,
    SearchResult,
    Span,
    article_id,
)

HEADLINE = "Minister warns of flooding"
LEAD = "The minister of infrastructure warned of flooding along the Maas on Monday."
REPRINT = "The minister of infrastructure warned of flooding along the Maas on Monday, ANP reports."
ASIDE = "Residents of three villages were asked to leave."

MORE = "Two of the four pumping stations have been out of order since August."
DUTCH = "De minister van infrastructuur waarschuwde maandag voor overstromingen langs de Maas."


def make_article(*sentences: str, outlet: str | None = None, language: str = "en") -> Article:
    text = "\n\n".join(sentences)
    return Article(
        id=article_id(text),
        text=text,
        language=language,
        origin="a.txt",
        outlet=outlet,
        title=sentences[0],
        boilerplate=(Boilerplate(Span(0, len(sentences[0])), Role.TITLE),),
    )


ONE = make_article(HEADLINE, LEAD, ASIDE, outlet="The Courier")
TWO = make_article("Flood warning", REPRINT, outlet="Evening Post")
ARTICLES = {article.id: article for article in (ONE, TWO)}


def find(article: Article, words: str, probability: float) -> Evidence:
    start = article.text.index(words)
    span = Span(start, start + len(words))
    passage = Passage(article.id, 0, Span(0, len(article.text)), (Span(0, len(article.text)),))
    return Evidence(article.id, passage, span, probability, probability, 0.5, article.role_at(span))


def make_result(*evidence: Evidence, answerable: float = 0.99) -> SearchResult:
    return SearchResult("who warned?", "en", evidence, answerable, 3)


def quote(*evidence: Evidence, limit: int = 5) -> list[str]:
    chosen = select_distinct(select_worthy(evidence, prefer_body=False), ARTICLES.__getitem__, limit)
    return [ARTICLES[e.article_id].text[e.span.start : e.span.end] for e in chosen]


def test_a_headline_is_left_out_where_the_body_says_it() -> None:
    assert quote(find(ONE, HEADLINE, 0.9), find(ONE, LEAD, 0.8)) == [LEAD]


def test_a_headline_stands_where_the_body_does_not_say_it() -> None:
    assert quote(find(ONE, HEADLINE, 0.9), find(ONE, LEAD, 0.1)) == [HEADLINE]


def test_a_reprint_is_not_quoted_twice() -> None:
    assert quote(find(ONE, LEAD, 0.9), find(TWO, REPRINT, 0.9), find(ONE, ASIDE, 0.8)) == [LEAD, ASIDE]


def test_what_is_far_less_likely_than_the_best_is_not_quoted() -> None:
    assert quote(find(ONE, LEAD, 0.9), find(ONE, ASIDE, 0.2)) == [LEAD]


def test_no_more_are_quoted_than_asked_for() -> None:
    assert quote(find(ONE, LEAD, 0.9), find(ONE, ASIDE, 0.8), limit=1) == [LEAD]


def test_a_summary_is_led_by_running_text() -> None:
    caption = find(ONE, ASIDE, 0.95)
    caption = replace(caption, role=Role.CAPTION)
    chosen = select_distinct(
        select_worthy([caption, find(ONE, LEAD, 0.9)], prefer_body=True), ARTICLES.__getitem__, 5
    )
    assert [evidence.role for evidence in chosen] == [None]
    assert select_distinct(select_worthy([caption], prefer_body=True), ARTICLES.__getitem__, 5) == (caption,)


def test_the_best_quote_comes_first_then_the_others_in_the_order_of_their_article() -> None:
    three = make_article(HEADLINE, LEAD, MORE, ASIDE, outlet="The Courier")
    result = make_result(find(three, ASIDE, 0.9), find(three, MORE, 0.87), find(three, LEAD, 0.85))
    answer = answer_with_quotes(result, {three.id: three}.__getitem__, AnswerSettings())
    assert answer.verdict is Verdict.ANSWERED
    assert [statement.text for statement in answer.statements] == [
        f"The Courier: “{ASIDE}”",
        f"The Courier: “{LEAD}”",
        f"The Courier: “{MORE}”",
    ]
    assert (answer.nearest, answer.language, answer.generation) == ((), "en", 3)


def test_below_the_threshold_the_nearest_passages_are_shown_and_nothing_is_stated() -> None:
    result = make_result(find(ONE, LEAD, 0.3), find(ONE, ASIDE, 0.2), answerable=ANSWERABLE_AT - 0.01)
    answer = answer_with_quotes(result, ARTICLES.__getitem__, AnswerSettings())
    assert (answer.verdict, answer.statements) == (Verdict.NOT_FOUND, ())
    assert [(near.quote, near.score) for near in answer.nearest] == [(ONE.text, 0.3)]


def test_nothing_found_is_not_found() -> None:
    answer = answer_with_quotes(make_result(answerable=0.0), ARTICLES.__getitem__, AnswerSettings())
    assert (answer.verdict, answer.statements, answer.nearest) == (Verdict.NOT_FOUND, (), ())


def test_a_source_without_an_outlet_goes_by_its_title_then_by_where_it_lay() -> None:
    citation = answer_with_quotes(
        make_result(find(ONE, LEAD, 0.9)), ARTICLES.__getitem__, AnswerSettings()
    ).citations()[0]
    assert name_source(citation) == "The Courier"
    assert name_source(citation.model_copy(update={"outlet": None})) == f"“{HEADLINE}”"
    assert name_source(citation.model_copy(update={"outlet": None, "title": None})) == "a.txt"
    assert name_source(citation.model_copy(update={"published": "2024-12-03"})) == "The Courier, 2024-12-03"


def test_a_quote_that_opens_with_marks_gets_no_second_pair() -> None:
    assert in_quotation_marks("He left.") == "“He left.”"
    assert in_quotation_marks("„Wij gaan“, zei hij.") == "„Wij gaan“, zei hij."
    assert in_quotation_marks("「行く」と述べた。") == "「行く」と述べた。"


@pytest.mark.parametrize(
    ("question", "read", "languages"),
    [
        ("en", (), ["en", "nl", "de"]),
        ("und", ("de",), ["de", "nl", "en"]),
        ("en", ("de",), ["en", "de", "nl"]),
    ],
)
def test_of_versions_about_as_good_the_askers_language_comes_first(
    question: str, read: tuple[str, ...], languages: list[str]
) -> None:
    german = "Der Infrastrukturminister warnte am Montag vor Hochwasser an der Maas."
    versions = [
        (make_article(DUTCH, language="nl"), DUTCH, 0.9),
        (make_article(LEAD, language="en-GB"), LEAD, 0.82),
        (make_article(german, language="de"), german, 0.85),
    ]
    result = replace(make_result(*(find(*version) for version in versions)), language=question)
    by_id = {article.id: article for article, _, _ in versions}
    answer = answer_with_quotes(result, by_id.__getitem__, AnswerSettings(languages=read))
    assert [citation.language[:2] for citation in answer.citations()] == languages


def test_a_foreign_answer_comes_before_what_is_merely_in_the_askers_language() -> None:
    foreign, own = make_article(DUTCH, language="nl"), make_article(ASIDE)
    result = make_result(find(foreign, DUTCH, 0.9), find(own, ASIDE, 0.5))
    answer = answer_with_quotes(result, {one.id: one for one in (foreign, own)}.__getitem__, AnswerSettings())
    assert [citation.language for citation in answer.citations()] == ["nl"]


def test_what_answers_best_is_quoted_however_much_there_is_in_the_askers_language() -> None:
    """Six sentences of an English article come near a Dutch one that answers; five are quoted."""
    sentences = [f"Reading number {number} was taken at pumping station {number}." for number in range(6)]
    own, foreign = make_article(*sentences), make_article(DUTCH, language="nl")
    found = [find(own, sentence, 0.85) for sentence in sentences]
    result = make_result(find(foreign, DUTCH, 0.9), *found)
    answer = answer_with_quotes(result, {one.id: one for one in (own, foreign)}.__getitem__, AnswerSettings())
    assert [citation.language for citation in answer.citations()] == ["en", "en", "en", "en", "nl"]


def test_a_version_in_the_askers_language_is_quoted_however_many_there_are_in_others() -> None:
    versions = [make_article(f"{DUTCH} ({number})", language="nl") for number in range(5)]
    found = [find(version, version.text, 0.9) for version in versions]
    english = make_article(LEAD)
    by_id = {one.id: one for one in (*versions, english)}
    result = make_result(*found, find(english, LEAD, 0.8))
    answer = answer_with_quotes(result, by_id.__getitem__, AnswerSettings())
    assert [citation.language for citation in answer.citations()] == ["en", "nl", "nl", "nl", "nl"]
