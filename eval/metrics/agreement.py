"""How far a judge says what people said; and ALCE's metrics of its grades (Gao et al., EMNLP 2023)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Pair = tuple[bool, bool]
"""What people said of one thing, and what the judge said of it."""
Grade = bool | None
"""None is unscored. What hangs on a grade that is missing is missing, and never wrong."""


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
    sensitivity, specificity = agreement_on(pairs, True), agreement_on(pairs, False)
    if sensitivity is None or specificity is None:
        return None
    return (sensitivity + specificity) / 2


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


def share_supported(grades: Sequence[Grade]) -> float | None:
    """Share that is supported, unscored ones left out; None where none is scored.

    Of statements with all they cite it is the recall; of citations, over all statements, the precision: a
    citation is right where it is needed or enough.
    """
    scored = [grade for grade in grades if grade is not None]
    return sum(scored) / len(scored) if scored else None


def grade_citations(
    whole: Grade, count: int, alone: Callable[[int], Grade], without: Callable[[int], Grade]
) -> list[Grade]:
    """Whether each of a statement's citations is precise: it supports the statement alone, or the others do
    not without it. None is where all together do not support it.

    Args:
        whole: the grade of all citations together.
        count: how many there are, at least 1.
        alone: the grade of one of them; asked only where it decides.
        without: the grade of all but one of them; asked only where it decides.
    """
    if not whole or count == 1:
        return [whole] * count
    found: list[Grade] = []
    for row in range(count):
        one = alone(row)
        rest = True if one else without(row)
        if one or rest is False:
            found.append(True)
        else:
            found.append(False if one is False and rest else None)
    return found
