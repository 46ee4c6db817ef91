"""One case as a page shows it: what was asked, what came out in each run, and why that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from agent import AnswerView, Citation, Nearest, QuoteView, Verdict, view_answer
from eval.comparison.pairs import Comparison
from eval.judge.files import read_grades
from eval.judge.rows import Grade
from eval.report.excerpts import Excerpt, Marks, Numbered, make_excerpt
from eval.report.reasons import find_first_rank, list_reasons
from eval.report.tables import format_value
from eval.runs.folder import ScoredRun
from eval.runs.rows import AnswerRow, ArticleRow, ScoreRow
from eval.scoring.catalogue import METRICS, PASSED, MetricUnit
from eval.scoring.summary import average_repeats
from eval.suites.cases import PlannedCase
from vectorstore import Span

LABELS = "ABCDEF"
"""What the runs of a page are called; a page has room for so many."""
_VERDICTS = {
    Verdict.ANSWERED: "answered",
    Verdict.PARTIAL: "answered in part",
    Verdict.NOT_FOUND: "refused: the articles do not say it",
}


class CaseResult(StrEnum):
    """How a case came out of a run."""

    FAILED = "failed"
    UNSTEADY = "unsteady"
    """Passed in some of its repeats only."""
    UNSCORED = "unscored"
    PASSED = "passed"


class Change(StrEnum):
    """What became of a case since the first run."""

    LOST = "lost"
    GAINED = "gained"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer to a case, with its scores and what the page says of them."""

    label: str
    """Of the run, and of the repeat where there are several."""
    planned: PlannedCase
    row: AnswerRow
    score: ScoreRow
    articles: Mapping[str, ArticleRow]
    """Of the run, by id."""
    grades: Mapping[int, Grade] = field(default_factory=dict)
    """What a judge said of whole statements, by their places from 0."""
    prefix: str = ""
    """Of the ids of marks in its articles."""
    same_as: str = ""
    """Label of an earlier attempt that looks the same to a reader; nothing else is shown then."""

    @property
    def heading(self) -> str:
        """What came out, in a few words."""
        return f"as in {self.same_as}" if self.same_as else " · ".join(self._describe())

    @property
    def view(self) -> AnswerView | None:
        """The answer as every format shows it; None for a claim and where there is none."""
        return view_answer(self.row.answer) if self.row.answer is not None else None

    @property
    def nearest(self) -> list[QuoteView]:
        """Passages that are shown and answer nothing."""
        found: list[QuoteView] = []
        for source in self.view.sources if self.view is not None else ():
            found += [quote for quote in source.quotes if isinstance(quote.citation, Nearest)]
        return found

    @property
    def reasons(self) -> list[str]:
        return list_reasons(self.planned, self.row, self.score)

    @property
    def excerpts(self) -> Iterator[Excerpt]:
        """The articles that are cited or should be, in the order of their numbers."""
        answer, claim = self.row.answer, self.planned.case.claim
        citations = answer.citations() if answer is not None else ()
        wanted = [citation.article for citation in citations]
        wanted += [place.article for place in self.planned.gold]
        if claim is not None:
            wanted += [key for key, each in self.articles.items() if each.key == claim.article]
        for key in filter(self.articles.__contains__, dict.fromkeys(wanted)):
            marks = Marks(prefix=self.prefix)
            for number, citation in enumerate(citations, 1):
                if citation.article == key and self.is_exact(citation):
                    marks.cited.append(Numbered(number, citation.span))
            for place in self.planned.gold:
                if place.article == key and self.articles[key].text[place.start : place.end] == place.quote:
                    marks.gold.append(Span(place.start, place.end))
            yield make_excerpt(self.articles[key], marks)

    @property
    def values(self) -> Iterator[str]:
        """Its scores: shares first, then what has another unit, then what could not be taken."""
        values = self.score.values
        known = list(filter(values.__contains__, METRICS))
        for name in filter(_is_share, known):
            yield f"{name} {values[name]:.3g}"
        for name in known:
            if not _is_share(name):
                yield f"{name} {format_value(values[name], name)}"
        for name, value in values.items():
            if name not in METRICS:
                yield f"{name.removesuffix('_ms')} {value:,.0f} ms"
        for name, why in self.score.unscored.items():
            yield f"{name} not taken: {why}"

    def is_exact(self, citation: Citation) -> bool:
        """Whether the quote is at its place, letter for letter."""
        article = self.articles.get(citation.article)
        return article is not None and citation.span.of(article.text) == citation.quote

    def looks_like(self, other: Attempt) -> bool:
        """Whether a reader would see no difference."""
        return self._essence() == other._essence()

    def _essence(self) -> object:
        row, answer = self.row, self.row.answer
        # Runs that say the same differ in times and costs.
        hidden = {"usage", "trace", "generation", "model", "prompts"}
        said = answer.model_dump(exclude=hidden) if answer else None
        shares = {name: value for name, value in self.score.values.items() if _is_share(name)}
        return said, row.claim, row.failure, row.ranking, shares, self.grades

    def _describe(self) -> Iterator[str]:
        row, answer = self.row, self.row.answer
        if answer is not None:
            yield _VERDICTS[answer.verdict]
            yield f"confidence {answer.confidence:.2f}"
            if answer.model is not None:
                yield f"written by {answer.model}"
        if self.planned.gold and row.ranking:
            rank = find_first_rank(self.planned, row)
            yield f"first gold sentence at rank {rank}" if rank else "no gold sentence ranked"
        if row.reused:
            yield "cached from an earlier run"


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case in all runs."""

    planned: PlannedCase
    results: tuple[CaseResult | None, ...]
    """By run; None where it was not asked."""
    changes: frozenset[Change]
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def found(self) -> set[str]:
        """Results and changes: the script of the page chooses cases by them."""
        return {*filter(None, self.results), *self.changes}

    @property
    def badges(self) -> Iterator[tuple[str, str]]:
        """Words, and which kind of badge they are in."""
        for label, result in zip(LABELS, self.results, strict=False):
            if result is not None:
                yield f"{label} {result}" if len(self.results) > 1 else result, result
        for change in sorted(self.changes):
            yield change, change

    @property
    def has_several(self) -> bool:
        """Whether its attempts need labels."""
        return len(self.results) > 1 or len(self.attempts) > 1

    def urgency(self) -> tuple[bool, int]:
        """Return what a page sorts by."""
        order = list(CaseResult)
        ranks = [order.index(result) for result in self.results if result is not None]
        return Change.LOST not in self.changes, min(ranks, default=len(order))


def gather_cases(runs: Sequence[ScoredRun], comparisons: Sequence[Comparison]) -> list[CaseView]:
    """Return every case of any run: what was lost first, then what failed, then the rest."""
    planned: dict[str, PlannedCase] = {}
    # A case that several runs have is the first one's.
    for run in reversed(runs):
        planned |= run.run.planned
    results = list(map(_find_results, runs))
    changes = _find_changes(comparisons)
    views = []
    for case, each in planned.items():
        of_runs = tuple(of_run.get(case) for of_run in results)
        views.append(CaseView(each, of_runs, frozenset(changes.get(case, ()))))
    views.sort(key=CaseView.urgency)
    by_case = {view.planned.case.id: (number, view) for number, view in enumerate(views, 1)}
    # An attempt that says the same as an earlier one refers to that.
    for label, run in zip(LABELS, runs, strict=False):
        _add_attempts(by_case, label, run)
    return views


def _find_results(run: ScoredRun) -> dict[str, CaseResult]:
    shares = average_repeats(run.scores, PASSED)
    return {case: _name_result(shares.get(case)) for case in run.run.planned}


def _name_result(share: float | None) -> CaseResult:
    """Return what a case is that passed in this share of its repeats."""
    if share is None:
        return CaseResult.UNSCORED
    if share in (0, 1):
        return CaseResult.PASSED if share else CaseResult.FAILED
    return CaseResult.UNSTEADY


def _add_attempts(by_case: Mapping[str, tuple[int, CaseView]], label: str, run: ScoredRun) -> None:
    scores = {(score.case, score.repeat): score for score in run.scores}
    grades = _read_grades(run)
    for row in sorted(run.run.answers, key=lambda row: row.repeat):
        number, view = by_case[row.case]
        key = row.case, row.repeat
        attempt = Attempt(
            label=f"{label}, repeat {row.repeat + 1}" if run.run.manifest.repeats > 1 else label,
            planned=view.planned,
            row=row,
            score=scores.get(key, ScoreRow(case=row.case, repeat=row.repeat)),
            articles=run.run.articles,
            grades=grades.get(key, {}),
            prefix=f"{number}.{len(view.attempts) + 1}.",
        )
        for other in view.attempts:
            if not other.same_as and other.looks_like(attempt):
                attempt = replace(attempt, same_as=other.label)
                break
        view.attempts.append(attempt)


def _read_grades(run: ScoredRun) -> dict[tuple[str, int], dict[int, Grade]]:
    """Return of each statement the grade with all of its citations."""
    stored = read_grades(run.run.folder) if run.summary.judge is not None else None
    found: dict[tuple[str, int], dict[int, Grade]] = {}
    # Grades of some citations only come first, so that those of all take their place.
    for row in sorted(stored.rows if stored else (), key=lambda row: len(row.citations)):
        found.setdefault((row.case, row.repeat), {})[row.statement] = row.grade
    return found


def _find_changes(comparisons: Sequence[Comparison]) -> dict[str, set[Change]]:
    changes: dict[str, set[Change]] = {}
    for comparison in comparisons:
        for flip in comparison.flips:
            change = Change.LOST if flip.is_loss else Change.GAINED
            changes.setdefault(flip.case.case.id, set()).add(change)
    return changes


def _is_share(name: str) -> bool:
    return name in METRICS and METRICS[name].unit is MetricUnit.SHARE
