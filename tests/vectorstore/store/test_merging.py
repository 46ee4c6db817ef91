"""What is kept when the same text is read at several places."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tests.vectorstore.synthetic import make_article
from vectorstore.model.article import Boilerplate, Precision, Provenance, Published, Role, Span
from vectorstore.store.changing import merge_articles, needs_new_passages

DATES = [
    Published(datetime(2024, 1, day, tzinfo=UTC), Precision.DAY, provenance)
    for day, provenance in enumerate(Provenance, start=1)
]
KNOWN = make_article("Text", title="T", outlet=None, published=DATES[1])


def test_the_first_source_corrects() -> None:
    read = replace(KNOWN, title="Better", subtitle="S", boilerplate=(Boilerplate(Span(0, 1), Role.TITLE),))
    assert merge_articles(KNOWN, read, is_first_source=True) == read


def test_another_source_fills_gaps() -> None:
    read = replace(
        KNOWN,
        title="Other",
        outlet="O",
        authors=("A",),
        boilerplate=(Boilerplate(Span(0, 1), Role.TITLE),),
        origin="other",
    )
    assert merge_articles(KNOWN, read, is_first_source=False) == replace(KNOWN, outlet="O", authors=("A",))


def test_silence_erases_nothing_and_a_guess_no_fact() -> None:
    silent = make_article("Text", language="und")
    assert merge_articles(KNOWN, silent, is_first_source=True) == KNOWN
    by_provenance = {date.provenance: date for date in DATES}
    guess = replace(KNOWN, published=by_provenance[Provenance.TEXT])
    given_ = replace(KNOWN, published=by_provenance[Provenance.GIVEN])
    fact = replace(KNOWN, published=by_provenance[Provenance.METADATA])
    assert merge_articles(fact, guess, is_first_source=True) == fact
    assert merge_articles(fact, given_, is_first_source=False) == given_


def test_what_passages_are_made_with() -> None:
    assert not needs_new_passages(KNOWN, replace(KNOWN, outlet="O", authors=("A",), subtitle="S"))
    assert needs_new_passages(KNOWN, replace(KNOWN, language="nl"))
    assert needs_new_passages(KNOWN, replace(KNOWN, title="X"))


readings = st.builds(
    make_article,
    st.just("Text"),
    language=st.sampled_from(["und", "en", "nl"]),
    title=st.sampled_from([None, "A", "B"]),
    outlet=st.sampled_from([None, "A", "B"]),
    authors=st.sampled_from([(), ("A",), ("B",)]),
    published=st.sampled_from([None, *DATES]),
)


@given(st.lists(readings, min_size=1, max_size=5), st.randoms())
def test_adding_the_same_sources_again_changes_nothing(sources: list, random: object) -> None:  # type: ignore[type-arg]
    known = sources[0]
    for source in sources[1:]:
        known = merge_articles(known, source, is_first_source=False)
    again = list(enumerate(sources))
    random.shuffle(again)  # type: ignore[attr-defined]
    for number, source in again:
        assert merge_articles(known, source, is_first_source=number == 0) == known
