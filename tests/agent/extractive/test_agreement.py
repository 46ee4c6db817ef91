from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from agent.answer.answer import Agreement, Check, Citation, Statement
from agent.answer.citations import cite, drop_lone_versions
from agent.checks import Cited, Claim
from agent.extractive.agreement import Assessor
from agent.extractive.differences import find_difference
from agent.extractive.sources import find_sources
from vectorstore import Article, Span, article_id

PUBLISHED = date(2024, 12, 3)
BAKKER = "Mayor Ruth Bakker said that 300 families had to leave their homes."


def side(text: str, language: str = "en", quote: str | None = None) -> Claim:
    return Claim(text, language, (Cited(quote or text, language, published=PUBLISHED),))


@pytest.mark.parametrize(
    ("one", "two", "difference"),
    [
        (side(BAKKER), side(BAKKER.replace("300", "450")), "numbers"),
        (side("The dike broke on 2 December."), side("The dike broke on 5 December."), "dates"),
        (side("The dike broke on Monday."), side("The dike broke on Friday."), "dates"),
        (side("The dike did not break at Weert."), side("The dike broke at Weert."), "negation"),
        (side("The dike was opened by Ruth Bakker."), side("The dike was opened by Piet Smeets."), "names"),
        (side("De dijk brak met 300 huizen.", "nl"), side("The dike broke with 450 homes."), "numbers"),
    ],
)
def test_versions_differ_in_a_number_a_date_a_negation_or_a_name(
    one: Claim, two: Claim, difference: str
) -> None:
    assert find_difference(one, two, None) == find_difference(two, one, None) == difference


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (side(BAKKER), side(BAKKER)),
        (side(BAKKER), side("Mayor Ruth Bakker said that families had to leave their homes.")),
        (side(BAKKER), side("Some 450 cows drowned near Roermond.")),
        (side("Ruth Bakker opened the dike."), side("Piet Smeets sold his house in Lisse.")),
        (
            side("As much as 4 inches of rain fell in Weert."),
            side("In Weert viel wel 10 centimeter regen.", "nl"),
        ),
        (
            side("It said 300.", quote="It said 300, others 450."),
            side("It said 450.", quote="It said 450 or 300."),
        ),
    ],
    ids=["the same", "one says more", "two things", "names of two things", "converted", "both in the quotes"],
)
def test_what_is_no_contradiction(one: Claim, two: Claim) -> None:
    assert find_difference(one, two, None) is None
    assert find_difference(two, one, None) is None


def article(text: str, outlet: str) -> Article:
    return Article(article_id(text), text, "en", "test", outlet=outlet)


COURIER = article(f"{BAKKER} The river Weer flooded the old town.", "The Courier")
HERALD = article(
    f"{BAKKER.replace('300', '450')} Army boats took people from roofs and brought them to a sports hall, "
    "where the Red Cross handed out blankets and soup until late in the evening.",
    "The Herald",
)
GAZETTE = article(
    "The river Weer flooded the old town of Weert, the council of Limburg confirmed.", "Gazette"
)
ALL = {one.id: one for one in (COURIER, HERALD, GAZETTE)}


def quote(one: Article, words: str) -> Citation:
    start = one.text.index(words)
    return cite(one, Span(start, start + len(words)))


def say(text: str, *citations: Citation) -> Statement:
    return Statement(text=text, citations=citations)


def assess(
    statements: Sequence[Statement], claimed: Sequence[int | None]
) -> list[tuple[str, str, int | None]]:
    def describe(citation: Citation) -> Cited:
        return Cited(citation.quote, citation.language)

    found = Assessor(find_sources(list(ALL.values())), describe, "en", None).assess(statements, claimed)
    return [(one.text, str(one.agreement), one.conflict) for one in found]


OLD_TOWN = say(
    "The old town was flooded by the river Weer.",
    quote(COURIER, "The river Weer flooded the old town."),
    quote(GAZETTE, GAZETTE.text),
)
THREE = say("Bakker said 300 families had to leave.", quote(COURIER, BAKKER))
MORE = say("Bakker said 450 families had to leave.", quote(HERALD, BAKKER.replace("300", "450")))
COUNCIL = say("The council confirmed it.", quote(GAZETTE, GAZETTE.text))


def test_statements_come_by_how_they_stand_among_the_sources() -> None:
    """Conflicts are numbered from 1, whatever the model called them."""
    assert assess([THREE, COUNCIL, OLD_TOWN, MORE], [7, None, None, 7]) == [
        (OLD_TOWN.text, "agreed", None),
        (COUNCIL.text, "single_source", None),
        (THREE.text, "conflicting", 1),
        (MORE.text, "conflicting", 1),
    ]


def test_a_source_agrees_only_when_what_is_cited_of_it_says_it_by_itself() -> None:
    statement = say(
        "Bakker said 300 families had to leave.", quote(COURIER, BAKKER), quote(GAZETTE, GAZETTE.text)
    )
    assert assess([statement], [None]) == [(statement.text, "single_source", None)]


@pytest.mark.parametrize(
    ("statements", "claimed"),
    [
        ([THREE, COUNCIL], [1, 1]),
        ([THREE, MORE], [1, 2]),
        ([THREE], [1]),
        ([THREE, say("Bakker said 450 families.", quote(COURIER, BAKKER))], [1, 1]),
    ],
    ids=["nothing differs", "two numbers", "one version", "one source"],
)
def test_a_conflict_that_cannot_be_seen_is_none(
    statements: list[Statement], claimed: list[int | None]
) -> None:
    assert [entry[1:] for entry in assess(statements, claimed)] == [("single_source", None)] * len(statements)


def test_what_makes_a_conflict_is_kept_with_the_statement() -> None:
    sources = find_sources(list(ALL.values()))
    assessor = Assessor(sources, lambda cited: Cited(cited.quote, cited.language), "en", None)
    assert assessor.assess([THREE, MORE], [1, 1])[0].checks == (
        Check(name="conflict", passed=True, detail="numbers"),
    )


def test_of_one_source_nothing_is_told() -> None:
    sources = find_sources([COURIER])
    assessor = Assessor(sources, lambda cited: Cited(cited.quote, cited.language), "en", None)
    assert assessor.assess([THREE], [1]) == (THREE,)


def test_a_version_that_is_left_alone_is_what_one_source_says() -> None:
    told = {"agreement": Agreement.CONFLICTING, "conflict": 1}
    one, two = (statement.model_copy(update=told) for statement in (THREE, MORE))
    assert drop_lone_versions([one, two]) == (one, two)
    assert drop_lone_versions([one]) == (THREE.model_copy(update={"agreement": Agreement.SINGLE_SOURCE}),)


def test_a_conflict_has_a_number_and_nothing_else_has() -> None:
    with pytest.raises(ValueError, match="conflict 1 of a statement that is agreed"):
        Statement(text="A", citations=THREE.citations, agreement=Agreement.AGREED, conflict=1)
    with pytest.raises(ValueError, match="conflict None of a statement that is conflicting"):
        Statement(text="A", citations=THREE.citations, agreement=Agreement.CONFLICTING)
