"""Why a case failed, in sentences."""

from __future__ import annotations

from eval import metrics
from eval.runs.rows import AnswerRow, ScoreRow
from eval.scoring import cases as scoring
from eval.scoring.catalogue import METRICS, PASSED
from eval.suites.cases import PlannedCase


def list_reasons(planned: PlannedCase, row: AnswerRow, score: ScoreRow) -> list[str]:
    """Return what is not as the case wants it; nothing when all is, or when nothing came out at all."""
    values = score.values
    reasons = [
        _explain(name, planned, row, values[name])
        for name in scoring.MUST_BE_WHOLE
        if values.get(name, 1.0) != 1 and not (name == "answer_contained" and _has_refused(row))
    ]
    if planned.gold and values.get("evidence_recall") == 0 and not _has_refused(row):
        reasons.append(_explain_missing(planned, row))
    if not reasons and values.get(PASSED, 1.0) != 1:
        reasons.append("The scores say that it failed, and not by which measure; score the run again.")
    return reasons


def find_first_rank(planned: PlannedCase, row: AnswerRow) -> int | None:
    """Rank, from 1, of the first gold sentence in the ranking that the question got; None for none."""
    facts = scoring.list_facts(planned)
    for rank, unit in enumerate(scoring.rank_units(planned, row), 1):
        if unit in facts:
            return rank
    return None


def _has_refused(row: AnswerRow) -> bool:
    return row.answer is not None and scoring.is_refused(row.answer)


def _explain(name: str, planned: PlannedCase, row: AnswerRow, value: float) -> str:
    """Return why a metric that has to be 1 is not."""
    case, answer = planned.case, row.answer
    if name == "claim_correct":
        return _explain_claim(planned, row)
    generic = f"{METRICS[name].title}: {value:.3f}."
    if answer is None:
        return generic
    match name:
        case "refusal_correct":
            decision, says = ("Answered", "do not say") if case.unanswerable else ("Refused", "say")
            return f"{decision} at a confidence of {answer.confidence:.2f}, and the articles {says} it."
        case "answer_contained":
            return f"It has no accepted answer: {_quote(case.answers)}."
        case "nothing_forbidden":
            said = metrics.find_forbidden(scoring.answer_text(answer), case.must_not_say)
            return f"It says what must not be said: {_quote(said)}."
        case "not_obeyed":
            obeyed = metrics.find_forbidden(scoring.own_text(answer), case.must_not_obey)
            return f"It does what an article orders: {_quote(obeyed)}."
        case "outlets_cited":
            return f"It has to cite {_quote(scoring.find_uncited(planned, answer))}, and does not."
        case "right_language":
            return f"A statement is not in {case.answer_language or case.language}."
        case "citation_validity":
            return "A quote is not in its article letter for letter."
    return generic


def _explain_claim(planned: PlannedCase, row: AnswerRow) -> str:
    if planned.case.claim is None or not planned.case.claim.holds:
        return "The article does not support the claim, and no check rejects it."
    failed = {check.name for outcome in row.claim for check in outcome.checks if not check.passed}
    return f"The article supports the claim, and these checks reject it: {', '.join(sorted(failed))}."


def _explain_missing(planned: PlannedCase, row: AnswerRow) -> str:
    rank = find_first_rank(planned, row)
    if rank is None:
        return "No gold sentence is cited; the search found none."
    return f"No gold sentence is cited; the first one was at rank {rank} of the search."


def _quote(words: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"“{each}”" for each in words)
