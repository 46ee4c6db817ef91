"""A session to be saved: its questions and answers, and the file they are written to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from agent.answer.answer import Answer, Model
from agent.answer.numbering import Numbering
from agent.answer.view import AnswerView, view_answer
from agent.generative import Withheld
from vectorstore import PullquoteError, replace_file

SCHEMA = 1
"""Version of the JSON's shape."""
_SUFFIXES = (".md", ".json", ".html")


@dataclass(frozen=True, slots=True)
class Entry:
    """A question as it was put, and its answer."""

    question: str
    answer: Answer
    withheld: tuple[Withheld, ...] = ()
    """Statements that are not shown, and why; known until the chat session ends, and never saved."""


class SavedEntry(Model):
    """A question, its answer, and the numbers of `answer.citations()` in the session."""

    question: str
    numbers: tuple[int, ...]
    answer: Answer


class SavedSession(Model):
    """What `/save FILE.json` writes."""

    schema_version: int = SCHEMA
    session: str
    saved: datetime
    entries: tuple[SavedEntry, ...]


@dataclass(frozen=True, slots=True)
class Transcript:
    """A session as far as it has come."""

    session: str
    entries: Sequence[Entry]
    numbering: Numbering
    saved: datetime

    @property
    def moment(self) -> str:
        """When it was saved, to the minute."""
        return f"{self.saved.astimezone(UTC):%Y-%m-%d %H:%M} UTC"

    def view(self, entry: Entry) -> AnswerView:
        """Return the view of an answer with the numbers of the session."""
        return view_answer(entry.answer, self.numbering.numbers_of(entry.answer))


def save(path: Path, transcript: Transcript, *, overwrite: bool = False) -> None:
    """Write the session to `path` in the format of its suffix, or raise PullquoteError with none of it."""
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        *most, last = _SUFFIXES
        named = f"{', '.join(most)} or {last}"
        raise PullquoteError(f"{path} has no suffix that says how to save: give a name in {named}.")
    if path.exists() and not overwrite:
        raise PullquoteError(
            f"{path} exists already. Give another name, or write over it: /save --overwrite {path}"
        )
    text = _render(transcript, suffix)
    try:
        replace_file(path, text)
    except OSError as error:
        raise PullquoteError(
            f"{path} cannot be written ({error.strerror}). Give another place: /save ~/{path.name}"
        ) from error


def to_json(transcript: Transcript) -> str:
    """Return everything, by the field names of the answer's model."""
    entries = []
    for entry in transcript.entries:
        numbers = transcript.numbering.numbers_of(entry.answer)
        entries.append(SavedEntry(question=entry.question, numbers=numbers, answer=entry.answer))
    saved = SavedSession(session=transcript.session, saved=transcript.saved, entries=tuple(entries))
    return saved.model_dump_json(indent=2) + "\n"


def describe_making(answer: Answer) -> str:
    """Say who wrote an answer, and where its receipt is; nothing when there is neither."""
    made = f"Written by {answer.model}." if answer.model else ""
    receipt = f"Receipt {answer.receipt}." if answer.receipt else ""
    return " ".join(filter(None, (made, receipt)))


def _render(transcript: Transcript, suffix: str) -> str:
    # Each format's libraries are loaded only for it.
    if suffix == ".md":
        from agent.render.markdown import render_transcript

        return render_transcript(transcript)
    if suffix == ".html":
        from agent.render.html import render_transcript_page

        return render_transcript_page(transcript)
    return to_json(transcript)
