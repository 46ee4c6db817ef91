"""ALCE's citation metrics (Gao et al., EMNLP 2023), of grades that a judge has given or could not give.

A grade is True, False, or None: unscored. What hangs on a grade that is missing is missing, and never wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Grade = bool | None


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
