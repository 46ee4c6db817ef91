"""ALCE's citation metrics (Gao et al., EMNLP 2023), of grades that a judge has given or could not give.

A grade is True, False, or None: unscored. What hangs on a grade that is missing is missing, and never wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Grade = bool | None


def judged_recall(grades: Sequence[Grade]) -> float | None:
    """Share of statements that what they cite, taken together, supports; unscored ones are left out.

    None where none is scored.
    """
    return _mean(grades)


def judged_precision(citations: Sequence[Sequence[Grade]]) -> float | None:
    """Share of citations, over all statements, that are needed or enough; unscored ones are left out."""
    return _mean([grade for of_statement in citations for grade in of_statement])


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


def _mean(grades: Sequence[Grade]) -> float | None:
    scored = [grade for grade in grades if grade is not None]
    return sum(scored) / len(scored) if scored else None
