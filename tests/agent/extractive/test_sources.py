from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.extractive.sources import describe_copies, find_sources
from vectorstore import Article, Boilerplate, Precision, Provenance, Published, Role, Span, article_id

SEED = Path(__file__).parents[3] / "seeds" / "000_900c80e9f77e3d38.txt"
WEERT = (
    "“We will not give up a single metre of this dike,” mayor Ruth Bakker said on Tuesday. The town of Weert "
    "has been under water since the weekend, when heavy rain broke records. Some 300 families are staying in "
    "a sports hall. “Help has been promised and must come now,” Bakker added. The army sent four boats, and "
    "schools stay closed until Friday."
)
OWN_REPORT = (
    "Weert's mayor has called on the government for help after days of rain. “We will not give up a single "
    "metre of this dike,” said Ruth Bakker, who visited the evacuation centre where hundreds of residents "
    "sleep on stretchers. “Help has been promised and must come now.” Shops in the centre remain shut, the "
    "power company said it could take a week to restore electricity to all of the streets along the river."
)
EDITED = (
    "By our own correspondent.\n\nThe town of Weert has been under water since Saturday, when heavy rain "
    "broke records. Some 300 families are staying in a sports hall. “Help has been promised and must come "
    "now,” Bakker added. The army sent four boats, and schools stay closed until Friday."
)
ANOTHER = "Tulip growers in Lisse sold 40 million bulbs this spring, a tenth more than in the year before."


def article(text: str, outlet: str | None = None, url: str | None = None, **facts: object) -> Article:
    return Article(article_id(text), text, "en", "test", outlet=outlet, url=url, **facts)  # type: ignore[arg-type]


def numbers(*articles: Article) -> list[int]:
    sources = find_sources(articles)
    return [sources.of(one.id) for one in articles]


@pytest.mark.parametrize(
    "copy",
    [EDITED, WEERT[: len(WEERT) // 2], f"WEERT — {WEERT.upper()} (Agency)"],
    ids=["edited", "cut", "in capitals"],
)
def test_a_text_that_two_outlets_print_is_one_source(copy: str) -> None:
    one, two, other = article(WEERT, "The Courier"), article(copy, "De Avondbode"), article(ANOTHER, "Post")
    sources = find_sources([one, other, two])
    assert sources.groups == ((one, two), (other,))
    assert sources.copies == ((one, two),)
    assert sources.without_copies() == (one, other)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("300", "350"),
        ("four boats", "six boats"),
        ("stay closed", "do not stay closed"),
        ("Ruth Bakker", "Ruth Jansen"),
    ],
)
def test_an_update_is_of_the_same_source_and_no_copy(old: str, new: str) -> None:
    one, two = article(WEERT, "The Courier"), article(WEERT.replace(old, new), "De Avondbode")
    sources = find_sources([one, two])
    assert sources.groups == ((one, two),)
    assert sources.copies == ()
    assert sources.without_copies() == (one, two)


def test_of_copies_the_earliest_whole_one_is_read() -> None:
    def published(text: str, outlet: str, day: int) -> Article:
        when = Published(datetime(2024, 12, day, tzinfo=UTC), Precision.DAY, Provenance.GIVEN)
        return article(text, outlet, published=when)

    late, early = published(WEERT, "A", 4), published(f"{WEERT} (Agency)", "B", 3)
    cut, undated = published(WEERT[:200], "C", 1), article(WEERT + " Updated.", "D")
    sources = find_sources([late, early, cut, undated])
    assert sources.without_copies() == (early,)
    assert describe_copies(sources) == ("A, B, C and D print one text and count as one source.",)


def test_two_reports_that_share_quotes_are_two_sources() -> None:
    assert numbers(article(WEERT, "The Courier"), article(OWN_REPORT, "De Avondbode")) == [0, 1]


def test_an_outlet_is_one_source_and_a_site_too() -> None:
    one, two = article(WEERT, "The  Courier"), article(ANOTHER, "the courier")
    assert numbers(one, two) == [0, 0]
    assert find_sources([one, two]).copies == ()
    assert numbers(
        article(WEERT, url="https://www.courier.example/a"), article(ANOTHER, url="https://courier.example/b")
    ) == [0, 0]
    assert numbers(article(WEERT), article(ANOTHER)) == [0, 1]
    assert numbers(article(WEERT, url="https://[broken"), article(ANOTHER, url="https://[broken")) == [0, 1]


def test_editions_of_one_article_are_one_source() -> None:
    assert numbers(article(WEERT, location="/news/a.txt"), article(ANOTHER, location="/news/a.txt")) == [0, 0]


def test_what_several_are_joined_by_joins_them_all() -> None:
    """The second prints the first's text, the third is of the second's outlet."""
    first, second, third = article(WEERT, "A"), article(EDITED, "B"), article(ANOTHER, "B")
    assert numbers(third, first, second) == [0, 0, 0]


def test_captions_and_related_coverage_tell_nothing_of_independence() -> None:
    related = "\n\n" + WEERT
    one, two = (
        article(
            body + related,
            outlet,
            boilerplate=(Boilerplate(Span(len(body), len(body + related)), Role.RELATED),),
        )
        for body, outlet in ((ANOTHER, "A"), ("The council met and adjourned without a vote.", "B"))
    )
    assert numbers(one, two) == [0, 1]


def test_scripts_without_spaces_are_compared_too() -> None:
    text = (
        "両国の防衛相は火曜日、東京で会談し、北朝鮮の部隊がロシアに派遣されたことに"
        "懸念を表明した。声明は共同で発表された。"
    )
    other = "日本政府は新しい予算案を閣議決定し、国会に提出した。"
    assert numbers(article(text, "A"), article(text[:40], "B")) == [0, 0]
    assert numbers(article(text, "A"), article(other, "B")) == [0, 1]


def test_the_shipped_seed_is_recognized_when_it_is_reprinted_in_part() -> None:
    text = SEED.read_text("utf-8")
    reprint = "Van onze redactie in Den Haag.\n\n" + "\n\n".join(text.split("\n\n")[3:9])
    assert numbers(article(text, "Kyodo"), article(reprint, "De Avondbode")) == [0, 0]


def test_texts_without_a_letter_and_unknown_articles() -> None:
    assert numbers(article("—"), article("…")) == [0, 1]
    with pytest.raises(KeyError):
        find_sources([]).of("0" * 16)
