"""What two runs are worth beside each other, and what the gate says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.comparison.gate import GateOutcome, Ruling, judge
from eval.comparison.pairs import compare_runs
from eval.report.tables import dump_comparison, render_comparison
from tests.eval.runs.rows import FIRST, SECOND, answer, make_run, make_runs, plan, quote, row
from vectorstore import PullquoteError


def test_an_unchanged_run_holds(tmp_path: Path) -> None:
    comparison = compare_runs(*make_runs(tmp_path, 10, lambda number: row(f"c{number}", quote())))
    assert judge(comparison) == Ruling(GateOutcome.HELD, ())
    (passed,) = (each for each in comparison.differences if each.metric.name == "passed")
    assert (passed.difference, passed.low, passed.note, passed.chance_of_loss) == (
        0,
        None,
        "no case differs",
        1,
    )
    assert comparison.flips == ()


def test_a_loss_beyond_chance_is_a_regression(tmp_path: Path) -> None:
    comparison = compare_runs(
        *make_runs(tmp_path, 12, lambda n: row(f"c{n}", quote(SECOND) if n < 6 else quote()))
    )
    # Six lost and none gained: 2 ** -6.
    assert judge(comparison) == Ruling(
        GateOutcome.REGRESSION, ("passed fell from 1.000 to 0.500 (n = 12, p = 0.016)",)
    )
    assert [(flip.case.case.id, flip.is_loss) for flip in comparison.flips] == [
        (f"c{number}", True) for number in range(6)
    ]
    found = json.loads(dump_comparison(comparison))
    assert found["flips"][0] == {"case": "c0", "metric": "passed", "before": 1.0, "after": 0.0}
    table = render_comparison(comparison, 2).splitlines()
    assert table[-4:] == [
        "6 cases changed:",
        "- c0  Did the harbour burn?  (passed 1.000 → 0.000)",
        "- c1  Did the harbour burn?  (passed 1.000 → 0.000)",
        "… and 4 more; --json has all",
    ]


def test_a_loss_within_chance_is_held(tmp_path: Path) -> None:
    comparison = compare_runs(
        *make_runs(tmp_path, 12, lambda n: row(f"c{n}", quote(SECOND) if n < 4 else quote()))
    )
    assert judge(comparison).outcome is GateOutcome.HELD


def test_a_floor_holds_however_uncertain(tmp_path: Path) -> None:
    comparison = compare_runs(
        *make_runs(
            tmp_path,
            12,
            lambda n: row(f"c{n}", quote(SECOND) if n < 1 else quote()),
            floors={"evidence_recall": 1.0, "false_refusals": 0.0},
        )
    )
    assert judge(comparison) == Ruling(
        GateOutcome.REGRESSION, ("evidence_recall is 0.917, and the suite asks for 1",)
    )


def test_one_case_can_tell_nothing(tmp_path: Path) -> None:
    comparison = compare_runs(*make_runs(tmp_path, 1, lambda n: row(f"c{n}", quote(SECOND))))
    assert judge(comparison) == Ruling(
        GateOutcome.BROKEN,
        ("n = 1 on too few articles: no loss could be distinguished from chance; ask more cases",),
    )
    (passed,) = (each for each in comparison.differences if each.metric.name == "passed")
    assert (passed.difference, passed.low, passed.note) == (-1, None, "n = 1")


def test_failed_answers_break_a_run_and_are_not_wrong(tmp_path: Path) -> None:
    comparison = compare_runs(
        *make_runs(
            tmp_path,
            10,
            lambda n: row(f"c{n}", None, failure="declined") if n < 2 else row(f"c{n}", quote()),
        )
    )
    assert judge(comparison) == Ruling(
        GateOutcome.BROKEN,
        ("2 of 10 answers failed; declined",),
        ("after: 2 answers failed and are unscored",),
    )
    (passed,) = (each for each in comparison.differences if each.metric.name == "passed")
    assert (passed.cases, passed.after) == (8, 1.0)


def test_a_metric_that_went_missing_breaks_a_run(tmp_path: Path) -> None:
    comparison = compare_runs(
        *make_runs(
            tmp_path,
            10,
            lambda n: row(f"c{n}", answer() if n < 5 else quote()),
            gate=("evidence_precision",),
        )
    )
    assert judge(comparison) == Ruling(
        GateOutcome.BROKEN, ("evidence_precision is missing of 5 of 10 cases: nothing is cited",)
    )


def test_a_gate_without_a_metric_is_broken(tmp_path: Path) -> None:
    runs = make_runs(tmp_path, 8, lambda n: row(f"c{n}", quote()), gate=())
    assert judge(compare_runs(*runs)) == Ruling(
        GateOutcome.BROKEN, ("suite “plain” names no metric under `gate`",)
    )
    runs = make_runs(tmp_path / "2", 8, lambda n: row(f"c{n}", quote()), gate=("token_f1",))
    assert judge(compare_runs(*runs)).reasons == ("token_f1 could not be taken in both runs",)


def refused(before: dict[str, object], after: dict[str, object], tmp_path: Path) -> str:
    rows = [row("c1", quote()), row("c2", quote())]
    one = make_run(tmp_path, "one", [plan(1), plan(2)], rows, **before)
    other = make_run(tmp_path, "other", [plan(1), plan(2, answers=["x"])], rows, **after)
    with pytest.raises(PullquoteError) as caught:
        compare_runs(one, other)
    return str(caught.value)


def test_runs_that_are_not_alike_are_refused_with_the_difference(tmp_path: Path) -> None:
    assert refused({}, {"name": "seed"}, tmp_path / "a") == (
        "one and other cannot be compared: one is of suite “plain”, the other of “seed”."
    )
    assert refused({}, {"library": "1" * 64}, tmp_path / "b") == (
        "one and other cannot be compared: the articles of suite “plain” are not the same "
        "(000000000000 and 111111111111). Run one of them again."
    )
    assert refused({}, {"sha256": "1" * 64}, tmp_path / "c") == (
        "one and other cannot be compared: suite “plain” has changed between them (1 case changed: c2). "
        "Run one of them again."
    )


def test_repeats_are_averaged_before_they_are_compared(tmp_path: Path) -> None:
    cases = [plan(number) for number in range(6)]
    asked = [(number, repeat) for number in range(6) for repeat in (0, 1)]
    rows = [row(f"c{number}", quote(SECOND if repeat else FIRST), repeat=repeat) for number, repeat in asked]
    right = [row(f"c{number}", quote(), repeat=repeat) for number, repeat in asked]
    before, after = make_run(tmp_path, "before", cases, right), make_run(tmp_path, "after", cases, rows)
    (passed,) = (d for d in compare_runs(before, after).differences if d.metric.name == "passed")
    assert (passed.cases, passed.before, passed.after, passed.chance_of_loss) == (6, 1.0, 0.5, 2**-6)


def test_an_article_with_many_cases_is_one_draw(tmp_path: Path) -> None:
    cases = [plan(number, cluster="one" if number < 6 else f"own{number}") for number in range(12)]
    right = [row(f"c{n}", quote()) for n in range(12)]
    wrong = [row(f"c{n}", quote(SECOND) if n < 6 else quote()) for n in range(12)]
    comparison = compare_runs(
        make_run(tmp_path, "before", cases, right), make_run(tmp_path, "after", cases, wrong)
    )
    (passed,) = (d for d in comparison.differences if d.metric.name == "passed")
    assert passed.chance_of_loss == 0.5
    assert judge(comparison).outcome is GateOutcome.HELD
