from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import agent


def names_for_type_checkers() -> set[tuple[str, str]]:
    tree = ast.parse(Path(agent.__file__).read_text("utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    return {
        (str(node.module), alias.name)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


@pytest.mark.parametrize(("module", "name"), sorted(names_for_type_checkers()))
def test_every_name_is_where_type_checkers_see_it(module: str, name: str) -> None:
    assert name in agent.__all__
    assert getattr(agent, name) is getattr(sys.modules[module], name)


def test_it_has_no_other_names() -> None:
    assert {name for _, name in names_for_type_checkers()} == set(agent.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'answers'"):
        _ = agent.answers


def test_importing_it_imports_nothing_else() -> None:
    ours = "[name for name in sys.modules if name.startswith(('agent.', 'vectorstore'))]"
    code = f"import agent, sys; print({ours})"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
