from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent import Pipeline, Request
from agent.cli import main
from agent.settings.sections import AnswerSettings
from eval.suites.cases import Case, Gold
from tests.agent.slack.conftest import FLOOD
from vectorstore import Given, Library, LibrarySettings, Opinion
from vectorstore.embedding import Embedder

ARTICLE = "Dike opens\n\nThe dike at Roermond was opened in June by Anna Visser.\n"


@pytest.fixture
def library(tmp_path: Path, cache: Path, embedder: Embedder) -> Library:
    """A library of one article, in which nothing was asked yet."""
    (tmp_path / "dike.txt").write_text(ARTICLE, "utf-8")
    settings = LibrarySettings(path=tmp_path / "library", cache=cache)
    with Library.open(settings, writable=True, embedder=embedder) as opened:
        opened.add([tmp_path / "dike.txt"], Given())
        settings_of_answers = AnswerSettings(quotes=1, nearest=1)
        for question, opinions in {
            "Who opened the dike at Roermond?": (Opinion.GOOD, Opinion.GOOD),
            "When was the dike at Roermond opened?": (Opinion.GOOD, Opinion.BAD),
            "Who won the 1998 World Cup?": (Opinion.GOOD,),
            "How do I bake an apple pie?": (Opinion.BAD,),
        }.items():
            answer = Pipeline(opened, settings_of_answers).answer(Request(question=question))
            assert answer.receipt is not None
            for number, opinion in enumerate(opinions):
                opened.feedback.put(answer.receipt, answer.question, opinion, f"slack/T1/U{number}")
        opened.feedback.put("bcdfgh", FLOOD, Opinion.GOOD, "slack/T1/U1")
    return opened


def test_opinions_become_draft_cases_that_a_suite_takes(
    library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["slack", "--cases", "--library", str(tmp_path / "library")]) == 0
    lines = capsys.readouterr().out.splitlines()
    cases = [Case.model_validate_json(line) for line in lines]
    article = cases[0].gold[0].article
    opened = "The dike at Roermond was opened in June by Anna Visser."
    good = "Readers found the answer good: what it cites is taken for gold."
    bad = "Readers found the answer bad: correct what is taken for gold, which is what it showed."
    assert all(
        case.draft and case.id.startswith("slack-") and case.language in ("en", "und") for case in cases
    )
    assert [(case.question, case.gold, case.unanswerable, case.tags, case.note) for case in cases] == [
        (
            "Who opened the dike at Roermond?",
            (Gold(article=article, quote=opened),),
            False,
            ("slack", "good"),
            f"{good} 2 thumbs up, 0 thumbs down.",
        ),
        (
            "When was the dike at Roermond opened?",
            (Gold(article=article, quote=opened),),
            False,
            ("slack", "bad"),
            f"{bad} 1 thumb up, 1 thumb down.",
        ),
        (
            "Who won the 1998 World Cup?",
            (),
            True,
            ("slack", "good"),
            f"{good} 1 thumb up, 0 thumbs down.",
        ),
        (
            "How do I bake an apple pie?",
            cases[3].gold,
            False,
            ("slack", "bad"),
            f"{bad} 0 thumbs up, 1 thumb down.",
        ),
        (
            FLOOD,
            (),
            True,
            ("slack", "good"),
            "The answer is no longer stored: add what a right answer has to cite. 1 thumb up, 0 thumbs down.",
        ),
    ]
    assert cases[3].gold[0].quote in ARTICLE
    assert json.loads(lines[0])["draft"] is True and article.startswith("articles/")
