"""Imports go one way along the road an article travels."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT: dict[str, set[str]] = {
    "vectorstore": set(),
    "prompts": set(),
    "agent": {"vectorstore", "prompts"},
    "eval": {"vectorstore", "prompts", "agent"},
}


def find_imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_packages_import_only_what_lies_before_them(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files
        for name in find_imports(path)
        if (top := name.split(".")[0]) in MAY_IMPORT and top != package and top not in MAY_IMPORT[package]
    ]
    assert wrong == []


@pytest.mark.parametrize("package", ["agent", "eval"])
def test_other_packages_are_used_through_their_surface(package: str) -> None:
    """What a package does not export from its `__init__` is its own business."""
    deep = {"vectorstore.model.errors", "vectorstore.model.settings"}
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sorted((ROOT / package).rglob("*.py"))
        for name in find_imports(path)
        if name.startswith("vectorstore.") and name not in deep
    ]
    assert wrong == []
