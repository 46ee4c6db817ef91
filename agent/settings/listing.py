"""The settings as a table: name, value, source; and the reference table of the documentation."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from operator import attrgetter
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from agent.settings.loading import Settings, declared_settings, find_field, find_source, variable_name


def report_settings(settings: Settings, flags: Mapping[str, Any], *, as_json: bool) -> str:
    """Return a line a setting: `name = value  (source)`, in TOML's spelling; or a JSON object by setting."""
    lines, rows = [], {}
    for name in declared_settings():
        value, source = _readable(attrgetter(name)(settings)), find_source(name, flags)
        lines.append(f"{name} = {json.dumps(value, ensure_ascii=False)}  ({source})")
        rows[name] = {"value": value, "source": source, "variable": variable_name(name)}
    return json.dumps(rows, indent=2, ensure_ascii=False) if as_json else "\n".join(lines)


def settings_table() -> str:
    """Return a Markdown table of every setting with its default, bounds and meaning."""
    lines = ["| setting | environment | default | allowed | what it does |", "|---|---|---|---|---|"]
    for name in declared_settings():
        field = find_field(name)
        assert field is not None
        default = f"`{field.default}`" if field.default_factory is None else "by platform"
        cells = (f"`{name}`", f"`{variable_name(name)}`", default, _allowed(field), describe_setting(name))
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def describe_setting(name: str) -> str:
    """Return what a setting does: the docstring below its field."""
    return _field_docstrings(declared_settings()[name])[name.rpartition(".")[2]]


@cache
def _field_docstrings(model: type[BaseModel]) -> dict[str, str]:
    # Read only for the documentation: pydantic's `use_attribute_docstrings` does it at every start.
    declared = ast.parse(inspect.getsource(model)).body[0]
    assert isinstance(declared, ast.ClassDef)
    docstrings = {}
    for field, below in pairwise(declared.body):
        if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr):
            docstrings[ast.unparse(field.target)] = " ".join(ast.literal_eval(below.value).split())
    return docstrings


def _readable(value: object) -> object:
    if isinstance(value, SecretStr):
        return "••••" if value.get_secret_value() else ""
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def _allowed(field: FieldInfo) -> str:
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    bounds = [
        f"{sign} {getattr(rule, key):,}"
        for rule in field.metadata
        for key, sign in signs.items()
        if hasattr(rule, key)
    ]
    patterns = [f"`{rule.pattern}`" for rule in field.metadata if getattr(rule, "pattern", None)]
    return ", ".join(bounds + patterns).replace("|", "\\|") or "–"
