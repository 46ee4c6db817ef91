"""`/why`: what an answer, or one of its citations, rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.text import Text

from agent.answer.answer import Answer, Citation, Statement, Step, Verdict
from agent.answer.citations import in_quotation_marks
from agent.answer.receipts import find_receipt
from agent.chat.chat_session import ChatSession
from agent.render.receipts import describe_model_usage
from agent.render.transcript import Entry
from agent.sessions.sessions import describe_filters
from agent.terminal.safe_text import clean, squeeze
from vectorstore import Filters, PullquoteError, SearchResult, plural

_MOST = 100
"""Sentences among which a citation's rank is looked for."""
_NAMES = {"pointer": "stands in the stored text, to the letter"}


def explain(chat: ChatSession, words: str) -> None:
    """Show scores, checks, searches and what was withheld, of the last answer or of citation `words`."""
    if not chat.entries:
        raise PullquoteError("Nothing has been asked in this session yet.")
    if words.strip():
        number, citation = chat.find(words)
        entry = next(entry for entry in reversed(chat.entries) if _cites(entry.answer.citations(), citation))
        wanted = [(number, citation)]
    else:
        entry = chat.entries[-1]
        citations = entry.answer.citations()
        wanted = list(dict(zip(chat.numbering.numbers_of(entry.answer), citations, strict=True)).items())
    filters = _filters_of(chat, entry.answer)
    found = chat.library.search(entry.answer.question, filters, limit=_MOST)
    lines = [*_explain_answer(entry, filters), ""]
    for number, citation in wanted:
        lines += _explain_citation(number, citation, entry.answer, found)
    chat.screen.show(Text("\n".join(lines) + "\n"))


def _explain_answer(entry: Entry, filters: Filters) -> Iterator[str]:
    answer = entry.answer
    yield f"“{clean(entry.question)}”"
    if answer.question != entry.question:
        yield f"  read as      {clean(answer.question)}"
    verdict = "not found" if answer.verdict is Verdict.NOT_FOUND else answer.verdict.value
    yield f"  verdict      {verdict}; chance that the articles answer it: {answer.confidence:.2f}"
    if not filters.is_empty:
        yield f"  only         {clean(describe_filters(filters))}"
    for step in answer.trace:
        yield f"  {step.tool.replace('_', ' '):<12} {_describe_step(step)}"
    if answer.withheld:
        yield f"  withheld     {plural(answer.withheld, 'statement')} that did not pass the checks"
    for each in entry.withheld:
        yield f"               “{clean(each.text)}”: {clean('; '.join(each.reasons))}"
    for part in answer.missing:
        yield f"  not answered “{clean(part)}”"
    usage = answer.usage
    took = f"{usage.total_ms / 1000:.1f} s, {usage.candidates} passages found, {usage.reranked} read again"
    yield f"  took         {took}; {describe_model_usage(usage)}"
    if answer.receipt:
        yield f"  receipt      {answer.receipt}"


def _explain_citation(number: int, citation: Citation, answer: Answer, found: SearchResult) -> Iterator[str]:
    yield f"[{number}] {in_quotation_marks(squeeze(citation.quote))}"
    yield f"  scores       {_describe_score(citation, found)}"
    for statement in answer.statements:
        if not _cites(statement.citations, citation):
            continue
        if answer.model is not None:
            yield f"  proves       {clean(statement.text)}"
        for line in _describe_checks(statement):
            yield f"  checks       {line}"
    yield ""


def _cites(citations: Iterable[Citation], wanted: Citation) -> bool:
    return any(citation.place == wanted.place for citation in citations)


def _describe_score(citation: Citation, found: SearchResult) -> str:
    for rank, evidence in enumerate(found.evidence, start=1):
        # Of a whole passage that is cited, its best sentence.
        if evidence.article_id == citation.article and citation.span.contains(evidence.span):
            return (
                f"rank {rank} of {len(found.evidence)}; chance that it answers: {evidence.probability:.2f}; "
                f"score {evidence.score:.3f}; passage {evidence.passage_score:.3f}"
            )
    return f"not among the {len(found.evidence)} best sentences for the question as a whole"


def _describe_checks(statement: Statement) -> Iterator[str]:
    checks = dict.fromkeys((check.name, check.passed, check.detail) for check in statement.checks)
    for name, passed, detail in checks:
        said = _NAMES.get(name, "") if passed and not detail else clean(detail)
        yield f"{name}: {'passed' if passed else 'failed'}{f' ({said})' if said else ''}"


def _describe_step(step: Step) -> str:
    days = (f"from {step.since}" if step.since else "", f"until {step.until}" if step.until else "")
    named = [" ".join(filter(None, days)), *map(clean, (*step.outlets, *step.languages, *step.within))]
    filters = ", ".join(filter(None, named))
    by = " (by the model)" if step.is_inferred else ""
    return f"{clean(step.query)}{f'; only {filters}{by}' if filters else ''}; {step.found} new"


def _filters_of(chat: ChatSession, answer: Answer) -> Filters:
    if answer.receipt is None:
        return chat.filters
    try:
        return find_receipt(chat.library, answer.receipt).filters
    except PullquoteError:
        return Filters()
