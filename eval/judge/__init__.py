"""Judges: models that grade whether citations support statements, held against people before they gate."""

from __future__ import annotations

from enum import StrEnum

AGREEMENT = 0.4
"""What the low end of kappa's 95 % interval has to reach. Moderate agreement begins at 0.41 (Landis and Koch,
Biometrics 33, 1977). Where people say yes as often as no, kappa is sensitivity + specificity - 1, that is the
share of a true change that a judge shows: at 0.4 a loss of 10 points looks like one of 4, and the gate, which
sees 10 points in 200 questions, sees a true loss of 25. GPT-4's balanced accuracy of 0.824 on SummEdits is a
kappa of 0.65 at equal shares."""


# Here, as the commands' help names it and must not load what reads labels.
class LabelLayout(StrEnum):
    """Published formats of what people said."""

    SUMMEDITS = "summedits"
    SUMMHAY = "summhay"
    EXPERTQA = "expertqa"
