"""The questions a face can put: `ask` and `summarize`. CLI, REPL and Slack call these and nothing below."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from agent.answer import Answer, Mode
from agent.citations import recheck
from agent.last_answer import Place, find_citation, recall_last
from agent.model import ModelError
from agent.numbering import Numbering
from agent.quotes import answer_with_quotes
from agent.receipts import Kind, UsedPrompt, keep_answer
from agent.sessions import Asked, Session, follow_up, open_session, recall_history, record_turn
from agent.settings import AnswerSettings, ReceiptSettings, SessionSettings
from agent.summary import summarize_article
from agent.telemetry import answering, search, span
from agent.unnamed import note_unnamed
from agent.writer import Length, NotWrittenError, Style, Writer, WritingStopped
from prompts import load
from vectorstore import Filters, Library, PullquoteError, deferred_interrupts

if TYPE_CHECKING:
    from agent.writer.budget import Budget
    from agent.writer.rewriting import Rewriting

__all__ = [
    "AnswerStopped",
    "Keeping",
    "Place",
    "Shape",
    "ask",
    "ask_in_session",
    "find_citation",
    "recall_last",
    "summarize",
    "summarize_search",
]


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long receipts and sessions stay in the library that was asked."""

    receipts: ReceiptSettings = field(default_factory=ReceiptSettings)
    sessions: SessionSettings = field(default_factory=SessionSettings)


DEFAULT_KEEPING = Keeping()


@dataclass(frozen=True, slots=True)
class Shape:
    """How long a model's summary is, and how it is set."""

    length: Length = Length.MEDIUM
    style: Style = Style.BULLETS


DEFAULT_SHAPE = Shape()


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
    question = _clean_question(question)
    answer = _answer(library, question, filters, settings, started, writer=writer)
    return keep_answer(
        library,
        answer,
        keeping.receipts,
        kind=Kind.ASK,
        filters=filters,
        endpoint=_endpoint_of(answer, writer),
        prompts=_prompts_of(answer),
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
    session, question = open_session(library, name), _clean_question(question)
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
            started,
            asked.notes,
            writer=writer,
            budget=budget,
        )
    except WritingStopped as stop:
        is_stopped = True
        answer = _finish(library, stop.answer, started, asked.notes)
    if rewriting:
        answer = answer.model_copy(update={"prompts": rewriting.prompts + answer.prompts})
    kept: Answer | None = None
    try:
        # A receipt without its turn, or the other way round, would tell of a session that never was.
        with deferred_interrupts():
            kept = _keep_turn(library, asked, answer, keeping, writer, numbering)
    except KeyboardInterrupt:
        if kept is None:
            raise
        is_stopped = True
    if is_stopped:
        raise AnswerStopped(kept)
    return kept


@answering("pullquote.summarize")
def summarize(
    library: Library,
    reference: str,
    sentences: int,
    *,
    keeping: Keeping = DEFAULT_KEEPING,
    writer: Writer | None = None,
    shape: Shape = DEFAULT_SHAPE,
    session: str | None = None,
    numbering: Numbering | None = None,
) -> Answer:
    """A summary of one article: by a `writer`'s model in the given shape, else by its own sentences.

    The receipt is of the `session`, which does not begin with it, with the numbers of the `numbering`.

    Raises:
        UnknownArticleError: no article goes by `reference`.
    """
    started = time.perf_counter()
    article = library.article(reference)

    def quote() -> Answer:
        return summarize_article(library, article, sentences)

    def write(writer: Writer) -> Answer:
        return writer.summarize_article(library, article, shape.length, shape.style)

    answer = _finish(library, _write_or_quote(writer, write, quote), started, ())
    return keep_answer(
        library,
        answer,
        keeping.receipts,
        kind=Kind.SUMMARIZE,
        session=session,
        filters=Filters(articles=(article.id,)),
        endpoint=_endpoint_of(answer, writer),
        prompts=_prompts_of(answer),
        numbers=_numbers_of(answer, numbering),
    )


