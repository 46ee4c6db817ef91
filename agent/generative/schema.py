"""What the model is asked to return: statements with the ids of sentences it was shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agent.llm.requests import closed_object

NAME = "Answer"
_TEXT = {"type": "string"}


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
