"""Citation recall and precision of a run, as a judge reads it: after ALCE (Gao et al., EMNLP 2023)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent import Answer, Statement
from eval.judge.files import read_grades, write_grades
from eval.judge.grading import EvalJudge
from eval.judge.rows import Grade, GradeRow, Grades, JudgeQuestion, ShownSource
from eval.metrics.judged import grade_citations, judged_precision, judged_recall
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

Grader = Callable[[int, tuple[int, ...]], Grade]
"""The grade of a statement of an answer with some of its citations, both by their places."""


@dataclass(slots=True)
class JudgedScores:
    """What a judge adds to the scores of a run."""

    judge: UsedJudge
    values: dict[tuple[str, int], dict[str, float]] = field(default_factory=dict)
    """By case and repeat."""
    unscored: dict[tuple[str, int], dict[str, str]] = field(default_factory=dict)

    def add_to(self, score: ScoreRow) -> ScoreRow:
        """A score with what the judge says besides."""
        key = score.case, score.repeat
        return score.model_copy(
            update={
                "values": score.values | self.values.get(key, {}),
                "unscored": score.unscored | self.unscored.get(key, {}),
            }
        )


def score_run(folder: Path, judge: EvalJudge | None = None, progress: OnProgress = show_nothing) -> ScoredRun:
    """Score a finished run, in place of earlier scores.

    Args:
        folder: of the run.
        judge: is asked whether statements are supported; without one, what a judge said before counts.
        progress: called with how many answers of how many are graded.

    Raises:
        PullquoteError: it is unfinished, changed since, of a newer version, or no run; grades are damaged.
        SetupError: the judge cannot be reached; what it graded is cached, and earlier scores stay.
    """
    run = read_run(folder)
    scores = score_answers(run)
    judged = judge_run(run, judge, progress)
    if judged is not None:
        scores = tuple(map(judged.add_to, scores))
    summary = summarize(run, scores)
    if judged is not None:
        summary = summary.model_copy(update={"judge": judged.judge})
    write_scores(folder, scores, summary)
    return ScoredRun(run, scores, summary)


def judge_run(run: EvalRun, judge: EvalJudge | None, progress: OnProgress) -> JudgedScores | None:
    """What a judge says of every answer of a run; without one, what is stored beside the answers.

    Returns:
        None where no model judges and none has judged.

    Raises:
        SetupError: the judge's server cannot be reached, or the disk is full; what was graded is cached.
        PullquoteError: the stored grades are damaged.
    """
    if judge is None:
        kept = read_grades(run.folder)
        if kept is None:
            return None
        known = {(row.case, row.repeat, row.statement, row.citations): row.grade for row in kept.rows}
        scores = JudgedScores(kept.judge)
        for row in run.answers:
            _score(scores, row, _look_up(known, row))
        return scores
    scores, rows = JudgedScores(judge.identity), []
    for done, row in enumerate(run.answers, start=1):
        if row.answer is not None:
            grader = _AnswerGrader(judge, row, row.answer, run.articles)
            _score(scores, row, grader)
            rows += grader.rows
        progress(done, len(run.answers))
    write_grades(run.folder, Grades(judge=scores.judge, rows=tuple(rows)))
    return scores


def _look_up(known: Mapping[tuple[str, int, int, tuple[int, ...]], Grade], row: AnswerRow) -> Grader:
    return lambda place, cited: known.get((row.case, row.repeat, place, cited), _LOST)


class _AnswerGrader:
    """Grades of one answer, each asked for once."""

    def __init__(
        self, judge: EvalJudge, row: AnswerRow, answer: Answer, articles: Mapping[str, ArticleRow]
    ) -> None:
        self._judge = judge
        self._row = row
        self._answer = answer
        self._articles = articles
        self.rows: list[GradeRow] = []

    def __call__(self, place: int, cited: tuple[int, ...]) -> Grade:
        grade = self._judge.grade(show_statement(self._answer.statements[place], cited, self._articles))
        self.rows.append(
            GradeRow(
                case=self._row.case, repeat=self._row.repeat, statement=place, citations=cited, grade=grade
            )
        )
        return grade


def show_statement(
    statement: Statement, cited: Sequence[int], articles: Mapping[str, ArticleRow]
) -> JudgeQuestion:
    """A statement with some of its citations, as a judge is shown them."""
    citations = [statement.citations[place] for place in cited]
    shown = []
    for citation in citations:
        article = articles.get(citation.article)
        about = " | ".join(part for part in (citation.title, citation.outlet) if part)
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


def _score(scores: JudgedScores, row: AnswerRow, grade: Grader) -> None:
    """Add the metrics of one answer; one that says nothing has none."""
    if row.answer is None or not row.answer.statements:
        return
    wholes: list[Grade] = []
    citations: list[list[bool | None]] = []
    for place, statement in enumerate(row.answer.statements):
        count = len(statement.citations)
        every = tuple(range(count))
        whole = _QUOTED if is_plain_quote(statement) else grade(place, every)
        wholes.append(whole)
        citations.append(
            grade_citations(
                whole.value,
                count,
                lambda one, place=place: grade(place, (one,)).value,  # type: ignore[misc]
                lambda one, place=place, every=every: (  # type: ignore[misc]
                    grade(place, tuple(other for other in every if other != one)).value
                ),
            )
        )
    key = row.case, row.repeat
    why = next((whole.unscored for whole in wholes if whole.value is None), "the judge could not tell")
    for name, value in (
        (RECALL, judged_recall([whole.value for whole in wholes])),
        (PRECISION, judged_precision(citations)),
    ):
        if value is None:
            scores.unscored.setdefault(key, {})[name] = why
        else:
            scores.values.setdefault(key, {})[name] = value
