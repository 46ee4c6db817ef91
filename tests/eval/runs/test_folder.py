"""Run folders: whole, sealed, and refused where they are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.judge.scoring import score_run
from eval.runs.folder import OpenRun, begin_run, find_runs, read_manifest, read_run, read_scored
from tests.eval.runs.rows import ARTICLE, FIRST, HASH, make_run, manifest, plan, quote, row
from vectorstore import PullquoteError


def make(out: Path) -> Path:
    return make_run(out, "run", [plan(1), plan(2)], [row("c1", quote()), row("c2", quote())]).run.folder


def refused(folder: Path) -> str:
    with pytest.raises(PullquoteError) as caught:
        read_scored(folder)
    return str(caught.value).replace(str(folder), "RUN")


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    folder = make(tmp_path)
    run = read_run(folder)
    assert run.manifest == manifest("run", 2)
    assert run.cases == (plan(1), plan(2))
    assert run.articles == {ARTICLE.id: ARTICLE}
    assert run.answers == (row("c1", quote()), row("c2", quote()))
    assert (run.done.rows, run.done.failures) == (2, 0)
    assert FIRST in (folder / "articles.jsonl").read_text("utf-8")
    assert (folder / "articles.jsonl").read_text("utf-8").count("\n") == 1


def test_an_unfinished_run_is_found_and_gone_on_with(tmp_path: Path) -> None:
    run = begin_run(tmp_path, manifest("run", 2), [plan(1), plan(2)])
    run.add(row("c1", quote()), [ARTICLE])
    with (run.folder / "answers.jsonl").open("a") as stream:
        stream.write('{"case": "c2", "rep')
    assert find_runs(tmp_path, HASH) == ([], [run.folder])
    assert refused(run.folder) == (
        "RUN is unfinished; run the same `pullquote eval run` again, and it continues from there."
    )
    again = OpenRun(run.folder, read_manifest(run.folder))
    assert again.rows == [row("c1", quote())]
    again.add(row("c2", quote()), [ARTICLE])
    again.finish()
    assert find_runs(tmp_path, HASH) == ([run.folder], [])
    assert find_runs(tmp_path, "1" * 64) == ([], [])
    assert [each.case for each in read_run(run.folder).answers] == ["c1", "c2"]


def test_a_changed_run_is_refused(tmp_path: Path) -> None:
    folder = make(tmp_path)
    answers = folder / "answers.jsonl"
    answers.write_text(answers.read_text("utf-8").replace("0.9", "0.8"), "utf-8")
    assert refused(folder) == (
        "RUN/answers.jsonl has changed since the run was finished; runs are immutable. Run it again."
    )


@pytest.mark.parametrize("name", ["run.json", "summary.json"])
def test_a_newer_version_is_refused(tmp_path: Path, name: str) -> None:
    folder = make(tmp_path)
    found = json.loads((folder / name).read_text("utf-8"))
    (folder / name).write_text(json.dumps(found | {"format": 2, "new": True}), "utf-8")
    assert refused(folder) == (
        f"RUN/{name} is of format 2, written by a newer version of Pullquote; this one reads 1. "
        "Install a newer one."
    )


def test_a_damaged_run_is_named(tmp_path: Path) -> None:
    folder = make(tmp_path)
    (folder / "run.json").write_text("{", "utf-8")
    assert refused(folder) == "RUN/run.json is damaged: it is not JSON. Run it again."
    (folder / "run.json").unlink()
    assert refused(folder) == "RUN is no run: it has no run.json. `pullquote eval run` makes one."


def test_a_score_that_is_no_number_is_refused(tmp_path: Path) -> None:
    folder = make(tmp_path)
    scores = folder / "scores.jsonl"
    scores.write_text(scores.read_text("utf-8").replace('"passed":1.0', '"passed":NaN', 1), "utf-8")
    assert refused(folder) == (
        "RUN/scores.jsonl line 1 is not as Pullquote wrote it: values: passed is nan, not a number. "
        "Run it again."
    )


def test_a_run_that_is_not_scored_says_how(tmp_path: Path) -> None:
    folder = make(tmp_path)
    (folder / "summary.json").unlink()
    assert refused(folder) == "RUN is not scored yet. Next: pullquote eval score RUN"
    assert score_run(folder) == read_scored(folder)


def test_a_full_disk_leaves_no_half_line(tmp_path: Path) -> None:
    run = begin_run(tmp_path, manifest("run", 1), [plan(1)])
    (run.folder / "answers.jsonl").symlink_to("/dev/full")
    with pytest.raises(PullquoteError, match="There is no room left on the disk for"):
        run.add(row("c1", quote()), [ARTICLE])
    assert run.rows == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PullquoteError) as caught:
        begin_run(tmp_path / "file", manifest("run", 1), [plan(1)])
    assert str(caught.value) == (
        f"{tmp_path}/file/run cannot be written (Not a directory); name another folder with --out."
    )
