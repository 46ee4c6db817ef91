from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.answer.answer import Answer, Nearest
from agent.answer.receipts import Kind, Receipt, ReceiptDetails, find_receipt, store_answer
from agent.answer.verification import CitationStatus, Successor, Verification, VerifiedCitation, verify
from agent.settings.sections import ReceiptSettings
from tests.agent.newsroom import Newsroom, make_answer, quote
from vectorstore import PullquoteError

BRIDGE = "Bridge in Ghent\n\nThe new bridge in Ghent cost 12 million euros. It opens to cyclists in May."
SWEDEN = "Sweden warns\n\nSweden warned on Monday. Minister Pål Jonson said so in Tōkyō 🗼 at noon."


def keep(newsroom: Newsroom, answer: Answer) -> Receipt:
    kept = store_answer(newsroom.library, answer, ReceiptSettings(), ReceiptDetails(kind=Kind.ASK))
    assert kept.receipt is not None
    return find_receipt(newsroom.library, kept.receipt)


def standing(receipt: Receipt, number: int, outcome: CitationStatus, **more: object) -> VerifiedCitation:
    citation = receipt.answer.citations()[number - 1]
    said = citation.model_dump(include={"article", "start", "end", "quote", "title"})
    return VerifiedCitation(number=number, outcome=outcome, **said, **more)


def test_citations_of_articles_left_alone_stand(newsroom: Newsroom) -> None:
    bridge, sweden = newsroom.publish("bridge.txt", BRIDGE), newsroom.publish("sweden.txt", SWEDEN)
    quotes = quote(bridge, "It opens to cyclists in May."), quote(sweden, "Pål Jonson said so in Tōkyō 🗼")
    receipt = keep(newsroom, make_answer(newsroom.library, *quotes))
    newsroom.publish("other.txt", "Something else\n\nIt has nothing to do with any of this, says nobody.")
    found = verify(newsroom.library, receipt)
    assert found == Verification(
        receipt=receipt.id,
        question="what is new?",
        generation=receipt.generation,
        generation_now=receipt.generation + 1,
        citations=(standing(receipt, 1, CitationStatus.VALID), standing(receipt, 2, CitationStatus.VALID)),
    )
    assert found.all_valid


def test_each_change_is_told_for_each_citation(newsroom: Newsroom) -> None:
    bridge, sweden = newsroom.publish("bridge.txt", BRIDGE), newsroom.publish("sweden.txt", SWEDEN)
    third = newsroom.publish("third.txt", "Third thing\n\nThis happened, and nobody saw it happen.")
    fourth = newsroom.publish("fourth.txt", "Fourth thing\n\nThis happened after the third thing.")
    receipt = keep(
        newsroom,
        make_answer(
            newsroom.library,
            quote(bridge, "The new bridge in Ghent cost 12 million euros."),
            quote(bridge, "It opens to cyclists in May."),
            quote(sweden, "Sweden warned on Monday."),
            quote(third, "nobody saw it happen"),
            quote(fourth, "after the third thing"),
        ),
    )
    newsroom.publish("bridge.txt", BRIDGE.replace("May", "June"))
    last = newsroom.publish("bridge.txt", f"{BRIDGE.replace('May', 'July')}\n\nThe new bridge in Ghent.")
    newsroom.library.remove(sweden.id)
    tamper(newsroom, third.id, "nobody", "nobodi")
    found = verify(newsroom.library, receipt)
    at = last.text.index("The new bridge in Ghent cost")
    assert found.citations == (
        standing(
            receipt,
            1,
            CitationStatus.SUPERSEDED,
            successor=Successor(article=last.id, title="Bridge in Ghent", quote_at=(at,)),
        ),
        standing(
            receipt,
            2,
            CitationStatus.SUPERSEDED,
            successor=Successor(article=last.id, title="Bridge in Ghent"),
        ),
        standing(receipt, 3, CitationStatus.REMOVED),
        standing(receipt, 4, CitationStatus.CHANGED, detail="the stored text is not the text that was cited"),
        standing(receipt, 5, CitationStatus.VALID),
    )
    assert not found.all_valid


def test_an_article_that_comes_back_stands_again(newsroom: Newsroom) -> None:
    bridge = newsroom.publish("bridge.txt", BRIDGE)
    receipt = keep(newsroom, make_answer(newsroom.library, quote(bridge, "It opens to cyclists in May.")))
    newsroom.publish("bridge.txt", SWEDEN)
    assert not verify(newsroom.library, receipt).all_valid
    newsroom.publish("bridge.txt", BRIDGE)
    assert verify(newsroom.library, receipt).all_valid


def test_every_place_of_a_quote_in_the_new_edition_is_told(newsroom: Newsroom) -> None:
    bridge = newsroom.publish("bridge.txt", BRIDGE)
    receipt = keep(newsroom, make_answer(newsroom.library, quote(bridge, "in")))
    edition = newsroom.publish("bridge.txt", "Once\n\nin in inin 🗼 in")
    (found,) = verify(newsroom.library, receipt).citations
    assert found.successor is not None
    places = found.successor.quote_at
    assert places == (6, 9, 12, 14, 19)
    assert {edition.text[start : start + 2] for start in places} == {"in"}


def test_nearest_passages_are_verified_and_nothing_cited_stands(newsroom: Newsroom) -> None:
    bridge = newsroom.publish("bridge.txt", BRIDGE)
    (cited,) = quote(bridge, "It opens to cyclists in May.").citations
    nearest = Nearest(**cited.model_dump(), score=0.1)
    receipt = keep(newsroom, make_answer(newsroom.library).model_copy(update={"nearest": (nearest,)}))
    nothing = keep(newsroom, make_answer(newsroom.library))
    newsroom.library.remove(bridge.id)
    assert verify(newsroom.library, receipt).citations == (standing(receipt, 1, CitationStatus.REMOVED),)
    assert (verify(newsroom.library, nothing).citations, verify(newsroom.library, nothing).all_valid) == (
        (),
        True,
    )


