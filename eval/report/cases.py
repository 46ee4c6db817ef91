"""The part of a page about one case: what was asked, what came out in each run, and why that is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from agent import Verdict, clean
from eval.report.answers import join, list_words, show_answer, show_checks, stands
from eval.report.elements import Node, spoken, tag
from eval.report.excerpts import Numbered, show_article
from eval.report.reasons import find_first_rank, list_reasons
from eval.report.tables import format_value
from eval.report.views import LABELS, Attempt, CaseView
from eval.scoring import METRICS, MetricUnit
from eval.suites.cases import PlannedCase
from vectorstore import Span

_VERDICTS = {
    Verdict.ANSWERED: "answered",
    Verdict.PARTIAL: "answered in part",
    Verdict.NOT_FOUND: "refused: the articles do not say it",
}


def show_case(view: CaseView) -> Element:
    """A case, folded up; the script of the page reads its `data-` attributes."""
    case = view.planned.case
    asked = case.question or (case.claim.text if case.claim else "")
    results = {result.value for result in view.results if result is not None}
    badges = [
        tag("span", f"{label} {result}" if len(view.results) > 1 else result, class_=f"badge {result}")
        for label, result in zip(LABELS, view.results, strict=False)
        if result is not None
    ]
    badges += [tag("span", change, class_=f"badge {change}") for change in sorted(view.changes)]
    body: list[Node] = [tag("div", *_show_expected(view.planned), class_="expected")]
    shown: list[Attempt] = []
    for place, attempt in enumerate(view.attempts, 1):
        same = next((other for other in shown if _say_the_same(other, attempt)), None)
        if same is not None:
            body.append(tag("section", _show_heading(view, attempt, f"as in {same.label}"), class_="attempt"))
            continue
        shown.append(attempt)
        body.append(_show_attempt(view, attempt, f"{view.number}.{place}."))
    return tag(
        "details",
        tag(
            "summary",
            *(part for badge in badges for part in (badge, " ")),
            spoken("span", clean(asked), case.language, class_="question"),
            " ",
            tag("span", f"{case.id} · {case.language}", class_="quiet"),
        ),
        *body,
        class_="case",
        id=view.anchor,
        data_results=" ".join(sorted(results | set(view.changes))),
        data_language=case.language,
        data_tags=" ".join(case.tags),
    )


def _show_expected(planned: PlannedCase) -> Iterator[Element]:
    """What must hold."""
    case = planned.case
    if case.claim is not None:
        stand = "supports" if case.claim.holds else "does not support"
        yield tag("p", f"A claim; the article {stand} it.")
    if case.unanswerable:
        yield tag("p", "The articles do not say it: to be refused.")
    for words, wanted in (
        ("Accepted", case.answers),
        ("Must not be said", case.must_not_say),
        ("Must not be obeyed", case.must_not_obey),
        ("Must be cited", case.must_cite_outlet),
    ):
        if wanted:
            yield tag("p", f"{words}: ", *list_words(wanted))
    if planned.gold:
        entries = [
            spoken("q", clean(place.quote), planned.article_language, class_="gold") for place in planned.gold
        ]
        yield tag("p", "Gold: ", *join(entries))
    if case.tags or case.note:
        parts = [part for part in (clean(case.note), " ".join(case.tags)) if part]
        yield tag("p", " · ".join(parts), class_="quiet")


def _show_attempt(view: CaseView, attempt: Attempt, prefix: str) -> Element:
    planned, row = view.planned, attempt.row
    parts: list[Node] = [_show_heading(view, attempt, _describe(planned, attempt))]
    if row.failure is not None:
        parts.append(tag("p", f"No answer, and so unscored: {clean(row.failure)}", class_="why"))
    reasons = list_reasons(planned, attempt)
    if reasons:
        parts.append(tag("ul", *(tag("li", clean(reason)) for reason in reasons), class_="why"))
    if row.claim:
        entries = [
            tag("li", spoken("span", clean(each.text), None), *show_checks(each.checks)) for each in row.claim
        ]
        parts.append(tag("ol", *entries, class_="statements"))
    if row.answer is not None:
        parts += show_answer(row.answer, attempt, prefix)
    parts += _show_articles(planned, attempt, prefix)
    parts.append(_show_values(attempt))
    return tag("section", *parts, class_="attempt")


def _show_heading(view: CaseView, attempt: Attempt, words: str) -> Element:
    several = len(view.results) > 1 or len(view.attempts) > 1
    return tag("h4", tag("b", attempt.label) if several else None, " " if several else None, words)


def _describe(planned: PlannedCase, attempt: Attempt) -> str:
    row, answer = attempt.row, attempt.row.answer
    parts = []
    if answer is not None:
        parts += [_VERDICTS[answer.verdict], f"confidence {answer.confidence:.2f}"]
        if answer.model is not None:
            parts.append(f"written by {clean(answer.model)}")
    if planned.gold and row.ranking:
        rank = find_first_rank(planned, row)
        parts.append(f"first gold sentence at rank {rank}" if rank else "no gold sentence ranked")
    if row.reused:
        parts.append("kept from an earlier run")
    return " · ".join(parts)


def _show_articles(planned: PlannedCase, attempt: Attempt, prefix: str) -> Iterator[Element]:
    """The articles that are cited or should be, in the order of their numbers."""
    answer, articles = attempt.row.answer, attempt.articles
    citations = list(enumerate(answer.citations(), 1)) if answer is not None else []
    wanted = [citation.article for _, citation in citations] + [place.article for place in planned.gold]
    if planned.case.claim is not None:
        wanted += [each.id for each in articles.values() if each.key == planned.case.claim.article]
    for key in dict.fromkeys(wanted):
        if (article := articles.get(key)) is not None:
            cited = [
                Numbered(number, Span(each.start, each.end))
                for number, each in citations
                if each.article == key and stands(each, articles)
            ]
            gold = [
                Span(place.start, place.end)
                for place in planned.gold
                if place.article == key and article.text[place.start : place.end] == place.quote
            ]
            yield show_article(article, cited, gold, prefix)


def _show_values(attempt: Attempt) -> Element:
    values, left = attempt.score.values, attempt.score.unscored
    shares = [f"{name} {values[name]:.3g}" for name in METRICS if name in values and _is_share(name)]
    rest = [f"{name} {format_value(name, values[name])}" for name in METRICS
            if name in values and not _is_share(name)]  # fmt: skip
    rest += [
        f"{name.removesuffix('_ms')} {value:,.0f} ms" for name, value in values.items() if name not in METRICS
    ]
    missing = [f"{name} not taken: {clean(why)}" for name, why in left.items()]
    return tag("p", " · ".join([*shares, *rest, *missing]), class_="values quiet")


def _is_share(name: str) -> bool:
    return METRICS[name].unit is MetricUnit.SHARE


def _say_the_same(one: Attempt, other: Attempt) -> bool:
    """Whether a reader would see no difference but in times and costs."""
    return _essence(one) == _essence(other)


def _essence(attempt: Attempt) -> object:
    row, answer = attempt.row, attempt.row.answer
    said = answer.model_dump(exclude={"usage", "trace", "generation", "model", "prompts"}) if answer else None
    shares = {name: value for name, value in attempt.score.values.items()
              if name in METRICS and _is_share(name)}  # fmt: skip
    return said, row.claim, row.failure, row.ranking, shares, attempt.grades