@answering("pullquote.summarize")
def summarize_search(
    library: Library,
    query: str,
    filters: Filters,
    sentences: int,
    settings: AnswerSettings,
    *,
    keeping: Keeping = DEFAULT_KEEPING,
    writer: Writer | None = None,
    shape: Shape = DEFAULT_SHAPE,
    session: str | None = None,
    numbering: Numbering | None = None,
) -> Answer:
    """A summary of what the articles say about `query`; without a `writer` like an answer, with more room.

    Session and numbering as in `summarize`.

    Raises:
        PullquoteError: the query is empty.
    """
    started = time.perf_counter()
    query = _clean_question(query)
    roomy = settings.model_copy(update={"quotes": sentences})

    def quote() -> Answer:
        found = search(library, query, filters)
        return answer_with_quotes(found, cache(library.article), roomy, Mode.SUMMARY)

    def write(writer: Writer) -> Answer:
        return writer.summarize_search(library, query, filters, shape.length, shape.style)

    answer = _write_or_quote(writer, write, quote)
    answer = _finish(library, answer, started, _notes(library, query, filters))
    return keep_answer(
        library,
        answer,
        keeping.receipts,
        kind=Kind.SUMMARIZE,
        session=session,
        filters=filters,
        endpoint=_endpoint_of(answer, writer),
        prompts=_prompts_of(answer),
        numbers=_numbers_of(answer, numbering),
    )


def _answer(
    library: Library,
    question: str,
    filters: Filters,
    settings: AnswerSettings,
    started: float,
    notes: tuple[str, ...] = (),
    *,
    writer: Writer | None = None,
    budget: Budget | None = None,
) -> Answer:
    def quote() -> Answer:
        load_article, load_passages = cache(library.article), cache(library.passages_of)
        quoted = answer_with_quotes(search(library, question, filters), load_article, settings)
        return note_unnamed(quoted, library, load_article, load_passages)

    def write(writer: Writer) -> Answer:
        return writer.answer(library, question, filters, nearest=settings.nearest, budget=budget)

    answer = _write_or_quote(writer, write, quote)
    return _finish(library, answer, started, notes + _notes(library, question, filters))


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


def _write_or_quote(
    writer: Writer | None, write: Callable[[Writer], Answer], quote: Callable[[], Answer]
) -> Answer:
    """What the model writes; quotes where there is none, and where it fails, with the reason and its cost."""
    if writer is None:
        return quote()
    try:
        return write(writer)
    except NotWrittenError as error:
        quoted = quote()
        note = f"Quotes, because the model did not answer: {error}"
        return quoted.model_copy(update={"usage": error.usage + quoted.usage, "notes": (*quoted.notes, note)})


def _finish(library: Library, answer: Answer, started: float, notes: tuple[str, ...]) -> Answer:
    """Checked against the store, and timed."""
    with span("pullquote.recheck", {"pullquote.citations": len(answer.citations())}):
        checked = recheck(answer, library.article)
    elapsed = (time.perf_counter() - started) * 1000
    return checked.model_copy(
        update={
            "usage": checked.usage.model_copy(update={"total_ms": round(elapsed, 1)}),
            "notes": checked.notes + notes,
        }
    )


def _endpoint_of(answer: Answer, writer: Writer | None) -> str | None:
    return writer.model.endpoint if writer is not None and answer.model is not None else None


def _prompts_of(answer: Answer) -> list[UsedPrompt]:
    """The prompts of an answer with their whole hashes."""
    names = {name: load(name.partition("@")[0]) for name in answer.prompts}
    return [
        UsedPrompt(name=name, sha256=hashlib.sha256(prompt.text.encode()).hexdigest())
        for name, prompt in names.items()
    ]


def _numbers_of(answer: Answer, numbering: Numbering | None) -> tuple[int, ...]:
    return numbering.numbers_of(answer) if numbering is not None else ()


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
        endpoint=_endpoint_of(answer, writer),
        prompts=_prompts_of(answer),
        numbers=_numbers_of(answer, numbering),
    )
    if record_turn(library, asked, kept, keeping.sessions):
        return kept
    lost = f"The session “{name}” does not remember this question: the library cannot be written to."
    return kept.model_copy(update={"notes": (*kept.notes, lost)})


def _clean_question(question: str) -> str:
    cleaned = " ".join(question.split())
    if not cleaned:
        raise PullquoteError('The question is empty. Try: pullquote ask "who warned about …?"')
    return cleaned


def _notes(library: Library, question: str, filters: Filters) -> tuple[str, ...]:
    notes = []
    if not filters.is_empty and not library.headers(filters):
        notes.append(
            "No article in the library passes the filters. `pullquote articles` lists what there is."
        )
    read = library.count_read(question)
    if read < len(question):
        notes.append(
            f"Only the first {read:,} characters of the question were read; it has {len(question):,}."
        )
    return tuple(notes)
