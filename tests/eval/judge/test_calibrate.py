"""`pullquote eval judge calibrate` as a user meets it, with good judges and bad ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from eval.judge.grading import hash_judge_prompts
from eval.judge.rows import Calibration
from tests.eval.judge.grading import Grader, always_yes, by_words, say, write_summedits
from tests.peers.scripted_openai import ScriptedOpenAI, Status, Text

Run = Callable[..., Any]
JUDGE = f"scripted (prompt {hash_judge_prompts()[:12]})"


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    return write_summedits(tmp_path / "summedits_news.jsonl")


@pytest.fixture
def calibrate(
    pullquote: Run,
    use: Callable[..., None],
    labels: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Run]:
    """Hold a rule against the labels; the server stays, the judge behind it may change."""
    monkeypatch.setenv("PULLQUOTE_CACHE", str(tmp_path / "cache"))
    graders: list[Grader] = []

    def calibrate(rule: Callable[[str, str], str] | Grader, *words: str) -> Any:
        graders.append(rule if isinstance(rule, Grader) else Grader(rule))
        data = () if "--data" in words else ("--data", str(labels))
        return pullquote("eval", "judge", "calibrate", "--judge", "scripted", *data, *words)

    with ScriptedOpenAI(lambda request: graders[-1](request)) as server:
        use(server)
        yield calibrate


def test_an_honest_judge_on_few_labels(calibrate: Run, home: Path) -> None:
    grader = Grader(by_words)
    ran = calibrate(grader)
    kept = next((home / "evaluations" / "judges").glob("*.json"))
    assert ran.code == 0
    assert ran.err.splitlines()[-2:] == [
        f"Stored in {kept}",
        "scripted: 32 requests, " + ran.err.splitlines()[-1].split("requests, ")[1],
    ]
    assert ran.err.splitlines()[0] == "summedits: 2 of 16 judged"
    assert (
        ran.out
        == f"""\
{JUDGE} on summedits: 16 labels in 8 groups

| measure | n | value | 95 % | what |
| --- | --- | --- | --- | --- |
| accuracy | 16 | 1.000 | 0.631 to 1.000 | labels on which people and judge agree |
| balanced_accuracy | 16 | 1.000 | all resamples alike, so no interval | the same, both labels weighed \
equally; 0.5 for always saying one thing |
| kappa | 16 | 1.000 | 0.261 to 1.000 | Cohen's kappa: agreement beyond chance |
| found_supported | 16 | 1.000 | all resamples alike, so no interval | of what people call supported, \
called so |
| found_unsupported | 16 | 1.000 | all resamples alike, so no interval | of what people call unsupported, \
called so |
| unscored | 16 | 0.000 | 0.000 to 0.369 | labels the judge could not grade, or graded otherwise in the \
other order |

It may not gate: the judge {JUDGE} on summedits has a kappa of 1.00 [0.26, 1.00], whose low end is below 0.4.

Published, for comparison:

