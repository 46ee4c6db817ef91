"""Files of a suite to models, with errors that name file, line and field."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]
from pydantic import ValidationError

from eval.suites.cases import FORMAT, Case, Suite
from vectorstore import SourceError

SUITE_FILE = "suite.yaml"
_SHOWN = 10
"""Errors of one file that are listed at once."""


def read_suite(folder: Path) -> Suite:
    """Return the `suite.yaml` of a folder. Raises SourceError if it is missing, not valid, or too new."""
    path = folder / SUITE_FILE
    text = read_text(path, f"a suite is a folder with a {SUITE_FILE}")
    try:
        node = yaml.compose(text, yaml.SafeLoader)
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "not YAML"
        raise SourceError(f"{path}{where}: {problem}; correct the line") from error
    if not isinstance(found, dict):
        raise SourceError(f"{path} holds no fields; a suite has at least `name`, `title` and `cases`")
    # Before its fields: those of a newer format are not ours to judge.
    written = found.get("format")
    if isinstance(written, int) and written > FORMAT:
        raise SourceError(
            f"{path} is of format {written}, and this version of Pullquote reads {FORMAT}; "
            "install a newer one"
        )
    try:
        return Suite.model_validate(found)
    except ValidationError as error:
        raise SourceError(
            list_problems(
                f"{path} line {_find_line(node, problem['loc'])}: {_describe(problem)}"
                for problem in error.errors(include_url=False)
            )
        ) from error


def read_cases(path: Path) -> list[tuple[int, Case]]:
    """Return the cases of a JSON Lines file by line. Raises SourceError if a line is none, or ids repeat."""
    cases: list[tuple[int, Case]] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    text = read_text(path, "`cases` in suite.yaml names it")
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            case = _parse_case(f"{path} line {number}", line)
        except SourceError as error:
            problems.append(str(error))
            continue
        if case.id in seen:
            problems.append(f"{path} line {number}: id: “{case.id}” is the id of line {seen[case.id]} too")
        seen.setdefault(case.id, number)
        cases.append((number, case))
    if problems:
        raise SourceError(list_problems(problems))
    return cases


def _parse_case(place: str, line: str) -> Case:
    try:
        return Case.model_validate(json.loads(line))
    except json.JSONDecodeError as error:
        raise SourceError(f"{place}: no JSON ({error.msg}, column {error.colno})") from error
    except RecursionError as error:
        raise SourceError(f"{place}: no JSON (too deep)") from error
    except ValidationError as error:
        problems = error.errors(include_url=False)
        raise SourceError(list_problems(f"{place}: {_describe(each)}" for each in problems)) from error


def read_text(path: Path, hint: str) -> str:
    """Return a file's text. Raises SourceError if it cannot be read, or is not UTF-8."""
    try:
        # Editors on Windows put a byte order mark before the text.
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}; {hint}") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is not UTF-8; convert it with iconv") from error


def describe_first(error: ValidationError) -> str:
    """Return the first problem of a model that does not validate: which field, and what is wrong with it."""
    return _describe(error.errors(include_url=False, include_input=False)[0])


def _describe(problem: Any) -> str:
    place = ".".join(map(str, problem["loc"]))
    message = str(problem["msg"]).removeprefix("Value error, ")
    return f"{place}: {message}" if place else message


def list_problems(problems: Iterable[str]) -> str:
    """Return the first problems a line each, and how many more there are."""
    found = list(problems)
    more = [f"… and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
    return "\n".join(found[:_SHOWN] + more)


def _find_line(node: yaml.Node | None, place: Sequence[int | str]) -> int:
    """Return the line of a field, or of the nearest thing around it that is there."""
    line = 1
    for part in place:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == part), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line
