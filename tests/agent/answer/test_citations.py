from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agent.answer.answer import Answer, Citation, Nearest, Statement, Verdict
from agent.answer.citations import check_pointer, cite, format_published, recheck
from vectorstore import Article, Precision, Provenance, Published, Role, Span, UnknownArticleError, article_id

TEXT = "Kop van het stuk\n\n“Wij zijn bezorgd”, zei de minister. Hij ging niet in op de kosten."


def make_article(text: str = TEXT) -> Article:
    return Article(
        id=article_id(text),
        text=text,
        language="nl",
        origin="stuk.txt",
        title="Kop van het stuk",
        outlet="De Courant",
        published=Published(datetime(2024, 12, 3, tzinfo=UTC), Precision.DAY, Provenance.TEXT),
        url="https://example.org/stuk",
    )


def make_answer(article: Article, *citations: Citation, verdict: Verdict = Verdict.ANSWERED) -> Answer:
    return Answer(
        question="wie is bezorgd?",
        verdict=verdict,
        confidence=0.9,
        statements=tuple(Statement(text=citation.quote, citations=(citation,)) for citation in citations),
        language="nl",
        generation=1,
    )


def test_a_citation_is_cut_from_the_article_with_what_is_known_of_it() -> None:
    article = make_article()
    start = article.text.index("“Wij")
    assert cite(article, Span(start, start + 38), Role.CAPTION).model_dump(mode="json") == {
        "article": article.id,
        "start": 18,
        "end": 56,
        "quote": "“Wij zijn bezorgd”, zei de minister. H",
        "title": "Kop van het stuk",
        "outlet": "De Courant",
        "published": "2024-12-03",
        "url": "https://example.org/stuk",
        "link": "https://example.org/stuk#:~:text="
        "%E2%80%9CWij%20zijn%20bezorgd%E2%80%9D%2C%20zei%20de%20minister.%20H",
        "origin": "stuk.txt",
        "language": "nl",
        "role": "caption",
        "translation": None,
    }


def test_a_minute_is_told_when_it_is_known() -> None:
    at = datetime(2024, 12, 3, 10, 15, tzinfo=UTC)
    assert format_published(Published(at, Precision.MINUTE, Provenance.METADATA)) == "2024-12-03T10:15Z"
    assert format_published(Published(at, Precision.DAY, Provenance.METADATA)) == "2024-12-03"
    assert format_published(None) is None


@given(st.data())
def test_any_span_of_any_text_is_cited_to_the_letter_and_checks(data: st.DataObject) -> None:
    text = data.draw(
        st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=80)
    )
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    article = Article(id=article_id(text), text=text, language="und", origin="a")
    citation = cite(article, Span(start, end))
    assert citation.quote == text[start:end]
    assert check_pointer(citation, article).passed


@given(st.integers(0, len(TEXT) - 10), st.integers(-9, 9).filter(bool))
def test_a_citation_moved_by_even_one_code_point_does_not_check(start: int, shift: int) -> None:
    article = make_article()
    citation = cite(article, Span(start, start + 9))
    if not 0 <= start + shift <= len(TEXT) - 9:
        return
    moved = citation.model_copy(update={"start": start + shift, "end": start + shift + 9})
    same_words = TEXT[start : start + 9] == TEXT[start + shift : start + shift + 9]
    assert check_pointer(moved, article).passed == same_words


def test_a_quote_must_be_as_long_as_its_span() -> None:
    with pytest.raises(ValidationError, match="quote of 3 code points for"):
        Citation(article="a" * 16, start=0, end=4, quote="Kop", language="nl")


def test_a_statement_without_citation_cannot_be_made() -> None:
    with pytest.raises(ValidationError):
        Statement(text="De minister is bezorgd.", citations=())


def test_a_verdict_fits_its_statements() -> None:
    article = make_article()
    with pytest.raises(ValidationError, match="answered with 0 statements"):
        make_answer(article)
    with pytest.raises(ValidationError, match="not_found with 1 statements"):
        make_answer(article, cite(article, Span(0, 3)), verdict=Verdict.NOT_FOUND)


def test_rechecking_keeps_what_stands_and_notes_the_check() -> None:
    article = make_article()
    answer = make_answer(article, cite(article, Span(0, 3)))
    checked = recheck(answer, lambda _: article)
    assert checked.verdict is Verdict.ANSWERED
    assert [(check.name, check.passed) for check in checked.statements[0].checks] == [("pointer", True)]
    assert checked.withheld == 0


def test_rechecking_withholds_what_does_not_stand_and_counts_it() -> None:
    article = make_article()
    good = cite(article, Span(0, 3))
    shifted = good.model_copy(update={"start": 1, "end": 4})
    checked = recheck(make_answer(article, good, shifted), lambda _: article)
    assert [statement.text for statement in checked.statements] == ["Kop"]
    assert (checked.withheld, checked.verdict) == (1, Verdict.PARTIAL)


def test_a_text_changed_in_the_store_is_noticed_even_where_the_quote_still_stands() -> None:
    article = make_article()
    answer = make_answer(article, cite(article, Span(0, 3)))
    tampered = Article(id=article.id, text=TEXT.replace("niet ", ""), language="nl", origin="stuk.txt")
    checked = recheck(answer, lambda _: tampered)
    assert (checked.statements, checked.withheld, checked.verdict) == ((), 1, Verdict.NOT_FOUND)


def test_what_an_article_said_that_was_removed_meanwhile_is_withheld_and_the_rest_is_shown() -> None:
    here = make_article()
    text = "Een ander stuk."
    gone = Article(id=article_id(text), text=text, language="nl", origin="weg.txt")
    answer = make_answer(here, cite(here, Span(0, 3)), cite(gone, Span(4, 9)))
    near = Nearest(**dict(cite(gone, Span(0, 3))), score=0.2)

    def load(name: str) -> Article:
        if name != here.id:
            raise UnknownArticleError(f"No article goes by {name}.")
        return here

    checked = recheck(answer.model_copy(update={"nearest": (near,)}), load)
    assert [statement.text for statement in checked.statements] == ["Kop"]
    assert (checked.withheld, checked.nearest) == (1, ())


def test_nearest_passages_are_checked_too() -> None:
    article = make_article()
    near = Nearest(**dict(cite(article, Span(0, 3))), score=0.2)
    moved = near.model_copy(update={"start": 2, "end": 5})
    answer = make_answer(article, verdict=Verdict.NOT_FOUND).model_copy(update={"nearest": (near, moved)})
    assert recheck(answer, lambda _: article).nearest == (near,)
