"""A session on paper: its questions, answers and sources as Markdown, JSON or one HTML page."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from agent.answer.answer import Answer, Citation, Model
from agent.answer.groups import group_statements, has_groups
from agent.answer.numbering import Numbering
from agent.extractive.quotes import in_quotation_marks
from agent.generative import Withheld
from agent.render.page import anchor, is_web_address, link, make_page
from agent.render.text import ROLE_NAMES, describe_verdict, list_gaps, number_citations
from agent.terminal.safe_text import clean
from vectorstore import UNDETERMINED, PullquoteError, replace_file

SCHEMA = 1
"""Version of the JSON's shape."""
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~&$^])")
_OPENING = re.compile(r"\A(\d*)([-=.)])")
"""What makes a list, a heading or a rule of a line that begins with it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A question as it was put, and its answer."""

    question: str
    answer: Answer
    withheld: tuple[Withheld, ...] = ()
    """Why statements of it are not shown, as long as the sitting lasts; nothing of it is saved."""


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


def save(path: Path, transcript: Transcript, *, overwrite: bool = False) -> None:
    """Write the session to `path`, in the form its suffix names, whole or not at all.

    Raises:
        PullquoteError: the suffix is none of `FORMS`, a file is there and not to be overwritten, or the place
            cannot be written.
    """
    write = FORMS.get(path.suffix.lower())
    if write is None:
        raise PullquoteError(f"{path} has no suffix that says how to save: give a name in {_name_forms()}.")
    if path.exists() and not overwrite:
        raise PullquoteError(
            f"{path} exists already. Give another name, or write over it: /save --overwrite {path}"
        )
    text = write(transcript)
    try:
        replace_file(path, text)
    except OSError as error:
        raise PullquoteError(
            f"{path} cannot be written ({error.strerror}). Give another place: /save ~/{path.name}"
        ) from error


def to_json(transcript: Transcript) -> str:
    """Everything, by the field names of the answer's model."""
    saved = SavedSession(
        session=transcript.session,
        saved=transcript.saved,
        entries=tuple(
            SavedEntry(
                question=entry.question,
                numbers=transcript.numbering.numbers_of(entry.answer),
                answer=entry.answer,
            )
            for entry in transcript.entries
        ),
    )
    return saved.model_dump_json(indent=2) + "\n"


