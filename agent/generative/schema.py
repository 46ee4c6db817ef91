"""What the model is asked to return: statements with the ids of sentences it was shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, create_model

NAME = "Answer"


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


def answer_schema(labels: Sequence[str], *, has_conflicts: bool = False) -> type[BaseModel]:
    """Return the answer model for a model that has been shown `labels`, of which there is at least one.

    A server that constrains its output by the schema cannot write a label that is not among them. With
    `has_conflicts` each statement says as well whether another one contradicts it.
    """
    names = tuple(dict.fromkeys(labels))
    enum: dict[str, Any] = {"type": "string", "enum": list(names)}
    # Spelled out, because pydantic writes a single literal as `const`, which not every server reads.
    label = Annotated[Literal[names], WithJsonSchema(enum)]  # type: ignore[valid-type]
    fields: dict[str, Any] = {"text": (str, ...), "labels": (list[label], ...)}
    if has_conflicts:
        about = "One number from 1 for statements that contradict each other, else 0."
        fields["conflict"] = (int, Field(description=about))
    statement = create_model("Statement", __base__=_Closed, **fields)
    answer = create_model(
        NAME,
        __base__=_Closed,
        statements=(
            list[statement],  # type: ignore[valid-type]
            Field(description="Empty when the articles do not say it."),
        ),
        missing=(
            list[str],
            Field(description="Unanswered parts of the question, copied from it word for word."),
        ),
    )
    return cast(type[BaseModel], answer)


def answer_form(labels: Sequence[str], *, has_conflicts: bool = False) -> dict[str, Any]:
    """Return the JSON schema of `answer_schema(labels)`."""
    schema = answer_schema(labels, has_conflicts=has_conflicts).model_json_schema()
    return cast(dict[str, Any], plain(schema))


def plain(schema: object) -> object:
    """Return a schema without titles, which cost tokens, and defaults, which OpenAI's strict mode refuses."""
    if isinstance(schema, list):
        return [plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: plain(value)
        for key, value in schema.items()
        if not (key == "default" or (key == "title" and isinstance(value, str)))
    }
