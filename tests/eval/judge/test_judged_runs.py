"""`eval run`, `score`, `compare` and `gate` with a judge."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.judge.files import read_grades
from eval.judge.grading import hash_judge_prompts
from eval.runs.folder import read_scored
from tests.eval.fleet import SUITE, Pilot, crew
from tests.eval.judge.grading import Grader, always_yes, by_words, say, write_summedits
from tests.peers.scripted_openai import ScriptedOpenAI

Run = Callable[..., Any]
PIN = hash_judge_prompts()[:12]


@pytest.fixture
def judged(fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The fleet, gated by what a judge says."""
    suite = tmp_path / "judged"
    shutil.copytree(fleet, suite)
    text = SUITE.replace("gate: [passed, evidence_recall]", "gate: [passed, judged_recall]")
    (suite / "suite.yaml").write_text(text, "utf-8")
    return suite


@pytest.fixture
def ask(pullquote: Run, judged: Path, use: Callable[..., None]) -> Run:
    """Run the suite with a pilot and a judge's rule; gives the command's outcome and the judge."""

    def ask(rule: Callable[[str, str], str], pilot: Pilot | None = None, judge: str = "scripted") -> Any:
        grader = Grader(rule, pilot or Pilot())
        with ScriptedOpenAI(grader) as server:
            use(server)
            return pullquote("eval", "run", str(judged), "--with-model", "--judge", judge, "--fresh")

    return ask


@pytest.fixture
def calibrate(pullquote: Run, use: Callable[..., None], tmp_path: Path) -> Run:
    """Hold a judge's rule against labels of our own."""

    def calibrate(rule: Callable[[str, str], str]) -> None:
        labels = write_summedits(tmp_path / "summedits_news.jsonl", fleets=2)
        with ScriptedOpenAI(Grader(rule)) as server:
            use(server)
            words = ("eval", "judge", "calibrate", "--judge", "scripted", "--data", str(labels))
            assert pullquote(*words).code == 0

    return calibrate


def values(folder: Path) -> dict[str, float | None]:
    return {metric.name: metric.estimate for metric in read_scored(folder).summary.metrics}


def test_a_judge_grades_every_statement_and_is_asked_once(ask: Run, pullquote: Run) -> None:
    ran = ask(by_words)
    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[0] == f"fleet: 8 cases, scripted, judged by scripted (prompt {PIN})"
    assert (
        "| judged_recall | 8 | 1.000 | 0.631 to 1.000 | statements supported by what they cite, as the judge "
        "reads it |" in ran.out
    )
    assert ran.err.splitlines()[-2] == f"{ran.run.name}: 8 of 8 judged"
    assert ran.err.splitlines()[-1].startswith("scripted: 32 requests, ")
    grades = read_grades(ran.run)
    assert grades is not None and len(grades.rows) == 16
    assert grades.rows[0].grade.model_dump(mode="json") == {
        "value": True,
        "unscored": "",
        "orders": [{"label": "supported", "reason": "It is said so."}] * 2,
    }
    before = (ran.run / "scores.jsonl").read_text("utf-8")
    again = pullquote("eval", "score", str(ran.run))
    assert again.out == ran.out
    assert (ran.run / "scores.jsonl").read_text("utf-8") == before


def test_half_of_the_statements_not_supported(ask: Run) -> None:
    found = values(ask(lambda text, shown: say("not_supported" if "crew" in text else "supported")).run)
    assert (found["judged_recall"], found["judged_precision"], found["passed"]) == (0.5, 0.5, 1)


def test_what_the_judge_cannot_read_is_unscored_and_never_wrong(ask: Run) -> None:
    def rule(text: str, shown: str) -> str:
        return "…" if "Heron" in text else by_words(text, shown)

    scored = read_scored(ask(rule).run)
    (recall,) = (metric for metric in scored.summary.metrics if metric.name == "judged_recall")
    assert (recall.estimate, recall.cases, recall.unscored) == (1, 7, 1)
    (heron,) = (score for score in scored.scores if score.case == "heron")
    assert heron.unscored == {
        "cost": "price not known",
        "judged_recall": "scripted gave no grade that can be read",
        "judged_precision": "scripted gave no grade that can be read",
    }
    assert heron.values["passed"] == 1


def test_quotes_support_themselves_and_nobody_is_asked(
    pullquote: Run, judged: Path, use: Callable[..., None]
) -> None:
    grader = Grader(by_words)
    with ScriptedOpenAI(grader) as server:
        use(server)
        ran = pullquote("eval", "run", str(judged), "--judge", "scripted")
    assert (ran.code, grader.asked, values(ran.run)["judged_recall"]) == (0, [], 1)


def test_a_judge_that_goes_down_leaves_the_run_and_its_scores(
    pullquote: Run, judged: Path, use: Callable[..., None], fleet: Path
) -> None:
    grader = Grader(by_words, Pilot())
    with ScriptedOpenAI(grader) as server:
        use(server)
        run = pullquote("eval", "run", str(judged), "--with-model", "--fresh").run
        before = (run / "summary.json").read_text("utf-8")
        grader.left = 5
        ran = pullquote("eval", "score", str(run), "--judge", "scripted")
        assert ran.code == 2
        assert ran.err.splitlines()[-2].startswith(
            "pullquote: The judge failed after 2 grades, which are cached: "
        )
        assert (run / "summary.json").read_text("utf-8") == before
        grader.left = None
        ran = pullquote("eval", "score", str(run), "--judge", "scripted")
    assert (ran.code, len(grader.asked), values(run)["judged_recall"]) == (0, 32, 1)


