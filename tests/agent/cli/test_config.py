from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., object]


def test_config_lists_settings_with_their_sources(
    pullquote: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir()
    (home / "settings.toml").write_text("[answer]\nquotes = 7\n", "utf-8")
    monkeypatch.setenv("PULLQUOTE_SEARCH__DEPTH", "12")
    ran = pullquote("config")
    assert ran.code == 0
    assert ran.err == f"settings file: {home / 'settings.toml'}\n"
    lines = ran.out.splitlines()
    assert f'library = "{home / "library"}"  (default)' in lines
    assert "search.depth = 12  (PULLQUOTE_SEARCH__DEPTH)" in lines
    assert f"answer.quotes = 7  ({home / 'settings.toml'})" in lines


def test_config_as_json_names_the_variable_of_each(pullquote: Run) -> None:
    rows = json.loads(pullquote("config", "--json").out)
    assert rows["answer.nearest"] == {
        "value": 3,
        "source": "default",
        "variable": "PULLQUOTE_ANSWER__NEAREST",
    }


@pytest.mark.parametrize("words", [("articles",), ("config",), ("ask", "who?")])
def test_a_bad_setting_stops_every_command_with_the_fix(
    pullquote: Run, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULLQUOTE_EMBEDDER__THREADS", "many")
    ran = pullquote(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("pullquote: Setting `embedder.threads` cannot be 'many':")
    assert "PULLQUOTE_EMBEDDER__THREADS" in ran.err


def test_unknown_commands_and_options_are_bad_usage(pullquote: Run) -> None:
    assert pullquote("sk", "who?").code == 2
    assert pullquote("ask", "who?", "--jsn").code == 2


def test_the_version_is_printed(pullquote: Run) -> None:
    ran = pullquote("--version")
    assert (ran.code, ran.out) == (0, "pullquote 0.1.0\n")
