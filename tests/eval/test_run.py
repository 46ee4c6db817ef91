"""`pullquote eval run`, `score`, `compare` and `gate` as a user meets them, and as systems break."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from eval.runs.folder import read_scored
from tests.eval.fleet import NAMES, Pilot, crew, sailing
from tests.peers.scripted_openai import Request, ScriptedOpenAI, Status, Text

Run = Callable[..., Any]


def values(folder: Path) -> dict[str, float | None]:
    return {metric.name: metric.estimate for metric in read_scored(folder).summary.metrics}


def test_a_run_without_a_model_is_scored_and_kept(pullquote: Run, fleet: Path) -> None:
    ran = pullquote("eval", "run", str(fleet))
    assert ran.code == 0, ran.err
    lines = ran.out.splitlines()
    assert lines[0] == "fleet: 8 cases, no model"
    assert lines[2] == "| metric | n | value | 95 % | what |"
    assert ran.err.splitlines()[-1].startswith("fleet: 8 of 8 · ")
    scored = read_scored(ran.run)
    found = values(ran.run)
    assert (found["citation_validity"], found["refusal_correct"], found["answer_contained"]) == (1, 1, 1)
    assert found["total_ms_p50"] is not None
    assert "cost" not in found
    manifest = scored.run.manifest
    assert (manifest.suite.name, manifest.repeats, manifest.cases) == ("fleet", 1, 8)
    assert (manifest.system.model, manifest.has_latencies) == (None, True)
    assert {row.case for row in scored.run.answers} == {name.lower() for name in NAMES}
    assert len(scored.run.articles) == 8
    assert sorted(path.name for path in ran.run.iterdir()) == [
        "answers.jsonl",
        "articles.jsonl",
        "cases.jsonl",
        "done.json",
        "run.json",
        "scores.jsonl",
        "summary.json",
    ]


def test_the_same_run_is_not_made_twice(pullquote: Run, fleet: Path) -> None:
    first, second = (pullquote("eval", "run", str(fleet)) for _ in range(2))
    assert (second.run, second.out) == (first.run, first.out)
    assert second.err == "fleet: this run is there already; --fresh asks again\n"
    limited = pullquote("eval", "run", str(fleet), "--limit", "3")
    assert limited.run != first.run
    assert "3 cached from before" in limited.out
    fresh = pullquote("eval", "run", str(fleet), "--fresh")
    assert fresh.run != first.run
    assert "cached from before" not in fresh.out


def test_scoring_again_asks_nothing(pullquote: Run, fleet: Path, cache: Path) -> None:
    run = pullquote("eval", "run", str(fleet)).run
    before = (run / "scores.jsonl").read_text("utf-8")
    answers = (run / "answers.jsonl").read_bytes()
    (run / "scores.jsonl").unlink()
    ran = pullquote("eval", "score", str(run), "--json")
    found = json.loads(ran.out)
    assert (found["run"], found["suite"], found["summary"]["totals"]["answers"]) == (str(run), "fleet", 8)
    assert (run / "scores.jsonl").read_text("utf-8") == before
    assert (run / "answers.jsonl").read_bytes() == answers


def test_a_model_that_goes_down_stops_the_run_and_it_goes_on_later(
    pullquote: Run, fleet: Path, use: Callable[..., None]
) -> None:
    pilot = Pilot()
    pilot.left = 3
    with ScriptedOpenAI(pilot) as server:
        use(server)
        broken = pullquote("eval", "run", str(fleet), "--with-model")
        assert broken.code == 2
        message = broken.err.splitlines()
        (folder,) = (Path(word.rstrip(":")) for word in broken.err.split() if "/fleet-" in word)
        assert message[-1] == "Run the same command again to continue."
        assert message[-2].startswith(
            f"pullquote: The model failed after 3 of 8 answers, which are stored in {folder}: "
        )
        assert pullquote("eval", "score", str(folder)).err == (
            f"pullquote: {folder} is unfinished; run the same `pullquote eval run` again, and it continues "
            "from there.\n"
        )
        asked = len(server.chats)
        pilot.is_up, pilot.left = True, None
        ran = pullquote("eval", "run", str(fleet), "--with-model")
    assert ran.code == 0, ran.err
    assert ran.run == folder
    assert ran.err.splitlines()[0] == f"fleet: resuming {folder}, 3 answers are there"
    assert len(server.chats) - asked == 5
    found = values(folder)
    assert (found["passed"], found["evidence_recall"], found["right_language"]) == (1, 1, 1)
    assert found["tokens"] is not None and found["tokens"] > 0
    assert read_scored(folder).run.manifest.system.model is not None


def test_a_question_that_the_model_declines_is_unscored_and_breaks_the_gate(
    pullquote: Run, fleet: Path, baseline: Path, use: Callable[..., None]
) -> None:
    class Declining(Pilot):
        def __call__(self, request: Request) -> Text | Status:
            if "ferry Heron not sail" in json.dumps(request.body["messages"]):
                return Status(400, "content management policy", code="content_filter")
            return super().__call__(request)

    injured = injure(pullquote, fleet, use, Declining())
    scored = read_scored(injured)
    (failed,) = (row for row in scored.run.answers if row.failure is not None)
    assert (failed.case, failed.answer, scored.run.done.failures) == ("heron", None, 1)
    assert values(injured)["passed"] == 1
    ran = pullquote("eval", "gate", str(injured), "--against", str(baseline))
    assert ran.code == 2
    assert ran.out.splitlines()[:2] == ["broken", f"1 of 8 answers failed; {failed.failure}"]


def test_claims_are_put_to_the_checks(pullquote: Run, fleet: Path, tmp_path: Path) -> None:
    suite = tmp_path / "claims"
    shutil.copytree(fleet, suite)
    claims = [
        ("true", "The ferry Aurora will not sail until 11 June.", True),
        ("dropped", "The ferry Aurora will sail until 11 June.", False),
        ("counted", "A crew of 90 people works on the ferry Aurora.", False),
    ]
    (suite / "cases.jsonl").write_text(
        "".join(
            json.dumps(
                {
                    "id": name,
                    "language": "en",
                    "claim": {
                        "text": text,
                        "language": "en",
                        "article": "articles/aurora.md",
                        "holds": holds,
                    },
                }
            )
            + "\n"
            for name, text, holds in claims
        ),
        "utf-8",
    )
    ran = pullquote("eval", "run", str(suite))
    assert ran.code == 0, ran.err
    failed = {
        row.case: [check.name for outcome in row.claim for check in outcome.checks if not check.passed]
        for row in read_scored(ran.run).run.answers
    }
    assert failed == {"true": [], "dropped": ["negation"], "counted": ["numbers"]}
    assert values(ran.run)["balanced_accuracy"] == 1


def test_a_full_disk_ends_with_two_and_keeps_what_was_answered(
    pullquote: Run, fleet: Path, use: Callable[..., None], home: Path
) -> None:
    kept: list[Path] = []

    def fill(name: str) -> str:
        if not kept and (home / "evaluations").glob("*/answers.jsonl") and name == NAMES[2]:
            (answers,) = (home / "evaluations").glob("*/answers.jsonl")
            kept.append(answers.rename(answers.with_suffix(".kept")))
            answers.symlink_to("/dev/full")
        return sailing(name)

    with ScriptedOpenAI(Pilot(say=fill)) as server:
        use(server)
        broken = pullquote("eval", "run", str(fleet), "--with-model")
        (full,) = (path.with_suffix(".jsonl") for path in kept)
        assert (broken.code, broken.err.splitlines()[-1]) == (
            2,
            f"pullquote: There is no room left on the disk for {full}. What was written before is intact; "
            "free some space and run the same command again.",
        )
        full.unlink()
        kept[0].rename(full)
        ran = pullquote("eval", "run", str(fleet), "--with-model")
    assert ran.err.splitlines()[0] == f"fleet: resuming {full.parent}, 2 answers are there"
    assert (ran.code, values(ran.run)["passed"]) == (0, 1)


def test_a_line_cut_off_by_a_kill_is_asked_again(pullquote: Run, fleet: Path) -> None:
    run = pullquote("eval", "run", str(fleet), "--fresh").run
    (run / "done.json").unlink()
    answers = (run / "answers.jsonl").read_bytes()
    (run / "answers.jsonl").write_bytes(answers[:-200])
    again = pullquote("eval", "run", str(fleet), "--fresh")
    assert again.run == run
    assert again.err.splitlines()[0] == f"fleet: resuming {run}, 7 answers are there"
    assert len(read_scored(run).run.answers) == 8


def test_a_run_is_made_by_one_process(pullquote: Run, fleet: Path) -> None:
    run = pullquote("eval", "run", str(fleet), "--fresh").run
    (run / "done.json").unlink()
    with FileLock(run / ".lock"):
        ran = pullquote("eval", "run", str(fleet), "--fresh")
    assert (ran.code, ran.err.splitlines()[-1]) == (
        2,
        f"pullquote: Another process is making {run}. Wait for it, or name another folder with --out.",
    )


def test_repeats_are_averaged_and_asked_apart(pullquote: Run, fleet: Path, use: Callable[..., None]) -> None:
    with ScriptedOpenAI(Pilot()) as server:
        use(server)
        ran = pullquote("eval", "run", str(fleet), "--model", "scripted", "--repeats", "2", "--limit", "2")
    assert ran.out.splitlines()[0] == "fleet: 2 cases of a draw (seed 0), 2 times each, scripted"
    assert len(server.chats) == 4
    scored = read_scored(ran.run)
    assert [metric.cases for metric in scored.summary.metrics if metric.name == "passed"] == [2]
    assert scored.summary.totals.answers == 4


@pytest.fixture
def baseline(pullquote: Run, fleet: Path, use: Callable[..., None]) -> Path:
    """A run by a model that gets everything right."""
    with ScriptedOpenAI(Pilot()) as server:
        use(server)
        ran = pullquote("eval", "run", str(fleet), "--with-model")
    assert values(ran.run)["passed"] == 1
    folder: Path = ran.run
    return folder


def injure(pullquote: Run, fleet: Path, use: Callable[..., None], pilot: Pilot) -> Path:
    with ScriptedOpenAI(pilot) as server:
        use(server)
        ran = pullquote("eval", "run", str(fleet), "--with-model")
    assert ran.code == 0, ran.err
    folder: Path = ran.run
    return folder


def test_an_unchanged_system_holds(
    pullquote: Run, fleet: Path, baseline: Path, use: Callable[..., None]
) -> None:
    again = injure(pullquote, fleet, use, Pilot())
    assert again != baseline
    ran = pullquote("eval", "gate", str(again), "--against", str(baseline))
    assert (ran.code, ran.out) == (0, "held\n")
    compared = pullquote("eval", "compare", str(baseline), str(again))
    assert compared.out.splitlines()[-1] == "No case changed."


def test_answers_in_the_wrong_language_are_caught(
    pullquote: Run, fleet: Path, baseline: Path, use: Callable[..., None]
) -> None:
    def dutch(name: str) -> str:
        return f"Er werken {31 + NAMES.index(name)} mensen op de veerboot {name}, die nu stilligt."

    injured = injure(pullquote, fleet, use, Pilot(count=dutch))
    found = values(injured)
    assert (found["right_language"], found["evidence_recall"], found["citation_validity"]) == (0.5, 1, 1)
    ran = pullquote("eval", "gate", str(injured), "--against", str(baseline))
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "regression",
        "passed fell from 1.000 to 0.000 (n = 8, p = 0.0078)",
    ]
    compared = pullquote("eval", "compare", str(baseline), str(injured), "--flips", "1")
    assert compared.out.splitlines()[-3] == "8 cases changed:"
    assert compared.out.splitlines()[-2].startswith("- aurora  Until when will the ferry Aurora not sail")


def test_a_dropped_negation_is_caught(
    pullquote: Run, fleet: Path, baseline: Path, use: Callable[..., None]
) -> None:
    def sails(name: str) -> str:
        return sailing(name).replace("will not sail", "will sail")

    injured = injure(pullquote, fleet, use, Pilot(say=sails))
    # The answerer's own check withholds the statement, so that a fact and the accepted answer are lost.
    assert values(injured)["evidence_recall"] == 0.5
    ran = pullquote("eval", "gate", str(injured), "--against", str(baseline))
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "regression",
        "passed fell from 1.000 to 0.000 (n = 8, p = 0.0078)",
        "evidence_recall fell from 1.000 to 0.500 (n = 8, p = 0.0078)",
    ]


def test_shuffled_citations_are_caught(
    pullquote: Run, fleet: Path, baseline: Path, use: Callable[..., None]
) -> None:
    injured = injure(pullquote, fleet, use, Pilot(cite=crew))
    assert values(injured)["evidence_recall"] == 0.5
    ran = pullquote("eval", "gate", str(injured), "--against", str(baseline))
    assert ran.code == 1
    assert "evidence_recall fell from 1.000 to 0.500 (n = 8, p = 0.0078)" in ran.out


def test_a_search_for_one_sentence_is_caught(
    pullquote: Run, fleet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = pullquote("eval", "run", str(fleet)).run
    monkeypatch.setenv("PULLQUOTE_ANSWER__QUOTES", "1")
    monkeypatch.setenv("PULLQUOTE_SEARCH__DEPTH", "1")
    injured = pullquote("eval", "run", str(fleet)).run
    assert values(whole)["evidence_recall"] == 1.0
    assert values(injured)["evidence_recall"] == 0.5
    ran = pullquote("eval", "gate", str(injured), "--against", str(whole))
    assert ran.code == 1
    assert "evidence_recall fell from 1.000 to 0.500 (n = 8, p = 0.0078)" in ran.out


def test_an_empty_suite_and_an_unknown_one_end_with_two(pullquote: Run, tmp_path: Path) -> None:
    ran = pullquote("eval", "run", str(tmp_path))
    assert ran.code == 2
    assert ran.err.startswith(f"pullquote: There is no suite “{tmp_path}”")


def test_a_model_without_a_server_is_asked_for(pullquote: Run, fleet: Path) -> None:
    ran = pullquote("eval", "run", str(fleet), "--with-model")
    assert (ran.code, ran.err) == (
        2,
        "pullquote: There is no server to ask a model of. Next: set OPENAI_API_KEY, or: "
        "pullquote config set model.base_url http://127.0.0.1:8080/v1\n",
    )
