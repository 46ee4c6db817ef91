"""What every answer goes through: the model or quotes, a last check against the store, notes, the receipt."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from agent.answer.answer import Answer
from agent.answer.citations import recheck
from agent.answer.numbering import Numbering
from agent.answer.receipts import UsedPrompt
from agent.generative import NotWrittenError, Writer
from agent.settings.loading import ReceiptSettings, SessionSettings
from agent.telemetry import span
from prompts import load
from vectorstore import Filters, Library, PullquoteError


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long receipts and sessions stay in the library that was asked."""

    receipts: ReceiptSettings = field(default_factory=ReceiptSettings)
    sessions: SessionSettings = field(default_factory=SessionSettings)


DEFAULT_KEEPING = Keeping()


def write_or_quote(
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


def finish(library: Library, answer: Answer, started: float, notes: tuple[str, ...]) -> Answer:
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


def endpoint_of(answer: Answer, writer: Writer | None) -> str | None:
    return writer.model.endpoint if writer is not None and answer.model is not None else None


def prompts_of(answer: Answer) -> list[UsedPrompt]:
    """The prompts of an answer with their whole hashes."""
    names = {name: load(name.partition("@")[0]) for name in answer.prompts}
    return [
        UsedPrompt(name=name, sha256=hashlib.sha256(prompt.text.encode()).hexdigest())
        for name, prompt in names.items()
    ]


def numbers_of(answer: Answer, numbering: Numbering | None) -> tuple[int, ...]:
    return numbering.numbers_of(answer) if numbering is not None else ()


def clean_question(question: str) -> str:
    cleaned = " ".join(question.split())
    if not cleaned:
        raise PullquoteError('The question is empty. Try: pullquote ask "who warned about …?"')
    return cleaned


def note_limits(library: Library, question: str, filters: Filters) -> tuple[str, ...]:
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
