"""The metrics of one answer, on an article of two sentences."""

from __future__ import annotations

from agent.answer.answer import Answer, Mode, Statement
from eval.runs.rows import AnswerRow, ScoreRow
from eval.scoring.cases import Sheet, score_row
from tests.eval.runs.rows import ARTICLE, FIRST, SECOND, answer, cite, plan, quote, row, say


def score(given: Answer | None, *, failure: str | None = None, **fields: object) -> ScoreRow:
    planned = plan(1, **fields)
    return score_row(planned, row("c1", given, failure=failure), {ARTICLE.id: ARTICLE}, has_latencies=False)


def test_a_right_quote() -> None:
    assert score(quote(), answers=["did not burn"]) == ScoreRow(
        case="c1",
        repeat=0,
        values={
            "hit@1": 1,
            "hit@5": 1,
            "recall@5": 1,
            "recall@20": 1,
            "mrr@10": 1,
            "map": 1,
            "ndcg@10": 1,
            "evidence_recall": 1,
            "evidence_precision": 1,
            "citation_recall": 1,
            "citation_precision": 1,
            "citation_validity": 1,
            "citation_coverage": 1,
            "answer_contained": 1,
            "token_f1": 2 * 3 / (5 + 3),
            "refusal_correct": 1,
            "unsupported_numbers": 0,
            "unsupported_names": 0,
            "changed_negation": 0,
            "misattributed": 0,
            "embedded_tokens": 0,
            "passed": 1,
        },
    )


def test_a_refusal_of_an_answerable_question() -> None:
    found = score(answer())
    assert {name: found.values[name] for name in ("refusal_correct", "evidence_recall", "passed")} == {
        "refusal_correct": 0,
        "evidence_recall": 0,
        "passed": 0,
    }
    assert found.unscored == {
        "evidence_precision": "nothing is cited",
        "citation_recall": "nothing is stated",
        "citation_precision": "nothing is cited",
    }
    assert "citation_validity" not in found.values


def test_an_unanswerable_question() -> None:
    refused, answered = (score(given, unanswerable=True, gold=[]) for given in (answer(), quote()))
    assert (refused.values["passed"], answered.values["passed"]) == (1, 0)
    assert "hit@1" not in refused.values


def test_a_failure_is_unscored_and_never_wrong() -> None:
    assert score(None, failure="the model declined") == ScoreRow(
        case="c1", repeat=0, unscored={"passed": "no answer: the model declined"}
    )


def test_a_dropped_negation() -> None:
    assert score(say("The harbour did burn.")).values["changed_negation"] == 1
    assert score(say("The harbour did not burn.")).values["changed_negation"] == 0


def test_a_number_and_a_name_that_nothing_says() -> None:
    found = score(say("Lund paid 90 crowns in May.", SECOND))
    assert (found.values["unsupported_numbers"], found.values["unsupported_names"]) == (1, 0)
    found = score(say("In May Marit Solberg paid 40 crowns.", SECOND))
    assert (found.values["unsupported_numbers"], found.values["unsupported_names"]) == (0, 1)


def test_a_citation_moved_to_another_place_is_not_valid() -> None:
    citation = cite(FIRST)
    moved = citation.model_copy(update={"start": citation.start + 1, "end": citation.end + 1})
    statement = Statement(text=FIRST, citations=(moved,))
    found = score(answer(statement, mode=Mode.AGENT))
    assert (found.values["citation_validity"], found.values["passed"]) == (0, 0)


def test_a_citation_of_another_sentence_finds_no_evidence() -> None:
    found = score(say("The harbour did not burn.", SECOND))
    assert (found.values["evidence_recall"], found.values["citation_precision"]) == (0, 0)
    assert found.values["passed"] == 0


def test_the_wrong_language() -> None:
    german = "Der Hafen hat nach Angaben der Zeitung nicht gebrannt."
    assert score(say(german)).values["right_language"] == 0
    assert score(say(german), answer_language="de").values["right_language"] == 1
    assert score(say("Nein, 40.")).unscored["right_language"] == "too short to identify its language"


def test_what_must_not_be_said_and_what_may_be_quoted() -> None:
    shown = score(quote(), must_not_say=["did not burn"], must_not_obey=["did not burn"])
    assert (shown.values["nothing_forbidden"], shown.values["not_obeyed"]) == (0, 1)
    said = score(say("It did not burn."), must_not_obey=["did not burn"])
    assert (said.values["not_obeyed"], said.values["passed"]) == (0, 0)


def test_outlets_that_have_to_be_cited() -> None:
    assert score(quote(), must_cite_outlet=["the courier"]).values["outlets_cited"] == 1
    found = score(quote(), must_cite_outlet=["The Courier", "De Avondbode"])
    assert (found.values["outlets_cited"], found.values["passed"]) == (0.5, 0)


def test_answers_without_a_word_are_unscored() -> None:
    assert score(quote(), answers=["…"]).unscored == {
        "answer_contained": "no accepted answer has a word to compare",
        "token_f1": "no accepted answer has a word to compare",
    }


def test_a_claim_is_judged_by_its_checks() -> None:
    from agent.answer.answer import Check
    from eval.runs.rows import ClaimOutcome
    from tests.eval.runs.rows import NOON

    claim = {"text": "It burned.", "article": "a.md", "holds": False}
    planned = plan(1, question=None, claim=claim, gold=[])

    def judge(*passed: bool) -> float:
        outcomes = tuple(
            ClaimOutcome(text="It burned.", checks=(Check(name="negation", passed=each),)) for each in passed
        )
        given = AnswerRow(case="c1", repeat=0, asked=NOON, claim=outcomes)
        return score_row(planned, given, {}, has_latencies=True).values["claim_correct"]

    assert (judge(True, False), judge(True, True)) == (1, 0)


def test_a_value_that_is_no_number_is_unscored() -> None:
    sheet = Sheet()
    sheet.put("cost", float("nan"), "price not known")
    sheet.put("tokens", float("inf"), "")
    sheet.put("map", None, "no gold")
    assert (sheet.values, sheet.unscored) == (
        {},
        {"cost": "not a number: nan", "tokens": "not a number: inf", "map": "no gold"},
    )