| judge | against | measure | value | source |
| --- | --- | --- | --- | --- |
| people, estimated | labels of SummEdits, ten domains | balanced accuracy | 0.909 | Laban et al., EMNLP \
2023, arXiv:2305.14540 |
| GPT-4, one prompt | labels of SummEdits, ten domains | balanced accuracy | 0.824 | Laban et al., EMNLP \
2023, arXiv:2305.14540 |
| qwen3.6 | another model, Claude Opus 4.7, on answers | Cohen's kappa | 0.66 or more | haiku.rag, \
docs/benchmarks.md |
| gpt-oss | another model, Claude Opus 4.7, on answers | Cohen's kappa | 0.39 to 0.55 | haiku.rag, \
docs/benchmarks.md |
"""
    )
    assert sorted(grader.asked) == sorted({*grader.asked})
    assert [first for _, first in grader.asked] == ["sentences", "statement"] * 16


def test_an_honest_judge_on_more_labels_may_gate(calibrate: Run, labels: Path) -> None:
    write_summedits(labels, fleets=2)
    lines = calibrate(by_words).out.splitlines()
    assert lines[0] == f"{JUDGE} on summedits: 32 labels in 16 groups"
    assert "| kappa | 32 | 1.000 | 0.588 to 1.000 | Cohen's kappa: agreement beyond chance |" in lines
    assert "It may gate: the low end of kappa's interval is 0.4 or more." in lines


def test_a_judge_that_always_says_yes_is_exposed(calibrate: Run) -> None:
    ran = calibrate(always_yes, "--json")
    found = {metric.name: metric for metric in Calibration.model_validate_json(ran.out).metrics}
    assert {name: metric.estimate for name, metric in found.items()} == {
        "accuracy": 0.5,
        "balanced_accuracy": 0.5,
        "kappa": 0.0,
        "found_supported": 1.0,
        "found_unsupported": 0.0,
        "unscored": 0.0,
    }
    shown = calibrate(always_yes, "--agreement", "0")
    assert "| kappa | 16 | 0.000 | all resamples alike, so no interval |" in shown.out
    assert (
        f"It may not gate: the judge {JUDGE} on summedits has a kappa of 0.00 without an interval"
        in shown.out
    )


def test_a_judge_that_takes_what_comes_first_leaves_all_unscored(calibrate: Run) -> None:
    class FirstLabel(Grader):
        def __call__(self, request: Any) -> Any:
            super().__call__(request)
            label = "supported" if self.asked[-1][1] == "sentences" else "not_supported"
            return Text(say(label))

    ran = calibrate(FirstLabel(by_words))
    lines = ran.out.splitlines()
    assert "| accuracy | 0 | – | no label was scored | labels on which people and judge agree |" in lines
    assert "| unscored | 16 | 1.000 |" in ran.out
    assert (
        f"It may not gate: the judge {JUDGE} on summedits leaves 100% of 16 labels unscored, more than 20%."
        in lines
    )


def test_a_grade_that_cannot_be_read_is_unscored_and_asked_again_next_time(calibrate: Run) -> None:
    def mumbling(statement: str, sentences: str) -> str:
        return "Well, perhaps." if "Heron" in statement else by_words(statement, sentences)

    ran = calibrate(mumbling, "--json")
    found = {metric.name: metric for metric in Calibration.model_validate_json(ran.out).metrics}
    assert (found["unscored"].estimate, found["accuracy"].estimate, found["accuracy"].cases) == (0.125, 1, 14)
    again = Grader(by_words)
    ran = calibrate(again, "--json")
    assert {statement.split()[2] for statement, _ in again.asked} == {"Heron"}
    found = {metric.name: metric for metric in Calibration.model_validate_json(ran.out).metrics}
    assert found["unscored"].estimate == 0


@pytest.mark.parametrize("said", ['{"reason": "?", "label": "maybe"}', '{"label": 3}', "", say("unclear")])
def test_no_label_of_ours_is_no_grade(calibrate: Run, said: str) -> None:
    ran = calibrate(lambda statement, sentences: said, "--limit", "2", "--json")
    found = {metric.name: metric for metric in Calibration.model_validate_json(ran.out).metrics}
    assert (ran.code, found["unscored"].estimate, found["kappa"].note) == (0, 1, "no label was scored")


def test_what_is_too_long_for_a_request_is_unscored(calibrate: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_AGENT__MAX_TOKENS", "500")
    grader = Grader(by_words)
    ran = calibrate(grader, "--limit", "2", "--json")
    found = {metric.name: metric for metric in Calibration.model_validate_json(ran.out).metrics}
    assert (ran.code, found["unscored"].estimate, grader.asked) == (0, 1, [])


def test_a_judge_that_goes_down_is_gone_on_with(calibrate: Run) -> None:
    grader = Grader(by_words)
    grader.left = 9
    ran = calibrate(grader)
    assert ran.code == 2
    assert ran.err.splitlines()[-2].startswith(
        "pullquote: The judge failed after 4 grades, which are cached: "
    )
    assert ran.err.splitlines()[-1] == "Run the same command again to continue."
    again = Grader(by_words)
    assert calibrate(again).code == 0
    assert len(again.asked) == 32 - 9


def test_a_limit_draws_by_the_seed(calibrate: Run) -> None:
    drawn = []
    for seed in ("1", "1", "2"):
        grader = Grader(by_words)
        ran = calibrate(grader, "--limit", "6", "--seed", seed)
        assert ran.out.splitlines()[0].startswith(f"{JUDGE} on summedits: 6 labels in ")
        assert ran.out.splitlines()[0].endswith(f" groups, a draw (seed {seed})")
        drawn.append(len(grader.asked))
    assert drawn[:2] == [12, 0] and 0 < drawn[2] <= 12


def test_a_folder_of_two_sets_is_held_against_both(calibrate: Run, labels: Path, home: Path) -> None:
    insight = {"insight_id": "a", "insight_name": "A", "insight": "The dike held."}
    row = {
        "subtopic_id": "s",
        "summkey": "k",
        "summary": ["The dike held."],
        "reference_insights": [insight],
        "annotation": [{"insight_id": "a", "coverage": "fully_covered", "candidate_id": "1"}],
    }
    (labels.parent / "summhay_judge_news.jsonl").write_text(json.dumps(row), "utf-8")
    ran = calibrate(by_words, "--data", str(labels.parent))
    lines = ran.out.splitlines()
    assert [line for line in lines if line.startswith(JUDGE)] == [
        f"{JUDGE} on summedits: 16 labels in 8 groups",
        f"{JUDGE} on summhay: 1 label in 1 group",
    ]
    assert f"It may not gate: the judge {JUDGE} on summhay has no kappa: people gave one label only." in lines
    assert lines.count("Published, for comparison:") == 1
    assert len(list((home / "evaluations" / "judges").glob("*.json"))) == 2


def test_without_a_server_it_is_asked_for(pullquote: Run, labels: Path) -> None:
    ran = pullquote("eval", "judge", "calibrate", "--judge", "m", "--data", str(labels))
    assert (ran.code, ran.err) == (
        2,
        "pullquote: There is no server to ask the judge m of. Next: set OPENAI_API_KEY, or: "
        "pullquote config set model.base_url http://127.0.0.1:8080/v1\n",
    )


def test_a_wrong_key_stops_at_once(calibrate: Run) -> None:
    class Locked(Grader):
        def __call__(self, request: Any) -> Any:
            return Status(401, "Incorrect API key provided.", code="invalid_api_key")

    ran = calibrate(Locked(by_words))
    assert ran.code == 2
    assert ran.err.splitlines()[-2].startswith(
        "pullquote: The judge failed after 0 grades, which are cached: "
    )


def test_data_that_is_none(pullquote: Run, tmp_path: Path) -> None:
    def fail(path: Path, *words: str) -> str:
        ran = pullquote("eval", "judge", "calibrate", "--judge", "m", "--data", str(path), *words)
        assert ran.code == 2
        return str(ran.err)

    empty = tmp_path / "empty.jsonl"
    empty.write_text("", "utf-8")
    known = (
        "(summedits: doc, label, summary; summhay: annotation, reference_insights, summary; "
        "expertqa: answers, question); name one with --layout"
    )
    assert fail(empty) == f"pullquote: {empty} is in no layout that is known here {known}\n"
    assert fail(empty, "--layout", "summedits") == (
        f"pullquote: {empty} holds no label that can be put to a judge (0 left out); --layout summedits "
        "reads doc, label, summary\n"
    )
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps({"claim": "x"}), "utf-8")
    assert fail(other) == f"pullquote: {other} is in no layout that is known here {known}\n"
    other.write_text("no json", "utf-8")
    assert fail(other) == f"pullquote: {other} is neither JSON Lines nor JSON; download it again\n"
    folder = tmp_path / "folder"
    folder.mkdir()
    assert fail(folder) == (
        f"pullquote: {folder} has none of summedits_news.jsonl, summhay_judge_news.jsonl, "
        "r2_compiled_anon.jsonl; --data names the file, or a folder with it\n"
    )
    missing = tmp_path / "missing.jsonl"
    assert fail(missing).startswith(f"pullquote: {missing} cannot be read (")
    assert "'nothing' is not one of 'summedits', 'summhay', 'expertqa'" in fail(empty, "--layout", "nothing")
