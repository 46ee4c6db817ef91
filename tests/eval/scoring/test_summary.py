"""A run's numbers, from rows of our own."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from agent.answer.answer import Usage
from eval.report.tables import render_run
from eval.runs.rows import AnswerRow, MetricSummary
from eval.suites.cases import PlannedCase
from tests.eval.runs.rows import SECOND, answer, make_run, plan, quote, row, say


def summarize(tmp_path: Path, cases: list[PlannedCase], rows: list[AnswerRow]) -> dict[str, MetricSummary]:
    return {metric.name: metric for metric in make_run(tmp_path, "run", cases, rows).summary.metrics}


def test_refusals_are_counted_over_the_cases_they_are_of(tmp_path: Path) -> None:
    # Answerable: one answered, one refused. Unanswerable: two refused, one answered.
    cases = [plan(1), plan(2), *(plan(n, gold=[], unanswerable=True) for n in (3, 4, 5))]
    rows = [
        row("c1", quote()),
        *(row(f"c{n}", answer(confidence=0.2)) for n in (2, 3, 4)),
        row("c5", quote()),
    ]
    found = summarize(tmp_path, cases, rows)
    shown = {
        n: (found[n].cases, found[n].estimate)
        for n in ("refusal_precision", "refusal_recall", "false_refusals")
    }
    assert shown == {
        "refusal_precision": (3, pytest.approx(2 / 3)),
        "refusal_recall": (3, pytest.approx(2 / 3)),
        "false_refusals": (2, 1 / 2),
    }
    # By confidence: .9 right and .9 unanswerable, then three of .2, of which c2 has nothing ranked.
    risks = [1 / 2, 1 / 2, 2 / 3, 3 / 4, 4 / 5]
    assert found["aurc"].estimate == pytest.approx(sum(risks) / 5)
    # Two of confidence .9, one answerable; three of .2, one answerable.
    assert found["ece"].estimate == pytest.approx((2 * abs(0.9 - 1 / 2) + 3 * abs(0.2 - 1 / 3)) / 5)


def test_one_case_has_no_interval_and_says_so(tmp_path: Path) -> None:
    found = summarize(tmp_path, [plan(1)], [row("c1", quote())])
    assert found["passed"] == MetricSummary(name="passed", cases=1, estimate=1.0, note="n = 1")


def test_a_metric_that_no_case_could_have_says_why(tmp_path: Path) -> None:
    found = summarize(tmp_path, [plan(1)], [row("c1", answer())])
    assert found["evidence_precision"] == MetricSummary(
        name="evidence_precision", cases=0, unscored=1, estimate=None, note="nothing is cited"
    )


def test_languages_stand_apart_and_the_gap_between_them(tmp_path: Path) -> None:
    cases = [plan(1, group="g"), plan(2, group="g", language="de")]
    scored = make_run(tmp_path, "run", cases, [row("c1", quote()), row("c2", quote(SECOND))])
    by = {(each.language, each.metric.name): each.metric.estimate for each in scored.summary.languages}
    assert (by["en", "hit@1"], by["de", "hit@1"]) == (1.0, 0.0)
    (gap,) = (metric for metric in scored.summary.metrics if metric.name == "language_gap")
    assert gap.estimate == 1.0


def test_what_a_run_took_is_added_up(tmp_path: Path) -> None:
    def spend(cost: str | None, total_ms: float) -> Usage:
        return Usage(
            model_calls=1,
            prompt_tokens=100,
            completion_tokens=20,
            cost=Decimal(cost) if cost else None,
            total_ms=total_ms,
            model_ms=total_ms / 2,
        )

    words = "The harbour did not burn."
    rows = [
        row(f"c{number}", say(words).model_copy(update={"usage": spend("0.002", 100.0 * number)}))
        for number in (1, 2, 3)
    ]
    scored = make_run(tmp_path, "run", [plan(1), plan(2), plan(3)], [*rows[:2], rows[2]])
    totals = scored.summary.totals
    assert (totals.answers, totals.prompt_tokens, totals.completion_tokens) == (3, 300, 60)
    assert totals.cost == Decimal("0.006")
    found = {metric.name: metric.estimate for metric in scored.summary.metrics}
    assert (found["tokens"], found["cost"]) == (120, pytest.approx(0.002))
    assert (found["total_ms_p50"], found["total_ms_p95"], found["model_ms_p50"]) == (200, 290, 100)
    lines = render_run(scored).splitlines()
    assert lines[0] == "plain: 3 cases, no model"
    assert lines[-2] == "3 answers · 360 tokens of the model, $0.0060"


def test_false_and_true_claims_are_weighed_alike(tmp_path: Path) -> None:
    from agent.answer.answer import Check
    from eval.runs.rows import ClaimOutcome
    from tests.eval.runs.rows import NOON

    # True: two of two kept. False: one of four found.
    labels = [(True, True), (True, True), (False, False), (False, True), (False, True), (False, True)]
    cases = [
        plan(number, question=None, gold=[], claim={"text": "x", "article": "a.md", "holds": holds})
        for number, (holds, _) in enumerate(labels)
    ]
    rows = [
        AnswerRow(
            case=f"c{number}",
            repeat=0,
            asked=NOON,
            claim=(ClaimOutcome(text="x", checks=(Check(name="numbers", passed=passes),)),),
        )
        for number, (_, passes) in enumerate(labels)
    ]
    found = summarize(tmp_path, cases, rows)
    names = ("claim_correct", "balanced_accuracy", "false_claims_found", "true_claims_rejected")
    assert {name: (found[name].cases, found[name].estimate) for name in names} == {
        "claim_correct": (6, 1 / 2),
        "balanced_accuracy": (6, (1 + 1 / 4) / 2),
        "false_claims_found": (4, 1 / 4),
        "true_claims_rejected": (2, 0),
    }
