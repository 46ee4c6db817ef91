"""Receipts, verifications and sessions as text, like `render.text` made from plain strings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.text import Text

from agent.answer.answer import Usage, Verdict
from agent.answer.citations import in_quotation_marks
from agent.answer.receipts import Receipt, ReceiptSummary
from agent.answer.verification import CitationStatus, Verification, VerifiedCitation
from agent.answer.view import view_answer
from agent.render.text import render_answer
from agent.sessions.sessions import describe_filters
from agent.terminal.safe_text import clean, squeeze
from vectorstore import SessionHeader, plural

_LISTED = 200
"""Code points of a question in a list: two lines and a half of a terminal; a pasted page would fill it."""
_STYLES = {
    CitationStatus.VALID: "green",
    CitationStatus.SUPERSEDED: "yellow",
    CitationStatus.REMOVED: "red",
    CitationStatus.CHANGED: "red",
}


def render_verification(found: Verification) -> Text:
    """Return every citation with its status, how many are unchanged, and what to do when some are not."""
    text = Text()
    text.append(f"{found.receipt}  {clean(found.question)}\n", "bold")
    outcomes = [cited.outcome for cited in found.citations]
    for cited in found.citations:
        text.append(f"  [{cited.number}] ")
        text.append(_describe(cited), _STYLES[cited.outcome])
        text.append(f": {in_quotation_marks(squeeze(cited.quote))}\n")
    text.append(f"{_count(outcomes)}\n")
    if CitationStatus.CHANGED in outcomes:
        text.append("The stored text is damaged. Try: pullquote doctor\n")
    elif not found.all_valid:
        text.append('An answer from the articles as they are now: pullquote ask "…"\n', "dim")
    if found.generation_now != found.generation:
        text.append(
            f"The library was in state {found.generation} when this was asked and is in state "
            f"{found.generation_now} now; asking again may find more.\n",
            "dim",
        )
    return text


def render_summaries(summaries: Sequence[ReceiptSummary]) -> Text:
    """Return two lines a receipt: id, time, what came of it and what that took; then the question."""
    text = Text()
    for summary in summaries:
        text.append(summary.id, "bold")
        if summary.usage is None:
            facts = [summary.verdict, "stored by another version of Pullquote"]
        else:
            facts = [
                "not found" if summary.verdict == Verdict.NOT_FOUND else summary.verdict,
                plural(summary.statements, "statement"),
                describe_model_usage(summary.usage),
                f"{summary.usage.total_ms / 1000:.1f} s",
            ]
        text.append(f"  {_moment(summary.created)}  {' · '.join(facts)}\n", "dim")
        text.append(f"  {_shorten(summary.question)}\n")
    return text


def render_receipt(receipt: Receipt) -> Text:
    """Return what an answer was made from and what it cost, then the answer."""
    answer = receipt.answer
    text = Text()
    text.append(f"Receipt {receipt.id}\n", "bold")
    for name, value in _facts(receipt):
        if value:
            text.append(f"  {name:<9} ", "dim")
            text.append(f"{clean(value)}\n")
    text.append("\n")
    text.append_text(render_answer(view_answer(answer, receipt.numbers), is_last=False))
    text.append(f"pullquote verify {receipt.id}  says whether the citations are still valid.\n", "dim")
    return text


def render_sessions(headers: Sequence[SessionHeader]) -> Text:
    """Return two lines a session: name, length and time; then the last question."""
    text = Text()
    for header in headers:
        text.append(clean(header.id), "bold")
        text.append(f"  {plural(header.turns, 'question')}, the last {_moment(header.updated)}\n", "dim")
        text.append(f"  {_shorten(header.last_asked)}\n")
    return text


def describe_model_usage(usage: Usage) -> str:
    """Return tokens and cost of the model, as in "1,200 + 80 tokens in 2 calls, $0.0012"."""
    if not usage.model_calls:
        return "no model"
    about = "about " if usage.tokens_are_estimated else ""
    tokens = f"{about}{usage.prompt_tokens:,} + {usage.completion_tokens:,} tokens"
    cost = "cost not known" if usage.cost is None else f"${usage.cost.normalize():f}"
    return f"{tokens} in {plural(usage.model_calls, 'call')}, {cost}"


def _facts(receipt: Receipt) -> list[tuple[str, str]]:
    answer, usage = receipt.answer, receipt.answer.usage
    cached = f" ({usage.cached_tokens:,} of them cached)" if usage.cached_tokens else ""
    endpoint = f" at {receipt.endpoint}" if receipt.endpoint else ""
    stages = {
        "embedding": usage.embed_ms,
        "index": usage.index_ms,
        "re-ranking": usage.rerank_ms,
        "model": usage.model_ms,
    }
    stages["loading and the rest"] = usage.total_ms - sum(stages.values())
    times = ", ".join(f"{name} {ms:,.0f}" for name, ms in stages.items() if ms >= 1)
    return [
        ("asked", f"{_moment(receipt.created)}, of pullquote {receipt.pullquote}"),
        ("question", receipt.question),
        ("read as", answer.question if answer.question != receipt.question else ""),
        ("session", receipt.session or ""),
        ("only", describe_filters(receipt.filters)),
        ("library", f"{receipt.library} in state {receipt.generation}"),
        ("embedder", receipt.embedder),
        ("model", f"{receipt.model}{endpoint}" if receipt.model else "none"),
        ("prompts", ", ".join(f"{prompt.name} ({prompt.sha256[:12]}…)" for prompt in receipt.prompts)),
        ("tokens", f"{usage.embedded_tokens:,} embedded; {describe_model_usage(usage)}{cached}"),
        ("time", f"{usage.total_ms:,.0f} ms{f': {times}' if times else ''}"),
    ]


def _describe(cited: VerifiedCitation) -> str:
    if cited.outcome is CitationStatus.CHANGED:
        return f"changed, {cited.detail}"
    if cited.outcome is CitationStatus.REMOVED:
        return f"article {cited.article} has been removed"
    edition = cited.successor
    if edition is None:
        return "valid"
    title = f" ({clean(edition.title)})" if edition.title else ""
    if not edition.quote_at:
        return f"superseded by {edition.article}{title}, which does not have the quote"
    places = ", ".join(map(str, edition.quote_at))
    return f"superseded by {edition.article}{title}, which still has the quote, at {places}"


def _count(outcomes: Sequence[CitationStatus]) -> str:
    total, valid = len(outcomes), outcomes.count(CitationStatus.VALID)
    if not total:
        return "Nothing is cited."
    if valid == total:
        return "The citation is valid." if total == 1 else f"All {total} citations are valid."
    return f"{valid} of {plural(total, 'citation')} {'is' if valid == 1 else 'are'} valid."


def _shorten(question: str) -> str:
    shown = clean(question)
    return shown if len(shown) <= _LISTED else f"{shown[:_LISTED].rstrip()}…"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
