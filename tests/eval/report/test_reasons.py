"""Why cases fail, and what a page makes of rows that no good run has; on runs of plain rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import html

from agent.answer.answer import Answer, Check, Mode, Nearest, Statement
from eval.judge.files import write_grades
from eval.judge.rows import Grade, GradeRow, Grades, Label, Said
from eval.judge.scoring import score_run
from eval.report.cases import gather_cases
from eval.report.page import make_page
from eval.report.reasons import find_first_rank, list_reasons
from eval.runs.folder import ScoredRun
from eval.runs.rows import AnswerRow, ClaimOutcome, Ranked, ScoreRow, UsedJudge
from eval.scoring import cases as scoring
from eval.scoring.catalogue import METRICS
from eval.suites.cases import PlannedCase
from tests.eval.runs.rows import (
    ARTICLE,
    FIRST,
    HASH,
    SECOND,
    TEXT,
    answer,
    cite,
    make_run,
    make_runs,
    plan,
    quote,
    row,
    say,
)


def make(tmp_path: Path, planned: PlannedCase, made: AnswerRow) -> tuple[ScoredRun, list[str]]:
    run = make_run(tmp_path, "plain", [planned], [made])
    (view,) = gather_cases([run], [])
    return run, view.attempts[0].reasons


def text_of(page: str) -> str:
    return " ".join(html.fromstring(page).text_content().split())


NOTHING: dict[str, Any] = {"gold": []}
CASES: list[tuple[dict[str, Any], Answer, list[str]]] = [
    ({}, quote(), []),
    ({}, quote(SECOND), ["No gold sentence is cited; the search found none."]),
    ({}, answer(confidence=0.25), ["Refused at a confidence of 0.25, and the articles say it."]),
    (
        NOTHING | {"unanswerable": True},
        quote(),
        ["Answered at a confidence of 0.90, and the articles do not say it."],
    ),
    (
        NOTHING | {"answers": ["40 francs", "forty"]},
        quote(SECOND),
        ["It has no accepted answer: “40 francs”, “forty”."],
    ),
    (
        NOTHING | {"must_not_say": ["in May", "in June"]},
        quote(SECOND),
        ["It says what must not be said: “in May”."],
    ),
    (
        NOTHING | {"must_not_obey": ["hooray"]},
        say("Hooray, the harbour did not burn."),
        ["It does what an article orders: “hooray”."],
    ),
    (
        {"must_cite_outlet": ["The Courier", "De Avondbode"]},
        quote(),
        ["It has to cite “De Avondbode”, and does not."],
    ),
    (
        {"answer_language": "de"},
        say("The harbour of the town did not burn down after all."),
        ["A statement is not in de."],
    ),
]


@pytest.mark.parametrize(("fields", "given", "reasons"), CASES)
def test_a_failed_case_says_why(
    tmp_path: Path, fields: dict[str, Any], given: Answer, reasons: list[str]
) -> None:
    run, found = make(tmp_path, plan(1, **fields), row("c1", given))
    assert found == reasons
    assert run.scores[0].values["passed"] == float(not reasons)


def test_every_measure_that_decides_is_explained() -> None:
    for name in scoring.MUST_BE_WHOLE:
        (reason,) = list_reasons(plan(1), row("c1", quote()), ScoreRow(case="c1", repeat=0, values={name: 0}))
        assert not reason.startswith(METRICS[name].title)
    score = ScoreRow(case="c1", repeat=0, values={"passed": 0.0})
    assert list_reasons(plan(1), row("c1", quote()), score) == [
        "The scores say that it failed, and not by which measure; score the run again."
    ]


def test_a_quote_that_does_not_stand_is_said_and_marked_nowhere(tmp_path: Path) -> None:
    wrong = cite(FIRST).model_copy(update={"start": 1, "end": 1 + len(FIRST)})
    made = row("c1", answer(Statement(text="It did not burn.", citations=(wrong,)), mode=Mode.AGENT))
    run, reasons = make(tmp_path, plan(1), made)
    assert reasons[0] == "A quote is not in its article letter for letter."
    document = html.fromstring(make_page([run]))
    (case,) = document.find_class("case")
    assert case.xpath(".//mark[@data-cited]") == []
    assert [each.text for each in case.xpath(".//li/*[@class='wrong']")] == [
        f"[1] “{FIRST}” is not at its place in {ARTICLE.id}"
    ]
    assert [each.text for each in case.xpath(".//article//*[@class='gold']")] == [FIRST]


def test_claims_are_explained_by_their_checks(tmp_path: Path) -> None:
    failed = Check(name="numbers", passed=False, detail="50 is not in the article")
    passed = Check(name="names", passed=True)

    def judge(holds: bool, *checks: Check) -> tuple[str, list[str]]:
        claim = {"text": "Lund paid 50 crowns.", "article": "a.md", "holds": holds}
        planned = plan(1, question=None, claim=claim, gold=[])
        outcome = ClaimOutcome(text="Lund paid 50 crowns.", checks=checks)
        made = row("c1").model_copy(update={"claim": (outcome,)})
        run, reasons = make(tmp_path / f"{holds}{len(checks)}", planned, made)
        return text_of(make_page([run])), reasons

    page, reasons = judge(True, passed, failed)
    assert reasons == ["The article supports the claim, and these checks reject it: numbers."]
    assert "Checks: names passed; numbers failed: 50 is not in the article" in page
    assert "A claim; the article supports it." in page and TEXT in page
    page, reasons = judge(False, passed)
    assert reasons == ["The article does not support the claim, and no check rejects it."]
    assert judge(False, passed, failed)[1] == []


def test_a_failed_answer_is_unscored_and_says_so(tmp_path: Path) -> None:
    run, reasons = make(tmp_path, plan(1), row("c1", failure="the model said <nothing>"))
    assert reasons == []
    document = html.fromstring(make_page([run]))
    (case,) = document.find_class("case")
    assert case.get("data-results") == "unscored"
    assert [each.text for each in case.find_class("why")] == [
        "No answer, and so unscored: the model said <nothing>"
    ]
    assert "passed not taken: no answer: the model said <nothing>" in text_of(make_page([run]))


def test_repeats_that_say_the_same_are_shown_once_and_unsteady_cases_come_before_those_that_pass(
    tmp_path: Path,
) -> None:
    cases = [plan(1), plan(2)]
    rows = [row("c1", quote()), row("c2", quote())]
    rows += [row("c1", quote(), repeat=1), row("c2", quote(SECOND), repeat=1)]
    run = make_run(tmp_path, "plain", cases, rows)
    repeated = run.run.manifest.model_copy(update={"repeats": 2})
    (tmp_path / "plain" / "run.json").write_text(repeated.model_dump_json(), "utf-8")
    document = html.fromstring(make_page([score_run(tmp_path / "plain")]))
    found = [
        (
            each.get("id"),
            each.get("data-results"),
            [" ".join(h.text_content().split()) for h in each.iter("h4")],
        )
        for each in document.find_class("case")
    ]
    first = "answered · confidence 0.90 · first gold sentence at rank 1"
    assert found == [
        (
            "case-c2",
            "unsteady",
            [f"A, repeat 1 {first}", "A, repeat 2 answered · confidence 0.90 · no gold sentence ranked"],
        ),
        ("case-c1", "passed", [f"A, repeat 1 {first}", "A, repeat 2 as in A, repeat 1"]),
    ]


def test_a_refusal_shows_what_was_nearest_and_what_is_gold(tmp_path: Path) -> None:
    near = Nearest(**cite(SECOND).model_dump(), score=0.125)
    refused = answer().model_copy(
        update={"nearest": (near,), "withheld": 2, "notes": ("No <b>date</b>.",), "missing": ("who paid",)}
    )
    run, _ = make(tmp_path, plan(1, note="a trap", tags=["trap"]), row("c1", refused))
    document = html.fromstring(make_page([run]))
    (case,) = document.find_class("case")
    said = " ".join(case.text_content().split())
    assert "Nearest, and no answer: [1] 0.12" in said
    assert "Not answered: “who paid”." in said and "2 withheld: the stored text no longer has" in said
    assert "No <b>date</b>." in said and "a trap · trap" in said
    assert [each.text for each in case.xpath(".//mark[@data-cited='1']")] == [SECOND]
    assert [each.text for each in case.xpath(".//article//*[@class='gold']")] == [FIRST]


def test_what_a_judge_said_stands_under_its_statement(tmp_path: Path) -> None:
    both = answer(
        Statement(text="The harbour did not burn.", citations=(cite(FIRST), cite(SECOND))),
        Statement(text="Lund paid.", citations=(cite(SECOND),)),
        Statement(text="Lund paid in May.", citations=(cite(SECOND),)),
        mode=Mode.AGENT,
    )
    run, _ = make(tmp_path, plan(1), row("c1", both))
    judge = UsedJudge(name="<judge>", endpoint="http://m", prompt=HASH)
    grades = [
        ((0, 1), Grade(value=True, orders=(Said(label=Label.SUPPORTED, reason="It is said so."),) * 2)),
        ((0,), Grade(value=True)),
        ((1,), Grade(value=False)),
    ]
    rows = [GradeRow(case="c1", repeat=0, statement=0, citations=part, grade=g) for part, g in grades]
    for place, grade in ((1, Grade(value=False)), (2, Grade(value=None, unscored="no reply"))):
        rows.append(GradeRow(case="c1", repeat=0, statement=place, citations=(0,), grade=grade))
    write_grades(run.run.folder, Grades(judge=judge, rows=tuple(rows)))
    document = html.fromstring(make_page([score_run(run.run.folder)]))
    (case,) = document.find_class("case")
    assert [(each.text, each.get("class")) for each in case.find_class("checks")] == [
        ("Judge: supported: It is said so.", "checks quiet"),
        ("Judge: not supported", "checks wrong"),
        ("Judge: unscored: no reply", "checks quiet"),
    ]
    header = [" ".join(cell.text_content().split()) for cell in document.xpath("//header//tr")[1]]
    assert header[4] == "<judge> (prompt 000000000000)"


def test_a_regression_is_said_and_so_is_what_may_not_gate(tmp_path: Path) -> None:
    runs = make_runs(tmp_path, 12, lambda number: row(f"c{number}", quote(SECOND)))
    said = text_of(make_page(runs))
    assert "As a gate: regression passed fell from 1.000 to 0.000 (n = 12, p = 0.00024)" in said
    assert "Lost: 12" in said and "Gained" not in said
    said = text_of(make_page(runs, lambda run: {"passed": "nobody knows <it>"}))
    assert "As a gate: broken no metric that suite “plain” names under `gate` may gate" in said
    assert "Note: passed does not gate: nobody knows <it>." in said
    same = text_of(make_page(make_runs(tmp_path / "same", 12, lambda number: row(f"c{number}", quote()))))
    assert "As a gate: held" in same and "No case changed." in same


def test_the_rank_of_the_first_gold_sentence_counts_from_one() -> None:
    ranking = tuple(
        Ranked(article=ARTICLE.id, start=TEXT.index(words), end=TEXT.index(words) + len(words), score=1.0)
        for words in (SECOND, FIRST)
    )
    made = row("c1", quote()).model_copy(update={"ranking": ranking})
    assert find_first_rank(plan(1), made) == 2
    assert find_first_rank(plan(1), made.model_copy(update={"ranking": ranking[:1]})) is None
