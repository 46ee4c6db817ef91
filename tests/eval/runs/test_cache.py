"""Answers cached by what they depend on."""

from __future__ import annotations

from pathlib import Path

from eval.runs.cache import AnswerCache
from eval.runs.rows import SystemIdentity
from tests.eval.runs.rows import HASH, plan, quote, row

SYSTEM = SystemIdentity(pullquote="0", code=HASH, embedder="e5")
LIBRARIES = {"articles": HASH}


def test_an_answer_is_found_again_by_what_it_depends_on(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path, SYSTEM, LIBRARIES)
    cache.store(plan(1), row("c1", quote()))
    assert cache.find(plan(1), 0) == row("c1", quote()).model_copy(update={"reused": True})
    # Neither the case's name nor its gold is what an answer depends on.
    assert cache.find(plan(7, gold=[], unanswerable=True), 0) == row("c7", quote()).model_copy(
        update={"reused": True}
    )


def test_whatever_an_answer_depends_on_makes_it_another(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path, SYSTEM, LIBRARIES)
    cache.store(plan(1), row("c1", quote()))
    assert cache.find(plan(1), 1) is None
    assert cache.find(plan(1, question="Did it burn?"), 0) is None
    assert cache.find(plan(1, answer_language="nl"), 0) is None
    assert cache.find(plan(1, filters={"outlets": ["x"]}), 0) is None
    for system, libraries in (
        (SYSTEM.model_copy(update={"code": "1" * 64}), LIBRARIES),
        (SYSTEM.model_copy(update={"prompts": {"answer": HASH}}), LIBRARIES),
        (SYSTEM, {"articles": "1" * 64}),
    ):
        assert AnswerCache(tmp_path, system, libraries).find(plan(1), 0) is None


def test_failures_and_damaged_files_are_not_answers(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path, SYSTEM, LIBRARIES)
    cache.store(plan(1), row("c1", None, failure="declined"))
    assert cache.find(plan(1), 0) is None
    cache.store(plan(1), row("c1", quote()))
    (path,) = tmp_path.glob("*/*.json")
    path.write_text(path.read_text("utf-8")[:-5], "utf-8")
    assert cache.find(plan(1), 0) is None