def to_markdown(transcript: Transcript) -> str:
    """Headings, statements with their numbers, sources as lists; nothing of an article's is markup in it."""
    lines = [f"# {_plain(transcript.session)}", "", f"Saved {_moment(transcript)} by Pullquote.", ""]
    for entry in transcript.entries:
        sheet = _arrange(entry, transcript.numbering)
        lines += [f"## {_plain(entry.question)}", ""]
        lines += [sheet.lead, ""] if sheet.lead else []
        for words, numbers in sheet.statements:
            lines += [f"{_plain(words)} {' '.join(f'[{number}]' for number in numbers)}".rstrip(), ""]
        for source in sheet.sources:
            first = source[0][1]
            lines += [f"**{_plain(first.title or '(no title)')}**  ", _plain(_describe(first)), ""]
            for number, citation in source:
                words = _plain(in_quotation_marks(_one_line(citation)))
                lines.append(f"- [{number}] {_role(citation)}{words}{_markdown_link(citation)}")
                if citation.translation:
                    lines.append(f"  {_plain(_say_translation(citation.translation, entry.answer))}")
            lines.append("")
        for note in sheet.notes:
            lines += [_plain(note), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def to_html(transcript: Transcript) -> str:
    """One page of the same, with a place to link to for every number."""
    body = [
        f"<h1>{escape(clean(transcript.session))}</h1>",
        f'<p class="quiet">Saved {_moment(transcript)} by Pullquote.</p>',
    ]
    placed: set[int] = set()
    for entry in transcript.entries:
        sheet, answer = _arrange(entry, transcript.numbering), entry.answer
        body.append(f'<h2 dir="auto">{escape(clean(entry.question))}</h2>')
        body += [f"<p>{escape(sheet.lead)}</p>"] if sheet.lead else []
        for words, numbers in sheet.statements:
            marks = " ".join(f'<a href="#{anchor(number)}">[{number}]</a>' for number in numbers)
            body.append(f'<p dir="auto">{escape(clean(words))}{marks and f" {marks}"}</p>')
        for source in sheet.sources:
            first = source[0][1]
            body.append(f'<h3 dir="auto">{escape(clean(first.title or "(no title)"))}</h3>')
            body.append(f'<p class="quiet">{escape(_describe(first))}</p>')
            body.append('<ol class="quotes">')
            for number, citation in source:
                place = "" if number in placed else f' id="{anchor(number)}"'
                placed.add(number)
                words = escape(in_quotation_marks(_one_line(citation)))
                live = f" {link(citation.link, 'open')}" if is_web_address(citation.link) else ""
                said = citation.translation
                aside = (
                    f'<br><span class="quiet">{escape(_say_translation(said, answer))}</span>' if said else ""
                )
                body.append(
                    f'<li{place} dir="auto" lang="{escape(citation.language)}">[{number}] '
                    f"{escape(_role(citation))}{words}{live}{aside}</li>"
                )
            body.append("</ol>")
        body += [f'<p class="quiet">{escape(clean(note))}</p>' for note in sheet.notes]
    return make_page(transcript.session, UNDETERMINED, "\n".join(body))


FORMS: dict[str, Callable[[Transcript], str]] = {".md": to_markdown, ".json": to_json, ".html": to_html}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """An answer in parts that any form sets after its own fashion."""

    lead: str
    statements: tuple[tuple[str, tuple[int, ...]], ...]
    """With their numbers; a heading has none."""
    sources: tuple[tuple[tuple[int, Citation], ...], ...]
    """By article, as they follow each other."""
    notes: tuple[str, ...]


def _arrange(entry: Entry, numbering: Numbering) -> _Sheet:
    answer = entry.answer
    is_written = answer.model is not None and bool(answer.statements)
    statements: list[tuple[str, tuple[int, ...]]] = []
    for group in group_statements(answer.statements if is_written or has_groups(answer) else ()):
        statements += [(group.heading, ())] if group.heading else []
        statements += [
            (line.words, tuple(dict.fromkeys(map(numbering.number, line.statement.citations))))
            for line in group.lines
        ]
    sources: list[list[tuple[int, Citation]]] = []
    for number, citation in number_citations(answer, numbering):
        if sources and sources[-1][0][1].article == citation.article:
            sources[-1].append((number, citation))
        else:
            sources.append([(number, citation)])
    made = f"Written by {answer.model}." if answer.model else ""
    receipt = f"Receipt {answer.receipt}." if answer.receipt else ""
    notes = (*list_gaps(answer), *answer.notes, " ".join(filter(None, (made, receipt))))
    return _Sheet(
        "" if is_written else describe_verdict(answer),
        tuple(statements),
        tuple(map(tuple, sources)),
        tuple(note for note in notes if note),
    )


def _describe(citation: Citation) -> str:
    date = citation.published or "no date"
    facts = (citation.outlet, date, citation.language, citation.article, citation.origin)
    return clean(" · ".join(fact for fact in facts if fact))


def _say_translation(translation: str, answer: Answer) -> str:
    return f"translation by {answer.model or 'a model'}: {clean(translation)}"


def _one_line(citation: Citation) -> str:
    return clean(" ".join(citation.quote.split()))


def _role(citation: Citation) -> str:
    return f"({ROLE_NAMES[citation.role]}) " if citation.role else ""


def _plain(words: str) -> str:
    """Words that mean nothing in Markdown."""
    escaped = _MARKUP.sub(r"\\\1", clean(words).strip())
    return _OPENING.sub(r"\1\\\2", escaped)


def _markdown_link(citation: Citation) -> str:
    if citation.link is None or not is_web_address(citation.link):
        return ""
    address = "".join(f"%{ord(char):02X}" if char in "<>() \\" else char for char in clean(citation.link))
    return f" ([open](<{address}>))"


def _name_forms() -> str:
    *most, last = FORMS
    return f"{', '.join(most)} or {last}"


def _moment(transcript: Transcript) -> str:
    return f"{transcript.saved.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
