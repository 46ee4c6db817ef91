"""The published JSON schemas of suites: `python -m bench.schemas` writes them again."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel

from eval.suites.cases import Case, Suite

SCHEMAS: dict[str, type[BaseModel]] = {"suite.schema.json": Suite, "case.schema.json": Case}


def make_schema(name: str) -> str:
    """The text of one of `SCHEMAS`."""
    schema = SCHEMAS[name].model_json_schema()
    return json.dumps(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, ensure_ascii=False, indent=2
    )


def read_schema(name: str) -> str:
    """One of `SCHEMAS` as it is shipped."""
    return (files("eval.suites") / name).read_text("utf-8")


if __name__ == "__main__":
    for each in SCHEMAS:
        Path(str(files("eval.suites") / each)).write_text(make_schema(each) + "\n", "utf-8")