def test_a_quote_that_was_edited_in_the_receipt_does_not_stand(newsroom: Newsroom) -> None:
    bridge = newsroom.publish("bridge.txt", BRIDGE)
    receipt = keep(newsroom, make_answer(newsroom.library, quote(bridge, "It opens to cyclists in May.")))
    edited = Receipt.model_validate_json(receipt.model_dump_json().replace("in May.", "in Nov."))
    assert verify(newsroom.library, edited).citations == (
        standing(edited, 1, CitationStatus.CHANGED, detail="the quote is not at its place"),
    )
    elsewhere = receipt.model_dump_json().replace(bridge.id, bridge.id[:6])
    shortened = Receipt.model_validate_json(elsewhere)
    assert [each.outcome for each in verify(newsroom.library, shortened).citations] == [
        CitationStatus.REMOVED
    ]


def test_a_receipt_of_another_library_is_refused(open_newsroom: Callable[[str], Newsroom]) -> None:
    mine, yours = open_newsroom("mine"), open_newsroom("yours")
    bridge = mine.publish("bridge.txt", BRIDGE)
    yours.publish("bridge.txt", BRIDGE)
    receipt = keep(mine, make_answer(mine.library, quote(bridge, "It opens to cyclists in May.")))
    with pytest.raises(PullquoteError) as refused:
        verify(yours.library, receipt)
    assert str(refused.value) == (
        f"Receipt {receipt.id} is of another library ({mine.library.uuid[:8]}…, this one is "
        f"{yours.library.uuid[:8]}…). Name its own: pullquote --library FOLDER verify {receipt.id}"
    )


class Fate(StrEnum):
    NOTHING = "nothing"
    APPENDED = "appended"
    REWRITTEN = "rewritten"
    REMOVED = "removed"
    TAMPERED = "tampered"
    READ_ELSEWHERE = "read elsewhere"
    REPLACED_ELSEWHERE = "replaced elsewhere"


EXPECTED = {
    Fate.NOTHING: (CitationStatus.VALID, None),
    Fate.APPENDED: (CitationStatus.SUPERSEDED, True),
    Fate.REWRITTEN: (CitationStatus.SUPERSEDED, False),
    Fate.REMOVED: (CitationStatus.REMOVED, None),
    Fate.TAMPERED: (CitationStatus.CHANGED, None),
    Fate.READ_ELSEWHERE: (CitationStatus.VALID, None),
    Fate.REPLACED_ELSEWHERE: (CitationStatus.VALID, None),
}
"""What becomes of a citation, and whether the quote stands in the new edition."""


@dataclass(frozen=True)
class Story:
    """An article to be, where it is quoted, and what happens to it afterwards."""

    words: tuple[str, ...]
    first: int
    last: int
    fate: Fate


@st.composite
def stories(draw: st.DrawFn) -> Story:
    words = draw(st.lists(st.text("abcxyzéß漢字🗼ا", min_size=1, max_size=6), min_size=4, max_size=12))
    first = draw(st.integers(0, len(words) - 1))
    return Story(
        tuple(words), first, draw(st.integers(first, len(words) - 1)), draw(st.sampled_from(list(Fate)))
    )


@pytest.mark.parametrize(
    "examples", [pytest.param(6, id="short"), pytest.param(60, id="long", marks=pytest.mark.torture)]
)
def test_verification_flags_exactly_what_was_changed(newsroom: Newsroom, examples: int) -> None:
    numbers = count()

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(stories(), min_size=1, max_size=5))
    def tell(written: list[Story]) -> None:
        articles, statements = [], []
        for story in written:
            number = next(numbers)
            words = [f"{word}{number}q{at}" for at, word in enumerate(story.words)]
            article = newsroom.publish(f"{number}.txt", f"Title {number}\n\n{' '.join(words)} end.")
            articles.append((number, article))
            statements.append(quote(article, " ".join(words[story.first : story.last + 1])))
        receipt = keep(newsroom, make_answer(newsroom.library, *statements))
        for (number, article), story in zip(articles, written, strict=True):
            if story.fate is Fate.APPENDED:
                newsroom.publish(f"{number}.txt", f"{article.text} More.")
            elif story.fate is Fate.REWRITTEN:
                newsroom.publish(f"{number}.txt", f"Title {number}\n\nIt reads otherwise now: {number}.")
            elif story.fate is Fate.REMOVED:
                newsroom.library.remove(article.id)
            elif story.fate is Fate.TAMPERED:
                tamper(newsroom, article.id, "end.", "and.")
            elif story.fate is Fate.READ_ELSEWHERE:
                newsroom.publish(f"{number}-again.txt", article.text)
            elif story.fate is Fate.REPLACED_ELSEWHERE:
                newsroom.publish(f"{number}-again.txt", article.text)
                newsroom.publish(f"{number}-again.txt", f"{article.text} More.")
        found = verify(newsroom.library, receipt)
        told = [
            (each.outcome, bool(each.successor.quote_at) if each.successor else None)
            for each in found.citations
        ]
        assert told == [EXPECTED[story.fate] for story in written]
        assert found.all_valid == all(outcome is CitationStatus.VALID for outcome, _ in told)

    tell()


def tamper(newsroom: Newsroom, article_id: str, old: str, new: str) -> None:
    connection = sqlite3.connect(newsroom.database)
    with connection:
        changed = connection.execute(
            "UPDATE texts SET text = replace(text, ?, ?) WHERE article_id = ?", (old, new, article_id)
        )
        assert changed.rowcount == 1
    connection.close()
