"""The questions a face can put: `ask` and `summarize`. CLI, REPL and Slack call these and nothing below."""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING

from agent.answer.answer import Answer
from agent.answer.last_answer import Place, find_citation
from agent.answer.numbering import Numbering
from agent.answer.receipts import Kind, keep_answer
from agent.extractive.missing_names import note_unnamed
from agent.extractive.quotes import answer_with_quotes
from agent.finishing import (
    DEFAULT_KEEPING,
    Keeping,
    clean_question,
    endpoint_of,
    finish,
    note_limits,
    numbers_of,
    prompts_of,
    write_or_quote,
)
from agent.generative import Writer, WritingStopped
from agent.llm import ModelError
from agent.sessions.sessions import Asked, Session, follow_up, open_session, recall_history, record_turn
from agent.settings.loading import AnswerSettings
from agent.summarizing import Shape, summarize, summarize_period, summarize_search
from agent.telemetry import answering, search
from vectorstore import Filters, Library, deferred_interrupts

if TYPE_CHECKING:
    from agent.generative.rewriting import Rewriting
    from agent.llm.budget import Budget

__all__ = [
    "AnswerStopped",
    "Keeping",
    "Place",
    "Shape",
    "ask",
    "ask_in_session",
    "find_citation",
    "summarize",
    "summarize_period",
    "summarize_search",
]


class AnswerStopped(KeyboardInterrupt):
    """Ctrl-C, when some of an answer had been shown, or all of it was about to be."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer
        """What is kept of it, checked; a partial one unless it was finished."""


@answering("pullquote.ask")
def ask(
    library: Library,
    question: str,
    filters: Filters,
    settings: AnswerSettings,
    *,
    keeping: Keeping = DEFAULT_KEEPING,
    writer: Writer | None = None,
) -> Answer:
    """What the library's articles say to `question`, every citation re-read from the store.

    With a `writer` in sentences of its model's, and in quotes where that fails, which a note says. The
    receipt is kept, in a library that can be written.

    Raises:
        PullquoteError: the question is empty.
    """
    started = time.perf_counter()
    question = clean_question(question)
    answer = _answer(library, question, filters, settings, writer=writer)
    answer = finish(library, answer, started, note_limits(library, question, filters))
    return keep_answer(
        library,
        answer,
        keeping.receipts,
        kind=Kind.ASK,
        filters=filters,
        endpoint=endpoint_of(answer, writer),
        prompts=prompts_of(answer),
    )


@answering("pullquote.ask")
def ask_in_session(
    library: Library,
    name: str,
    question: str,
    filters: Filters,
    settings: AnswerSettings,
    *,
    keeping: Keeping = DEFAULT_KEEPING,
    writer: Writer | None = None,
    numbering: Numbering | None = None,
    carries_filters: bool = True,
) -> Answer:
    """Like `ask`, as a question of the session `name`, which begins with it when it is new.

    What it leans on is put in from the questions before, which a note says: by the `writer`'s model, and
    where there is none or it fails, by carrying names over. With `carries_filters`, `filters` are added to
    by those of the question before. A `numbering` numbers the citations, and the receipt keeps the numbers.

    Raises:
        PullquoteError: the question is empty, or the name is none.
        AnswerStopped: Ctrl-C, after some of the answer had been shown. That is kept, as a partial answer.
        KeyboardInterrupt: Ctrl-C before that; nothing is kept.
    """
    started = time.perf_counter()
    session, question = open_session(library, name), clean_question(question)
    rewriting = _rewrite(library, session, question, keeping.sessions.history_tokens, writer)
    rewritten = rewriting.question if rewriting else None
    asked = follow_up(session, question, filters, rewritten, carries_filters=carries_filters)
    budget = rewriting.budget if rewriting else None
    is_stopped = False
    try:
        answer = _answer(
            library,
            asked.question,
            asked.filters,
            settings,
            writer=writer,
            budget=budget,
            asked=asked.asked,
        )
    except WritingStopped as stop:
        is_stopped, answer = True, stop.answer
    if rewriting:
        answer = answer.model_copy(update={"prompts": rewriting.prompts + answer.prompts})
    kept: Answer | None = None
    try:
        # What has been shown is kept. A receipt without its turn, or the other way round, would tell of a
        # session that never was.
        with deferred_interrupts():
            notes = asked.notes + note_limits(library, asked.question, asked.filters)
            kept = _keep_turn(
                library, asked, finish(library, answer, started, notes), keeping, writer, numbering
            )
    except KeyboardInterrupt:
        if kept is None:
            raise
        is_stopped = True
    if is_stopped:
        raise AnswerStopped(kept)
    return kept


def _answer(
    library: Library,
    question: str,
    filters: Filters,
    settings: AnswerSettings,
    *,
    writer: Writer | None = None,
    budget: Budget | None = None,
    asked: str | None = None,
) -> Answer:
    def quote() -> Answer:
        load_article, load_passages = cache(library.article), cache(library.passages_of)
        quoted = answer_with_quotes(search(library, question, filters), load_article, settings)
        return note_unnamed(quoted, library, load_article, load_passages, asked)

    def write(writer: Writer) -> Answer:
        return writer.answer(library, question, filters, nearest=settings.nearest, budget=budget)

    return write_or_quote(writer, write, quote)


def _rewrite(
    library: Library, session: Session, question: str, history_tokens: int, writer: Writer | None
) -> Rewriting | None:
    """The question as the model makes it stand alone; None where there is no model or nothing to lean on."""
    if writer is None or not session.turns:
        return None
    try:
        history = recall_history(library, session, writer.count_tokens, history_tokens)
    except ModelError:
        return None
    return writer.rewrite(library, question, history) if history else None


def _keep_turn(
    library: Library,
    asked: Asked,
    answer: Answer,
    keeping: Keeping,
    writer: Writer | None,
    numbering: Numbering | None,
) -> Answer:
    name = asked.session.name
    kept = keep_answer(
        library,
        answer,
        keeping.receipts,
        kind=Kind.ASK,
        question=asked.asked,
        session=name,
        filters=asked.filters,
        endpoint=endpoint_of(answer, writer),
        prompts=prompts_of(answer),
        numbers=numbers_of(answer, numbering),
    )
    if record_turn(library, asked, kept, keeping.sessions):
        return kept
    lost = f"The session “{name}” does not remember this question: the library cannot be written to."
    return kept.model_copy(update={"notes": (*kept.notes, lost)})
