"""What may only get better: the size of the tree, and how easy it is to enter.

The direction of imports is held by import-linter (`tool.importlinter` in `pyproject.toml`), parameters
and complexity by ruff.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("agent", "eval", "prompts", "vectorstore")

MOST_LINES = 35_850
"""Shipped lines of Python. It may only fall; a change that lifts it says why in `docs/decisions/`."""
MOST_ENTRIES = 16
"""Modules and folders at the top of `agent/`."""
MOST_TWINS = 12
"""Class names that more than one module defines."""
MOST_WIDE_FUNCTIONS = 6
"""Functions with more than six parameters: commands, of whose parameters Typer makes options."""


def shipped() -> Iterator[tuple[Path, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text("utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_imports_name_their_module_in_full() -> None:
    relative = [
        f"{path}:{node.lineno}"
        for path, tree in shipped()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


@pytest.mark.parametrize(
    ("package", "other"), [("agent", "vectorstore"), ("eval", "vectorstore"), ("eval", "agent")]
)
def test_a_package_is_used_through_its_surface(package: str, other: str) -> None:
    """What a package does not export from its `__init__` is its own business."""
    wrong = [
        f"{path} imports {name}"
        for path, tree in shipped()
        for name in imported(tree)
        if path.parts[0] == package and name.startswith(f"{other}.")
    ]
    assert wrong == []


def test_the_tree_does_not_grow() -> None:
    lines = sum(len((ROOT / path).read_text("utf-8").splitlines()) for path, _ in shipped())
    assert lines <= MOST_LINES


def test_the_top_of_agent_stays_small() -> None:
    entries = [each.name for each in (ROOT / "agent").iterdir() if each.suffix == ".py" or each.is_dir()]
    entries = [name for name in entries if name != "__pycache__"]
    assert len(entries) <= MOST_ENTRIES, sorted(entries)


def test_a_class_name_is_used_once() -> None:
    defined: dict[str, set[Path]] = defaultdict(set)
    for path, tree in shipped():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                defined[node.name].add(path)
    twins = {name: sorted(map(str, paths)) for name, paths in defined.items() if len(paths) > 1}
    assert len(twins) <= MOST_TWINS, twins
    in_one_package = {
        name: paths
        for name, paths in twins.items()
        if len({path.partition("/")[0] for path in paths}) < len(paths)
    }
    assert in_one_package == {}


def test_functions_take_few_parameters() -> None:
    wide = []
    for path, tree in shipped():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                names = [
                    each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
                ]
                if len(names) - (names[:1] in (["self"], ["cls"])) > 6:
                    wide.append(f"{path}:{node.name}")
    assert len(wide) <= MOST_WIDE_FUNCTIONS, wide
