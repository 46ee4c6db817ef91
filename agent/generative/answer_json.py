"""The JSON a model answers in: the form it is asked for, and reading it while it comes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.llm.forms import read_object
from agent.llm.requests import closed_object, leave_out_thoughts

NAME = "Answer"
_TEXT = {"type": "string"}
_STARTS_TRIED = 20
_LONG_NUMBER = 6


@dataclass(frozen=True, slots=True)
class CandidateStatement:
    """A statement as the model proposed it: nothing about it has been checked."""

    text: str
    ids: tuple[str, ...]
    """Of the sentences it cites."""
    conflict: int | None = None
    """The number the model gives to statements that contradict each other."""


class AnswerStream:
    """Takes a reply piece by piece and gives its statements, each as soon as the model has ended it."""

    def __init__(self) -> None:
        self._text = ""
        self._read = 0
        self.given = 0
        """How many statements were returned."""
        self.missing: tuple[str, ...] = ()
        self.is_complete = False
        """Whether the JSON was closed."""

    def feed(self, piece: str) -> list[CandidateStatement]:
        """Return the statements that `piece` completes."""
        self._text += piece
        if not piece or self.is_complete:
            return []
        found = _parse(leave_out_thoughts(self._text))
        if found is None:
            return []
        value, self.is_complete = found
        statements = value.get("statements")
        entries = statements if isinstance(statements, list) else []
        # The last entry may still be growing, unless something came after the list.
        is_list_closed = self.is_complete or list(value)[-1] != "statements"
        ended = entries if is_list_closed else entries[:-1]
        candidates = list(filter(None, map(_read_candidate, ended[self._read :])))
        self._read = max(self._read, len(ended))
        self.given += len(candidates)
        if self.is_complete:
            self.missing = _strings(value.get("missing"))
        return candidates


def _parse(text: str) -> tuple[dict[str, Any], bool] | None:
    """The first JSON object with `statements` in `text`, and whether it is whole."""
    # A remark before the JSON may have braces of its own, so several are tried.
    start = text.find("{")
    for _ in range(_STARTS_TRIED):
        if start < 0:
            return None
        rest = text[start:]
        whole = read_object(rest[: rest.rfind("}") + 1], is_cut=False)
        value = whole if whole is not None else read_object(rest, is_cut=True)
        if value is not None and "statements" in value:
            return value, whole is not None
        start = text.find("{", start + 1)
    return None


def _read_candidate(entry: object) -> CandidateStatement | None:
    """None for what is no statement; one without usable ids stays, to be counted."""
    if not isinstance(entry, Mapping) or not isinstance(entry.get("text"), str):
        return None
    return CandidateStatement(entry["text"], _strings(entry.get("labels")), _number(entry.get("conflict")))


def _number(value: object) -> int | None:
    """A number from 1; models that are not held to the form write it as a word or with a point as well."""
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.isdecimal() and len(value) < _LONG_NUMBER else 0
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value < 10**_LONG_NUMBER:
        return None
    return int(value)


def _strings(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, Sequence):
        return ()
    return tuple(item for item in value if isinstance(item, str))


def answer_form(labels: Sequence[str], *, has_conflicts: bool = False) -> dict[str, Any]:
    """Return the JSON schema of an answer by a model that has been shown `labels`, at least one.

    A server that constrains its output by the schema cannot write a label that is not among them. With
    `has_conflicts` each statement says as well whether another one contradicts it.
    """
    label = {"enum": list(dict.fromkeys(labels)), "type": "string"}
    fields: dict[str, Any] = {"text": _TEXT, "labels": {"items": label, "type": "array"}}
    if has_conflicts:
        about = "One number from 1 for statements that contradict each other, else 0."
        fields["conflict"] = {"description": about, "type": "integer"}
    statements = {
        "description": "Empty when the articles do not say it.",
        "items": {"$ref": "#/$defs/Statement"},
        "type": "array",
    }
    missing = {
        "description": "Unanswered parts of the question, copied from it word for word.",
        "items": _TEXT,
        "type": "array",
    }
    answer = closed_object({"statements": statements, "missing": missing})
    # Sorted, so that the prompt stays to the byte what was measured and what servers have cached.
    return {"$defs": {"Statement": _sort(closed_object(fields))}, **_sort(answer)}


def _sort(schema: Mapping[str, Any]) -> dict[str, Any]:
    return dict(sorted(schema.items()))


def plain(schema: object) -> object:
    """Return a schema without titles, which cost tokens, and defaults, which OpenAI's strict mode refuses."""
    if isinstance(schema, list):
        return list(map(plain, schema))
    if not isinstance(schema, dict):
        return schema
    shortened = {}
    for key, value in schema.items():
        if key != "default" and not (key == "title" and isinstance(value, str)):
            shortened[key] = plain(value)
    return shortened
