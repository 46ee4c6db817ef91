"""A follow-up question made complete in itself by the model, and checked against the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from agent.checks import Cited, Claim, NameMatcher, check_dates, check_names, check_numbers, fails
from agent.generative.sanitize import find_invented_addresses, sanitize
from agent.generative.writer import Writer
from agent.llm import ModelError
from agent.llm.budget import Budget
from agent.llm.forms import FormRequest, ask_form
from agent.llm.requests import Form, closed_object
from agent.telemetry import span
from prompts import Sentence, Source, load, render
from vectorstore import Library, identify

if TYPE_CHECKING:
    from agent.sessions.sessions import Exchange

LONGEST_ADDED = 300
"""Code points by which a question may grow: some ten names and dates. What adds more is no longer it."""
_SHARE = 1 / 3
"""Of the answer's seconds: the answer itself is read from more, and has more to write."""
_FORM = Form("Question", closed_object({"question": {"type": "string"}}))


class Fault(StrEnum):
    """Why a rewritten question is not used."""

    SILENT = "silent"
    LONG = "long"
    ADDRESSES = "addresses"
    """It has a web address that was not asked about."""
    NUMBERS = "numbers"
    """A number or date that neither the question nor the conversation has."""
    NAMES = "names"
    """A name that neither has."""
    DROPPED = "dropped"
    """A name or number of the question is missing."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What came of rewriting a question."""

    question: str | None
    """Complete in itself; None when the model failed or wrote what cannot be used."""
    budget: Budget
    """What is left for the answer."""
    prompts: tuple[str, ...] = ()
    """The prompt as `name@version`, when the model was asked."""


def rewrite_question(
    library: Library, writer: Writer, question: str, history: Sequence[Exchange]
) -> Rewriting:
    """Ask the model once to put in what the words of `question` refer to. Never raises ModelError.

    The model is not asked when that would leave too little of the budget for the answer. `history` is what
    was asked and answered before, oldest first; articles' own words may be in it.
    """
    model, budget = writer.model, Budget(writer.settings, writer.model.price)
    matcher = NameMatcher(library.embedder, library.center_tokens)
    prompt = load("rewrite")
    messages = render(prompt, conversation=_show(history), question=question)
    calls = budget.calls
    with span("pullquote.rewrite", {"pullquote.exchanges": len(history)}) as here:
        try:
            reply = ask_form(
                model, budget, FormRequest(messages, _FORM, seconds=_SHARE * budget.seconds_left)
            )
        except ModelError:
            reply = None
        said = reply.get("question") if reply else None
        written = " ".join(said.split()) if isinstance(said, str) else ""
        fault = None if written == question else find_fault(written, question, history, matcher)
        here.set({"pullquote.rewrite.fault": fault.value if fault else None})
    asked = (f"{prompt.name}@{prompt.version}",) if budget.calls > calls else ()
    alone = question if written == question else sanitize(written)
    return Rewriting(alone if fault is None else None, budget, asked)


def find_fault(
    written: str, question: str, history: Sequence[Exchange], matcher: NameMatcher | None = None
) -> Fault | None:
    """Return what speaks against `written` as the meaning of `question`; None when nothing does.

    Whatever a model was talked into, it may only add what the conversation has: no address besides those the
    user gave, no name, number or date that was not said before, and not many words.
    """
    text = sanitize(written)
    if not any(map(str.isalnum, text)):
        return Fault.SILENT
    if len(text) > len(question) + LONGEST_ADDED:
        return Fault.LONG
    if find_invented_addresses(written, [question, *(exchange.question for exchange in history)]):
        return Fault.ADDRESSES
    said: list[Cited] = []
    for exchange in history:
        said.extend(Cited(words, identify(words)) for words in (exchange.question, exchange.answer) if words)
    language = identify(text)  # The question's too, which is often too short to tell.
    claim = Claim(text, language, tuple(said), question, language)
    if fails(check_numbers(claim), check_dates(claim)):
        return Fault.NUMBERS
    if fails(check_names(claim, matcher)):
        return Fault.NAMES
    back = Claim(question, language, (Cited(text, language),))
    return Fault.DROPPED if fails(check_numbers(back), check_names(back)) else None


def _show(history: Sequence[Exchange]) -> tuple[Source, ...]:
    """For the prompt: questions as headings, each with its answer on one line."""
    sources = []
    for exchange in history:
        answer = (Sentence("answer", exchange.answer),) if exchange.answer else ()
        sources.append(Source(f"Question: {exchange.question}", answer))
    return tuple(sources)
