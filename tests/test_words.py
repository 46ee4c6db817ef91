"""The words of the project: those of `docs/glossary.md`, in plain English, in code and in messages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("agent", "eval", "prompts", "vectorstore")

NEVER = re.compile(
    r"\b(sittings?|gone on with|goes on with|put right|put away|borne out|bears? out|afresh)\b", re.IGNORECASE
)
"""Coined or archaic: not in a docstring, a message, the help or the README."""
RARELY = re.compile(
    r"\b(told|tells?|stands?|stood|goes|gone|kept|keeps|lent|lends|nobody|whoever|shelf|desk|anew|alike|mends?|mended"
    r"|strewn|hence|thus|whence|thereof|thereby|therein|upon|lest|whilst|worded|merit|purse|rungs?|ladder)\b",
    re.IGNORECASE,
)
"""Words with a plainer one nearly always at hand; a few remain where they are the right one."""
MOST_PER_THOUSAND = 3.0


def parse() -> Iterator[tuple[Path, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text("utf-8"))


def docstrings(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""


def test_docstrings_are_in_plain_english() -> None:
    words, odd = 0, []
    for path, tree in parse():
        for text in docstrings(tree):
            words += len(re.findall(r"\w+", text))
            odd += [f"{path}: {found.group()}" for found in RARELY.finditer(text)]
    assert words > 10_000
    assert 1000 * len(odd) / words <= MOST_PER_THOUSAND, "\n".join(odd)


def test_no_string_of_the_code_has_a_coined_word() -> None:
    wrong = [
        f"{path}:{node.lineno}: {found.group()}"
        for path, tree in parse()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for found in NEVER.finditer(node.value)
    ]
    assert wrong == []


def test_no_document_for_users_has_a_coined_word() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "eval" / "suites").glob("*.md")]
    assert len(documents) > 8
    wrong = [
        f"{path.relative_to(ROOT)}:{number}: {found.group()}"
        for path in documents
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for found in NEVER.finditer(line)
    ]
    assert wrong == []