def test_different_judges_are_not_compared(ask: Run, pullquote: Run) -> None:
    one, other = ask(by_words).run, ask(by_words, judge="another").run
    ran = pullquote("eval", "compare", str(one), str(other))
    assert ran.code == 0
    assert "judged_recall |" not in ran.out and "evidence_recall" in ran.out
    assert (
        f"Note: judged_recall and judged_precision are not compared: {one.name} was judged by scripted "
        f"(prompt {PIN}), {other.name} by another (prompt {PIN}); score one again with the other's judge."
        in ran.out.splitlines()
    )


def test_a_run_that_nobody_judged_is_said_to_be(
    ask: Run, pullquote: Run, judged: Path, use: Callable[..., None]
) -> None:
    one = ask(by_words).run
    with ScriptedOpenAI(Pilot()) as server:
        use(server)
        other = pullquote("eval", "run", str(judged), "--with-model", "--fresh").run
    note = (
        f"Note: judged_recall and judged_precision are not compared: {one.name} was judged by scripted "
        f"(prompt {PIN}), {other.name} by no model; score one again with the other's judge."
    )
    assert note in pullquote("eval", "compare", str(one), str(other)).out.splitlines()
    ran = pullquote("eval", "gate", str(other), "--against", str(one))
    assert (ran.code, ran.out) == (2, f"broken\njudged_recall could not be taken in both runs\n{note}\n")


def test_a_judge_that_nobody_held_against_people_does_not_gate(ask: Run, pullquote: Run) -> None:
    before = ask(by_words).run
    after = ask(lambda text, shown: say("not_supported")).run
    ran = pullquote("eval", "gate", str(after), "--against", str(before))
    assert (ran.code, ran.out) == (
        0,
        "held\n"
        f"Note: judged_recall does not gate: the judge scripted (prompt {PIN}) has not been held against "
        "people. Next: pullquote eval judge calibrate --judge scripted --data PATH.\n",
    )


def test_a_judge_held_against_people_gates(ask: Run, pullquote: Run, calibrate: Run) -> None:
    """What a model adds in words that no check looks for, a judge sees."""

    def embellish(name: str) -> str:
        return crew(name).replace(".", ", to the delight of everybody.")

    calibrate(by_words)
    before = ask(by_words).run
    after = ask(by_words, Pilot(count=embellish)).run
    ran = pullquote("eval", "gate", str(after), "--against", str(before))
    assert (ran.code, ran.out) == (
        1,
        "regression\njudged_recall fell from 1.000 to 0.500 (n = 8, p = 0.0078)\n",
    )
    strict = pullquote("eval", "gate", str(after), "--against", str(before), "--agreement", "0.9")
    assert (strict.code, strict.out) == (
        0,
        "held\n"
        f"Note: judged_recall does not gate: the judge scripted (prompt {PIN}) on summedits has a kappa of "
        "1.00 [0.59, 1.00], whose low end is below 0.9.\n",
    )


def test_a_judge_that_always_says_yes_cannot_gate(ask: Run, pullquote: Run, calibrate: Run) -> None:
    calibrate(always_yes)
    before, after = ask(always_yes).run, ask(always_yes).run
    ran = pullquote("eval", "gate", str(after), "--against", str(before))
    assert (ran.code, ran.out) == (
        0,
        "held\n"
        f"Note: judged_recall does not gate: the judge scripted (prompt {PIN}) on summedits has a kappa of "
        "0.00 without an interval: all resamples alike, so no interval.\n",
    )


def test_where_only_the_judge_gates_and_may_not_the_gate_is_broken(
    ask: Run, pullquote: Run, judged: Path
) -> None:
    text = (judged / "suite.yaml").read_text("utf-8").replace("[passed, judged_recall]", "[judged_recall]")
    (judged / "suite.yaml").write_text(text, "utf-8")
    before, after = ask(by_words).run, ask(by_words).run
    ran = pullquote("eval", "gate", str(after), "--against", str(before))
    assert ran.code == 2
    assert ran.out.splitlines()[:2] == [
        "broken",
        "no metric that suite “fleet” names under `gate` may gate",
    ]


def test_damaged_grades_and_calibrations_say_how_to_make_them_again(
    ask: Run, pullquote: Run, home: Path
) -> None:
    run = ask(by_words).run
    (run / "grades.json").write_text(json.dumps({"format": 1}), "utf-8")
    ran = pullquote("eval", "score", str(run))
    assert (ran.code, ran.err) == (
        2,
        f"pullquote: {run / 'grades.json'} is not as Pullquote wrote it: judge: Field required. "
        f"Grade it again: pullquote eval score {run} --judge MODEL\n",
    )
    kept = home / "evaluations" / "judges" / "scripted.json"
    kept.parent.mkdir(parents=True)
    kept.write_text("{", "utf-8")
    ran = pullquote("eval", "gate", str(run), "--against", str(run))
    assert ran.code == 2
    assert ran.err.startswith(f"pullquote: {kept} is damaged: it is not JSON. ")
    assert ran.err.endswith("Make it again: pullquote eval judge calibrate\n")
