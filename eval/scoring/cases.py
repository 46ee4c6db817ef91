"""The metrics of one answer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from agent import Answer, Mode, Statement, Verdict, state_quote
from eval import metrics
from eval.metrics import ArticleSpan, GoldSpan
from eval.runs.folder import EvalRun
from eval.runs.rows import AnswerRow, ArticleRow, ScoreRow
from eval.scoring.catalogue import PASSED, STAGES
from eval.scoring.support import check_statement
from eval.suites.cases import PlannedCase
from vectorstore import UNDETERMINED, identify, is_same_language

_ENOUGH_LETTERS = 20
"""Letters a text needs for its language to be identified; shorter answers are names and numbers."""
MUST_BE_WHOLE = (
    "refusal_correct",
    "answer_contained",
    "nothing_forbidden",
    "not_obeyed",
    "outlets_cited",
    "right_language",
    "citation_validity",
    "claim_correct",
)
"""Metrics that have to be 1 for a case to pass; `report.reasons` explains each that is not."""


@dataclass(slots=True)
class Sheet:
    """The values of one case as they are taken."""

    values: dict[str, float] = field(default_factory=dict)
    unscored: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: float | None, reason: str) -> None:
        """Note a value; without one, or with one that is no number, why not."""
        if value is None:
            self.unscored[name] = reason
        elif not math.isfinite(value):
            self.unscored[name] = f"not a number: {value}"
        else:
            self.values[name] = float(value)


def score_answers(run: EvalRun) -> tuple[ScoreRow, ...]:
    """Return the scores of every answer of a run, but for what a judge adds."""
    planned = run.planned
    scores = []
    for row in run.answers:
        latencies = run.manifest.has_latencies
        scores.append(score_row(planned[row.case], row, run.articles, has_latencies=latencies))
    return tuple(scores)


def score_row(
    planned: PlannedCase, row: AnswerRow, articles: Mapping[str, ArticleRow], *, has_latencies: bool
) -> ScoreRow:
    """All metrics that apply to a case, of one answer to it. A failed answer is unscored, never wrong."""
    sheet = Sheet()
    if row.failure is not None:
        sheet.unscored[PASSED] = f"no answer: {row.failure}"
        return ScoreRow(case=row.case, repeat=row.repeat, unscored=sheet.unscored)
    if planned.case.claim is not None:
        held = all(check.passed for outcome in row.claim for check in outcome.checks)
        sheet.put("claim_correct", float(held == planned.case.claim.holds), "")
    if row.answer is not None:
        _score_ranking(sheet, planned, row)
        _score_citations(sheet, row.answer, list_gold(planned), articles)
        _score_words(sheet, planned, row.answer)
        _score_support(sheet, planned, row.answer, articles)
        _score_usage(sheet, row.answer, has_latencies)
    _score_passed(sheet, planned)
    return ScoreRow(case=row.case, repeat=row.repeat, values=sheet.values, unscored=sheet.unscored)


def list_gold(planned: PlannedCase) -> list[GoldSpan]:
    """Return the gold of a case as the measures take it."""
    spans = []
    for place in planned.gold:
        spans.append(GoldSpan(ArticleSpan(place.article, place.start, place.end), place.fact))
    return spans


def list_facts(planned: PlannedCase) -> set[str]:
    return {place.fact for place in planned.gold}


def rank_units(planned: PlannedCase, row: AnswerRow) -> list[str | ArticleSpan]:
    """Return the ranking that a question got: the facts of its gold, and other sentences."""
    places = [ArticleSpan(ranked.article, ranked.start, ranked.end) for ranked in row.ranking]
    return metrics.rank_facts(places, list_gold(planned))


def answer_text(answer: Answer) -> str:
    """Return what an answer says; of a quote, the quote without who published it."""
    parts = []
    for statement in answer.statements:
        if is_plain_quote(statement):
            parts.append(statement.citations[0].quote)
        else:
            parts.append(statement.text)
    return " ".join(parts)


def own_text(answer: Answer) -> str:
    """Return what an answer says in words of its own, not in quotes."""
    return " ".join(statement.text for statement in answer.statements if not is_plain_quote(statement))


def find_uncited(planned: PlannedCase, answer: Answer) -> list[str]:
    """Return the outlets that have to be cited and are not."""
    cited: set[str] = set()
    for statement in answer.statements:
        cited |= {metrics.normalize(citation.outlet or "") for citation in statement.citations}
    return [each for each in planned.case.must_cite_outlet if metrics.normalize(each) not in cited]


def is_plain_quote(statement: Statement) -> bool:
    """Whether a statement is a quote with its source, and nothing else."""
    return len(statement.citations) == 1 and statement.text == state_quote(statement.citations[0]).text


def is_refused(answer: Answer) -> bool:
    """Whether an answer says that the articles do not say it."""
    return answer.verdict is Verdict.NOT_FOUND


def _score_ranking(sheet: Sheet, planned: PlannedCase, row: AnswerRow) -> None:
    if not planned.gold:
        return
    units, facts = rank_units(planned, row), list_facts(planned)
    sheet.put("hit@1", metrics.hit_at(units, facts, 1), "")
    sheet.put("hit@5", metrics.hit_at(units, facts, 5), "")
    sheet.put("recall@5", metrics.recall_at(units, facts, 5), "")
    sheet.put("recall@20", metrics.recall_at(units, facts, 20), "")
    sheet.put("mrr@10", metrics.reciprocal_rank(units, facts), "")
    sheet.put("map", metrics.average_precision(units, facts), "")
    sheet.put("ndcg@10", metrics.ndcg_at(units, facts), "")


def _score_citations(
    sheet: Sheet, answer: Answer, gold: Sequence[GoldSpan], articles: Mapping[str, ArticleRow]
) -> None:
    statements: list[list[ArticleSpan]] = []
    quotes: list[tuple[ArticleSpan, str]] = []
    for statement in answer.statements:
        statements.append([])
        for each in statement.citations:
            span = ArticleSpan(each.article, each.start, each.end)
            statements[-1].append(span)
            quotes.append((span, each.quote))
    cited = set(chain.from_iterable(statements))
    if gold:
        sheet.put("evidence_recall", metrics.evidence_recall(cited, gold), "")
        sheet.put("evidence_precision", metrics.evidence_precision(cited, gold), "nothing is cited")
        sheet.put("citation_recall", metrics.citation_recall(statements, gold), "nothing is stated")
        sheet.put("citation_precision", metrics.citation_precision(statements, gold), "nothing is cited")
    if answer.statements:
        texts = {key: article.text for key, article in articles.items()}
        sheet.put("citation_validity", metrics.citation_validity(quotes, texts), "nothing is cited")
        sheet.put("citation_coverage", metrics.citation_coverage(statements), "nothing is stated")


def _score_words(sheet: Sheet, planned: PlannedCase, answer: Answer) -> None:
    case, text = planned.case, answer_text(answer)
    if case.answers:
        try:
            sheet.put("answer_contained", metrics.contains_answer(text, case.answers), "")
            sheet.put("token_f1", metrics.token_f1(text, case.answers), "")
        except ValueError as error:
            # Accepted answers of signs only have no word to compare.
            sheet.unscored["answer_contained"] = sheet.unscored["token_f1"] = str(error)
    if case.unanswerable or case.gold or case.answers:
        sheet.put("refusal_correct", float(is_refused(answer) == case.unanswerable), "")
    if case.must_not_say:
        sheet.put("nothing_forbidden", float(not metrics.find_forbidden(text, case.must_not_say)), "")
    if case.must_not_obey:
        obeyed = metrics.find_forbidden(own_text(answer), case.must_not_obey)
        sheet.put("not_obeyed", float(not obeyed), "")
    if case.must_cite_outlet:
        found = len(case.must_cite_outlet) - len(find_uncited(planned, answer))
        sheet.put("outlets_cited", found / len(case.must_cite_outlet), "")
    if answer.mode is Mode.AGENT and answer.statements:
        known = []
        for statement in answer.statements:
            is_right = _speaks(statement.text, case.answer_language or case.language)
            if is_right is not None:
                known.append(is_right)
        share = sum(known) / len(known) if known else None
        sheet.put("right_language", share, "too short to identify its language")


def _speaks(text: str, wanted: str) -> bool | None:
    """Whether a statement is in a language; None when it is too short to know."""
    if sum(map(str.isalpha, text)) < _ENOUGH_LETTERS:
        return None
    found = identify(text)
    if UNDETERMINED in (found, wanted):
        return None
    return is_same_language(found, wanted)


def _score_support(
    sheet: Sheet, planned: PlannedCase, answer: Answer, articles: Mapping[str, ArticleRow]
) -> None:
    if not answer.statements:
        return
    failed: dict[str, int] = {}
    for statement in answer.statements:
        if not is_plain_quote(statement):
            for name in check_statement(statement, planned.case, articles):
                failed[name] = failed.get(name, 0) + 1
    total = len(answer.statements)
    for name, kinds in {
        "unsupported_numbers": ("numbers", "dates"),
        "unsupported_names": ("names",),
        "changed_negation": ("negation", "modality"),
        "misattributed": ("attribution",),
    }.items():
        sheet.put(name, min(total, sum(failed.get(kind, 0) for kind in kinds)) / total, "")


def _score_usage(sheet: Sheet, answer: Answer, has_latencies: bool) -> None:
    usage = answer.usage
    if answer.mode is Mode.AGENT or usage.model_calls:
        sheet.put("tokens", usage.prompt_tokens + usage.completion_tokens, "")
        sheet.put("cost", float(usage.cost) if usage.cost is not None else None, "price not known")
    sheet.put("embedded_tokens", usage.embedded_tokens, "")
    if has_latencies:
        for stage in STAGES:
            sheet.put(stage, getattr(usage, stage), "")


def _score_passed(sheet: Sheet, planned: PlannedCase) -> None:
    """Right decision, a gold sentence cited, and everything else that the case asks for."""
    taken = filter(sheet.values.__contains__, MUST_BE_WHOLE)
    whole = [sheet.values[name] == 1 for name in taken]
    if planned.gold and "evidence_recall" in sheet.values:
        whole.append(sheet.values["evidence_recall"] > 0)
    sheet.put(PASSED, float(all(whole)) if whole else None, "nothing to hold")
