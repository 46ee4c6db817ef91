"""How far a judge says what people said, on a question with two answers."""

from __future__ import annotations

from collections.abc import Sequence

Pair = tuple[bool, bool]
"""What people said of one thing, and what the judge said of it."""


def accuracy(pairs: Sequence[Pair]) -> float | None:
    """Share of things on which both say the same; None of nothing."""
    return sum(people == judge for people, judge in pairs) / len(pairs) if pairs else None


def agreement_on(pairs: Sequence[Pair], side: bool) -> float | None:
    """Share of what people called `side` that the judge calls so too; None where they called nothing so.

    On True it is the sensitivity, on False the specificity.
    """
    called = [judge == people for people, judge in pairs if people is side]
    return sum(called) / len(called) if called else None


def balanced_accuracy(pairs: Sequence[Pair]) -> float | None:
    """`(agreement on True + agreement on False) / 2`; None where people called everything the same.

    A judge that says the same of everything has 0.5, however often that is right (Brodersen et al., 2010).
    """
    sides = [share for side in (True, False) if (share := agreement_on(pairs, side)) is not None]
    return sum(sides) / 2 if len(sides) == 2 else None


def chance_agreement(pairs: Sequence[Pair]) -> float | None:
    """`p_e = Σ p_people(k) · p_judge(k)`: how often both would say the same by their shares alone."""
    if not pairs:
        return None
    people = sum(people for people, _ in pairs) / len(pairs)
    judge = sum(judge for _, judge in pairs) / len(pairs)
    return people * judge + (1 - people) * (1 - judge)


def cohen_kappa(pairs: Sequence[Pair]) -> float | None:
    """`κ = (p_o - p_e) / (1 - p_e)`: agreement beyond chance (Cohen, Educ. Psychol. Meas. 20, 1960).

    0 for a judge that says the same of everything. None of nothing, and where people called everything the
    same: then nothing could show that the judge tells one from the other.
    """
    observed, expected = accuracy(pairs), chance_agreement(pairs)
    if observed is None or expected is None or len({people for people, _ in pairs}) < 2:
        return None
    return (observed - expected) / (1 - expected)
