"""One case as a page shows it: what was asked, what came out in each run, and why that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agent import Citation, Verdict
from eval.judge.rows import Grade
from eval.report.excerpts import Excerpt, Marks, Numbered, make_excerpt
from eval.report.reasons import find_first_rank, list_reasons
from eval.report.tables import format_value
from eval.report.views import LABELS, Attempt, CaseView
from eval.runs.rows import AnswerRow
from eval.scoring.catalogue import METRICS, MetricUnit
from eval.suites.cases import PlannedCase
from vectorstore import Span

_VERDICTS = {
    Verdict.ANSWERED: "answered",
    Verdict.PARTIAL: "answered in part",
    Verdict.NOT_FOUND: "refused: the articles do not say it",
}


@dataclass(frozen=True, slots=True)
class ShownAttempt:
    """One answer with all that the page says of it."""

    attempt: Attempt
    heading: str
    prefix: str
    """Of the ids of marks in its articles."""
    same_as: str = ""
    """Label of an earlier attempt that looks the same to a reader; nothing else is shown then."""
    reasons: Sequence[str] = ()
    excerpts: Sequence[Excerpt] = ()
    values: Sequence[str] = ()

    @property
    def label(self) -> str:
        """Of the run, and of the repeat where there are several."""
        return self.attempt.label

    @property
    def row(self) -> AnswerRow:
        """What came out."""
        return self.attempt.row

    @property
    def grades(self) -> Mapping[int, Grade]:
        """What a judge said, by the places of statements."""
        return self.attempt.grades

    def is_exact(self, citation: Citation) -> bool:
        """Whether the quote is at its place, letter for letter."""
        article = self.attempt.articles.get(citation.article)
        return article is not None and citation.span.of(article.text) == citation.quote


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A case; the script of the page reads `results_and_changes`."""

    planned: PlannedCase
    results_and_changes: Sequence[str]
    badges: Sequence[tuple[str, str]]
    """Words, and which kind of badge they are in."""
    attempts: Sequence[ShownAttempt]
    has_several: bool


def show_case(view: CaseView) -> ShownCase:
    """A case with all of its attempts; what says the same as an earlier one refers to that."""
    badges: list[tuple[str, str]] = []
    for label, result in zip(LABELS, view.results, strict=False):
        if result is not None:
            badges.append((f"{label} {result}" if len(view.results) > 1 else result, result))
    badges += [(change, change) for change in sorted(view.changes)]
    shown: list[ShownAttempt] = []
    for place, attempt in enumerate(view.attempts, 1):
        shown.append(_show_attempt(view.planned, attempt, f"{view.number}.{place}.", shown))
    results = {result.value for result in view.results if result is not None}
    has_several = len(view.results) > 1 or len(view.attempts) > 1
    return ShownCase(view.planned, sorted(results | set(view.changes)), badges, shown, has_several)


def _show_attempt(
    planned: PlannedCase, attempt: Attempt, prefix: str, before: Sequence[ShownAttempt]
) -> ShownAttempt:
    for other in before:
        if not other.same_as and _essence(other.attempt) == _essence(attempt):
            return ShownAttempt(attempt, f"as in {other.label}", prefix, same_as=other.label)
    plain = ShownAttempt(attempt, "", prefix)
    return ShownAttempt(
        attempt,
        " · ".join(_describe(planned, attempt)),
        prefix,
        reasons=list_reasons(planned, attempt),
        excerpts=list(_list_excerpts(planned, plain)),
        values=list(_list_values(attempt)),
    )


def _describe(planned: PlannedCase, attempt: Attempt) -> Iterator[str]:
    row, answer = attempt.row, attempt.row.answer
    if answer is not None:
        yield _VERDICTS[answer.verdict]
        yield f"confidence {answer.confidence:.2f}"
        if answer.model is not None:
            yield f"written by {answer.model}"
    if planned.gold and row.ranking:
        rank = find_first_rank(planned, row)
        yield f"first gold sentence at rank {rank}" if rank else "no gold sentence ranked"
    if row.reused:
        yield "cached from an earlier run"


def _list_excerpts(planned: PlannedCase, shown: ShownAttempt) -> Iterator[Excerpt]:
    """The articles that are cited or should be, in the order of their numbers."""
    answer, articles = shown.row.answer, shown.attempt.articles
    citations = list(enumerate(answer.citations(), 1)) if answer is not None else []
    wanted = [citation.article for _, citation in citations] + [place.article for place in planned.gold]
    if planned.case.claim is not None:
        wanted += [each.id for each in articles.values() if each.key == planned.case.claim.article]
    for key in filter(articles.__contains__, dict.fromkeys(wanted)):
        marks = Marks(prefix=shown.prefix)
        for number, citation in citations:
            if citation.article == key and shown.is_exact(citation):
                marks.cited.append(Numbered(number, citation.span))
        for place in planned.gold:
            if place.article == key and articles[key].text[place.start : place.end] == place.quote:
                marks.gold.append(Span(place.start, place.end))
        yield make_excerpt(articles[key], marks)


def _list_values(attempt: Attempt) -> Iterator[str]:
    """Shares first, then what has another unit, then what could not be taken."""
    values = attempt.score.values
    known = [name for name in METRICS if name in values]
    for name in filter(_is_share, known):
        yield f"{name} {values[name]:.3g}"
    for name in known:
        if not _is_share(name):
            yield f"{name} {format_value(name, values[name])}"
    for name, value in values.items():
        if name not in METRICS:
            yield f"{name.removesuffix('_ms')} {value:,.0f} ms"
    for name, why in attempt.score.unscored.items():
        yield f"{name} not taken: {why}"


def _is_share(name: str) -> bool:
    return name in METRICS and METRICS[name].unit is MetricUnit.SHARE


def _essence(attempt: Attempt) -> object:
    """All in which a reader would see a difference: not times and costs."""
    row, answer = attempt.row, attempt.row.answer
    said = answer.model_dump(exclude={"usage", "trace", "generation", "model", "prompts"}) if answer else None
    shares = {name: value for name, value in attempt.score.values.items() if _is_share(name)}
    return said, row.claim, row.failure, row.ranking, shares, attempt.grades
