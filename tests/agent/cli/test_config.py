from __future__ import annotations

import io
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


def test_a_value_is_set_and_unset(pullquote: Run, home: Path) -> None:
    file = home / "settings.toml"
    ran = pullquote("config", "set", "answer.quotes", "7")
    assert (ran.code, ran.out, ran.err) == (0, "", f"answer.quotes is set in {file}\n")
    assert file.read_text("utf-8") == "[answer]\nquotes = 7\n"
    assert f"answer.quotes = 7  ({file})" in pullquote("config").out.splitlines()
    ran = pullquote("config", "unset", "answer.quotes")
    assert (ran.code, ran.out, ran.err) == (0, "", f"answer.quotes is no longer set in {file}\n")
    ran = pullquote("config", "unset", "answer.quotes")
    assert (ran.code, ran.out, ran.err) == (0, "", f"answer.quotes is not set in {file}\n")


def test_a_variable_that_goes_before_the_file_is_named(
    pullquote: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULLQUOTE_ANSWER__QUOTES", "9")
    assert pullquote("config", "set", "answer.quotes", "7").err == (
        f"answer.quotes is set in {home / 'settings.toml'}\n"
        "PULLQUOTE_ANSWER__QUOTES is set too, and goes before the file.\n"
    )


def test_a_bad_value_is_refused_even_with_a_dash(pullquote: Run, home: Path) -> None:
    ran = pullquote("config", "set", "answer.quotes", "-1")
    assert (ran.code, ran.out, ran.err) == (
        2,
        "",
        "pullquote: Setting `answer.quotes` cannot be '-1': Input should be greater than or equal to 1. "
        "Nothing has been changed.\n",
    )
    assert not (home / "settings.toml").exists()


def test_a_folder_without_a_name_is_not_the_working_folder(
    pullquote: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = pullquote("config", "set", "library", " ")
    assert (ran.code, ran.out, ran.err) == (
        2,
        "",
        "pullquote: Setting `library` cannot be ' ': no folder is named; write . for the one you are in. "
        "Nothing has been changed.\n",
    )
    assert not (home / "settings.toml").exists()
    monkeypatch.setenv("PULLQUOTE_LIBRARY", "")
    ran = pullquote("articles")
    assert (ran.code, ran.out, ran.err) == (
        2,
        "",
        "pullquote: Setting `library` cannot be '': no folder is named; write . for the one you are in. It "
        "comes from PULLQUOTE_LIBRARY; correct it there (`pullquote config` lists the settings and their "
        "sources).\n",
    )


def test_a_bad_settings_file_can_be_mended_with_the_command(pullquote: Run, home: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_text("answer.quotes = 900\n", "utf-8")
    assert pullquote("config").code == 2
    assert pullquote("config", "set", "answer.quotes", "9").code == 0
    assert pullquote("config").code == 0


def test_a_key_is_read_from_standard_input_and_never_shown(
    pullquote: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("sk-very-secret\n"))
    outputs = [
        pullquote("config", "set", "model.api_key"),
        pullquote("config"),
        pullquote("config", "--json"),
        pullquote("config", "set", "model.max_retries", "many"),
    ]
    assert [ran.code for ran in outputs] == [0, 0, 0, 2]
    assert outputs[0].err == f"model.api_key is set in {home / 'settings.toml'}\n"
    assert "sk-very" not in "".join(ran.out + ran.err for ran in outputs)
    assert f'model.api_key = "••••"  ({home / "settings.toml"})' in outputs[1].out.splitlines()
    assert (home / "settings.toml").read_text("utf-8") == '[model]\napi_key = "sk-very-secret"\n'
    assert (home / "settings.toml").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "words",
    [("ask", "\udcff bridge"), ("articles", "--outlet", "\udcff bridge"), ("show", "\udcff bridge")],
    ids=["ask", "filter", "show"],
)
def test_an_argument_that_is_not_utf_8_is_refused(pullquote: Run, words: tuple[str, ...]) -> None:
    ran = pullquote(*words)
    assert (ran.code, ran.out, ran.err) == (
        2,
        "",
        r"pullquote: “\xff bridge” has bytes that are not UTF-8. Write it in UTF-8, or set LC_ALL to what it "
        "is in.\n",
    )


def test_a_file_named_in_other_bytes_is_read(pullquote: Run, tmp_path: Path) -> None:
    path = tmp_path / "caf\udce9.txt"
    path.write_text("Bob told of the ferry to Osterby.", "utf-8")
    ran = pullquote("add", str(path))
    assert (ran.code, ran.err.splitlines()[-1]) == (0, "1 added")


def test_config_knows_no_other_subcommands(pullquote: Run) -> None:
    assert pullquote("config", "sett", "answer.quotes", "7").code == 2
    assert pullquote("config", "set").code == 2
