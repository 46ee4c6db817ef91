from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from agent.answer.answer import Agreement, EventDate, Statement
from agent.answer.citations import cite
from agent.answer.view import GroupView, StatementView, describe_event, view_statements
from agent.checks.dates.intervals import DayRange
from agent.extractive.timeline import find_event, has_event, order_by_event
from vectorstore import Article, Precision, Provenance, Published, Span, article_id

TUESDAY = date(2024, 12, 3)


def day(month: int, day: int, year: int = 2024) -> DayRange:
    return DayRange(date(year, month, day), date(year, month, day))


@pytest.mark.parametrize(
    ("text", "language", "published", "event"),
    [
        ("He spoke on Monday.", "en", TUESDAY, day(12, 2)),
        ("They meet in Rome on Friday.", "en", TUESDAY, day(11, 29)),
        ("They will meet in Rome on Friday.", "en", TUESDAY, day(12, 6)),
        ("Schools may stay closed until Friday.", "en", TUESDAY, day(12, 6)),
        ("On Monday he said that they will leave.", "en", TUESDAY, day(12, 2)),
        ("Na hun ontmoeting woensdag in Tokio.", "nl", TUESDAY, day(12, 4)),
        ("Vrijdag zal hij vertrekken.", "nl", TUESDAY, day(12, 6)),
        ("Er wird am Freitag kommen.", "de", TUESDAY, day(12, 6)),
        ("Freitag kam er.", "de", TUESDAY, day(11, 29)),
        ("昨日、首相は会見した。", "ja", TUESDAY, day(12, 2)),
        ("Last week, on 26 November, it was signed.", "en", TUESDAY, day(11, 26)),
        ("It opens on 5 January.", "en", date(2024, 12, 20), day(1, 5, 2025)),
        ("It opened on 5 January.", "en", date(2024, 2, 1), day(1, 5)),
        ("Zij sprak op 3 december 2024.", "nl", None, day(12, 3)),
        ("De dijk werd in 1998 verhoogd.", "nl", TUESDAY, DayRange(date(1998, 1, 1), date(1998, 12, 31))),
        ("Since 2014 he has lived there.", "en", None, DayRange(date(2014, 1, 1), date(2014, 12, 31))),
        ("He said it was built in 1998.", "en", TUESDAY, None),
        ("All 23 pay 2 percent (three did in 2014).", "en", TUESDAY, None),
        ("Some 1998 soldiers came.", "en", TUESDAY, None),
        ("He spoke on Monday.", "en", None, None),
        ("Nothing is known.", "en", TUESDAY, None),
    ],
)
def test_the_date_of_a_sentence(
    text: str, language: str, published: date | None, event: DayRange | None
) -> None:
    assert find_event(text, language, published) == event
    assert has_event(text, language, published) == (event is not None)


def make_article(text: str, published: date | None = TUESDAY) -> Article:
    at = datetime(published.year, published.month, published.day, tzinfo=UTC) if published else None
    when = Published(at, Precision.DAY, Provenance.GIVEN) if at else None
    return Article(article_id(text), text, "en", "test", published=when)


def test_statements_come_by_their_dates_and_undated_ones_last() -> None:
    articles = [
        make_article("The dike broke on Monday."),
        make_article("The dike broke last week.", None),
        make_article("Nobody was hurt."),
        make_article("On 1 May 2023 the dike was opened.", None),
    ]
    known = {article.id: article for article in articles}
    statements = [
        Statement(text=f"Number {at}.", citations=(cite(article, Span(0, len(article.text))),))
        for at, article in enumerate(articles)
    ]
    ordered = order_by_event(statements, known.__getitem__, "en")
    assert [(statement.text, statement.event) for statement in ordered] == [
        ("Number 3.", EventDate(first=date(2023, 5, 1), last=date(2023, 5, 1))),
        ("Number 0.", EventDate(first=date(2024, 12, 2), last=date(2024, 12, 2))),
        ("Number 2.", EventDate(first=TUESDAY, last=TUESDAY, is_published=True)),
        ("Number 1.", None),
    ]


def test_the_statements_own_date_goes_before_that_of_a_quote_and_of_quotes_only_theirs_counts() -> None:
    article = make_article("The dike broke on Monday and was closed on 5 December.")
    whole = (cite(article, Span(0, len(article.text))),)
    (written,) = order_by_event(
        [Statement(text="It was closed on 5 December 2024.", citations=whole)], lambda _: article, "en"
    )
    (quoted,) = order_by_event(
        [Statement(text="The Courier, 2024-12-05: “…”", citations=whole)], lambda _: article, None
    )
    assert (written.event, quoted.event) == (
        EventDate(first=date(2024, 12, 5), last=date(2024, 12, 5)),
        EventDate(first=date(2024, 12, 5), last=date(2024, 12, 5)),
    )


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2024, 12, 2), date(2024, 12, 2), "2024-12-02"),
        (date(2024, 2, 1), date(2024, 2, 29), "2024-02"),
        (date(2024, 1, 1), date(2024, 12, 31), "2024"),
        (date(2024, 11, 25), date(2024, 12, 1), "2024-11-25 to 2024-12-01"),
        (date(9999, 1, 1), date(9999, 12, 31), "9999-01-01 to 9999-12-31"),
    ],
)
def test_events_in_words(first: date, last: date, words: str) -> None:
    assert describe_event(EventDate(first=first, last=last)) == words


def test_a_timeline_tells_agreement_in_its_lines() -> None:
    article = make_article("Nobody was hurt.")
    cited = (cite(article, Span(0, 16)),)
    published = EventDate(first=TUESDAY, last=TUESDAY, is_published=True)
    one = Statement(text="A", citations=cited, agreement=Agreement.AGREED, event=published)
    two = Statement(text="B", citations=cited, agreement=Agreement.CONFLICTING, conflict=1)
    assert view_statements([one, two], [1, 2]) == (
        GroupView(
            None,
            (
                StatementView(one, (1,), "2024-12-03, published: ", " (several sources)"),
                StatementView(two, (2,), "no date: ", " (contradicted)"),
            ),
        ),
    )
