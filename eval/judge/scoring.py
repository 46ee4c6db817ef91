"""Citation recall and precision of a run, as a judge reads it: after ALCE (Gao et al., EMNLP 2023)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from agent import Statement
from eval.judge.files import read_grades, write_grades
from eval.judge.grading import EvalJudge
from eval.judge.rows import Grade, GradeRow, Grades, JudgeQuestion, ShownSource
from eval.metrics.agreement import grade_citations, share_supported
from eval.runs.folder import EvalRun, ScoredRun, read_run, write_scores
from eval.runs.progress import OnProgress, show_nothing
from eval.runs.rows import AnswerRow, ArticleRow, ScoreRow, UsedJudge
from eval.scoring.cases import is_plain_quote, score_answers
from eval.scoring.summary import summarize
from eval.scoring.support import paragraph_of
from vectorstore import UNDETERMINED

RECALL, PRECISION = JUDGED = ("judged_recall", "judged_precision")
"""Metrics that a judge takes."""
_QUOTED = Grade(value=True)
"""A quote supports itself; no judge is asked about it."""
_LOST = Grade(value=None, unscored="not graded; score the run again with --judge")

_Key = tuple[str, int, int, tuple[int, ...]]
"""Case, repeat, and the places of a statement and of some of its citations."""


class _Grader:
    """Grades of the statements of a run: what a judge says, or without one what it said before."""

    def __init__(self, run: EvalRun, identity: UsedJudge, judge: EvalJudge | None) -> None:
        self.identity = identity
        self.grades: dict[_Key, Grade] = {}
        self._articles = run.articles
        self._judge = judge

    def grade(self, row: AnswerRow, statement: Statement, place: int, cited: tuple[int, ...]) -> Grade:
        key = row.case, row.repeat, place, cited
        if self._judge is not None and key not in self.grades:
            self.grades[key] = self._judge.grade(show_statement(statement, cited, self._articles))
        return self.grades.get(key, _LOST)

    def to_rows(self) -> Grades:
        rows = []
        for (case, repeat, place, cited), grade in self.grades.items():
            rows.append(GradeRow(case=case, repeat=repeat, statement=place, citations=cited, grade=grade))
        return Grades(judge=self.identity, rows=tuple(rows))


def score_run(folder: Path, judge: EvalJudge | None = None, progress: OnProgress = show_nothing) -> ScoredRun:
    """Score a finished run, in place of earlier scores.

    A judge is asked whether statements are supported; without one, what a judge said before counts. Raises
    PullquoteError if it is unfinished, changed since, of a newer version or no run, or if its grades are
    damaged, and SetupError if the judge cannot be reached; what it graded is cached, and earlier scores stay.
    """
    run = read_run(folder)
    scores = score_answers(run)
    grader = _open_grader(run, judge)
    if grader is not None:
        judged = []
        for done, (row, score) in enumerate(zip(run.answers, scores, strict=True), 1):
            judged.append(_add_grades(score, row, grader))
            progress(done, len(run.answers))
        scores = tuple(judged)
        if judge is not None:
            write_grades(folder, grader.to_rows())
    identity = grader.identity if grader is not None else None
    summary = summarize(run, scores).model_copy(update={"judge": identity})
    write_scores(folder, scores, summary)
    return ScoredRun(run, scores, summary)


def _open_grader(run: EvalRun, judge: EvalJudge | None) -> _Grader | None:
    if judge is not None:
        return _Grader(run, judge.identity, judge)
    stored = read_grades(run.folder)
    if stored is None:
        return None
    grader = _Grader(run, stored.judge, None)
    for row in stored.rows:
        grader.grades[row.case, row.repeat, row.statement, row.citations] = row.grade
    return grader


def show_statement(
    statement: Statement, cited: Sequence[int], articles: Mapping[str, ArticleRow]
) -> JudgeQuestion:
    """Return a statement with some of its citations, as a judge is shown them."""
    citations = [statement.citations[place] for place in cited]
    shown = []
    for citation in citations:
        article = articles.get(citation.article)
        about = " | ".join(filter(None, (citation.title, citation.outlet)))
        heading = f"{citation.language}, {citation.published or 'no date'}: {about}"
        context = paragraph_of(article.text, citation.start, citation.end) if article else ""
        shown.append(
            ShownSource(
                heading=heading,
                sentences=(citation.quote,),
                context="" if context.strip() == citation.quote.strip() else context,
            )
        )
    languages = {citation.language for citation in citations}
    language = languages.pop() if len(languages) == 1 else UNDETERMINED
    return JudgeQuestion(statement=statement.text, language=language, shown=tuple(shown))


def _add_grades(score: ScoreRow, row: AnswerRow, grader: _Grader) -> ScoreRow:
    """Return a score with what the judge says besides; an answer that says nothing has only its own."""
    if row.answer is None or not row.answer.statements:
        return score
    wholes: list[Grade] = []
    citations: list[bool | None] = []
    for place, statement in enumerate(row.answer.statements):
        whole, each = _grade_statement(partial(grader.grade, row, statement, place), statement)
        wholes.append(whole)
        citations += each
    values, unscored = dict(score.values), dict(score.unscored)
    why = next((whole.unscored for whole in wholes if whole.value is None), "the judge could not tell")
    for name, grades in ((RECALL, [whole.value for whole in wholes]), (PRECISION, citations)):
        share = share_supported(grades)
        if share is None:
            unscored[name] = why
        else:
            values[name] = share
    return score.model_copy(update={"values": values, "unscored": unscored})


def _grade_statement(
    grade: Callable[[tuple[int, ...]], Grade], statement: Statement
) -> tuple[Grade, list[bool | None]]:
    """Return the grade of all of a statement's citations, and whether each of them is precise."""
    every = tuple(range(len(statement.citations)))

    def alone(place: int) -> bool | None:
        return grade((place,)).value

    def without(place: int) -> bool | None:
        return grade(every[:place] + every[place + 1 :]).value

    whole = _QUOTED if is_plain_quote(statement) else grade(every)
    return whole, grade_citations(whole.value, len(every), alone, without)
