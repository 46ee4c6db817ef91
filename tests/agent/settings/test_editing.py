from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from agent.settings.editing import set_setting, unset_setting
from agent.settings.loading import load_settings
from tests.peers.forked import Forked
from vectorstore import SetupError

FILE = """\
# What we use.
search.depth = 9  # deep

[answer]  # how much
quotes = 7      # seven
# nearest = 5

[model]
name = "tiny"
"""


@pytest.fixture
def file(home: Path) -> Path:
    home.mkdir()
    path = home / "settings.toml"
    path.write_text(FILE, "utf-8")
    path.chmod(0o640)
    return path


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


def test_a_value_is_written_and_everything_else_left_as_it_is(file: Path) -> None:
    set_setting("answer.quotes", "5")
    set_setting("search.depth", "12")
    set_setting("model.temperature", "0.5")
    set_setting("agent.max_cost", "0.05")
    assert file.read_text("utf-8") == (
        FILE.replace("quotes = 7 ", "quotes = 5 ").replace("depth = 9", "depth = 12")
        + "temperature = 0.5\n\n[agent]\nmax_cost = 0.05\n"
    )
    settings = load_settings()
    assert (settings.answer.quotes, settings.search.depth, settings.model.temperature) == (5, 12, 0.5)
    assert (str(settings.agent.max_cost), settings.model.name) == ("0.05", "tiny")
    assert mode(file) == 0o640


def test_the_file_is_made_when_there_is_none(home: Path) -> None:
    set_setting("answer.nearest", "0")
    assert (home / "settings.toml").read_text("utf-8") == "[answer]\nnearest = 0\n"
    assert mode(home / "settings.toml") == 0o600


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("answer = { quotes = 7 } # one line\n", "answer = { quotes = 5 } # one line\n"),
        ("answer.quotes = 7\nanswer.nearest = 1\n", "answer.quotes = 5\nanswer.nearest = 1\n"),
        ("[answer]\r\nquotes = 7\r\n", "[answer]\r\nquotes = 5\r\n"),
        ("[answer]\nnearest = 1", "[answer]\nnearest = 1\nquotes = 5\n"),
        ("", "[answer]\nquotes = 5\n"),
    ],
)
def test_each_way_to_write_toml_stays_what_it_is(file: Path, before: str, after: str) -> None:
    file.write_bytes(before.encode())
    set_setting("answer.quotes", "5")
    assert file.read_bytes().decode() == after


def test_a_relative_folder_is_made_absolute_and_a_tilde_kept(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    set_setting("library", "news")
    set_setting("cache", "~/cache")
    values = tomllib.loads(file.read_text("utf-8"))
    assert (values["library"], values["cache"]) == (str(tmp_path / "news"), "~/cache")


def test_a_string_stays_one(file: Path) -> None:
    set_setting("model.name", '7 "x" ü')
    assert load_settings().model.name == '7 "x" ü'


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "answer.quotes",
            "0",
            "Setting `answer.quotes` cannot be '0': Input should be greater than or equal to 1. "
            "Nothing has been changed.",
        ),
        (
            "answer.quotes",
            "many",
            "Setting `answer.quotes` cannot be 'many': Input should be a valid integer, unable to parse "
            "string as an integer. Nothing has been changed.",
        ),
        (
            "embedder.model",
            "gpt",
            "Setting `embedder.model` cannot be 'gpt': String should match pattern '^(e5|e5:.+|openai:.+)$'. "
            "Nothing has been changed.",
        ),
        (
            "answr.quotes",
            "5",
            "`answr.quotes` is not a setting. Did you mean `answer.quotes`? `pullquote config` lists them.",
        ),
        (
            "answer",
            "5",
            "`answer` is a section. Name one of its settings: answer.quotes, answer.nearest, "
            "answer.summary_sentences, answer.languages, answer.read_question.",
        ),
        ("", "5", "`` is not a setting. `pullquote config` lists them."),
        ("answer.quotes.more", "5", "`answer.quotes.more` is not a setting. Did you mean `answer.quotes`? "
         "`pullquote config` lists them."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_changes(
    file: Path, name: str, value: str, message: str
) -> None:
    with pytest.raises(SetupError) as refused:
        set_setting(name, value)
    assert str(refused.value) == message
    assert (file.read_text("utf-8"), mode(file)) == (FILE, 0o640)


def test_another_mistake_in_the_file_is_named_first_and_can_be_mended(file: Path) -> None:
    file.write_text("[answer]\nquotes = 900\nqotes = 3\n", "utf-8")
    with pytest.raises(SetupError) as refused:
        set_setting("search.depth", "3")
    assert str(refused.value) == (
        f"Setting `answer.quotes` in {file} cannot be 900: Input should be less than or equal to 50. Correct "
        "that first.\n"
        f"`answer.qotes` in {file} is not a setting. Take it out first: pullquote config unset answer.qotes"
    )
    assert unset_setting("answer.qotes")
    set_setting("answer.quotes", "9")
    assert file.read_text("utf-8") == "[answer]\nquotes = 9\n"


def test_the_environment_does_not_decide_what_may_be_written(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULLQUOTE_ANSWER__QUOTES", "3")
    set_setting("answer.quotes", "4")
    assert tomllib.loads(file.read_text("utf-8"))["answer"]["quotes"] == 4
    assert load_settings().answer.quotes == 3


def test_a_secret_makes_the_file_private_and_is_never_told(file: Path) -> None:
    set_setting("model.api_key", "sk-very-secret")
    assert (load_settings().model.api_key.get_secret_value(), mode(file)) == (  # type: ignore[union-attr]
        "sk-very-secret",
        0o600,
    )
    file.chmod(0o644)
    set_setting("answer.quotes", "5")
    assert mode(file) == 0o600
    assert unset_setting("model.api_key")
    assert "secret" not in file.read_text("utf-8")


def test_a_secret_that_cannot_be_is_not_told_either(file: Path) -> None:
    file.write_text('model.api_key = ["sk-very-secret"]\n', "utf-8")
    for refuse in (load_settings, lambda: set_setting("answer.quotes", "5")):
        with pytest.raises(SetupError) as refused:
            refuse()
        assert "model.api_key" in str(refused.value) and "sk-very" not in str(refused.value)


def test_unsetting(file: Path) -> None:
    assert unset_setting("search.depth")
    assert unset_setting("answer.quotes")
    assert not unset_setting("answer.quotes")
    assert not unset_setting("nothing.like.this")
    assert not unset_setting("model.name.more")
    assert file.read_text("utf-8") == "# What we use.\n\n[answer]  # how much\n# nearest = 5\n\n" + (
        '[model]\nname = "tiny"\n'
    )


@pytest.mark.parametrize("broken", [b"[answer\n", b"quotes = \xff\n"])
def test_a_file_that_is_not_toml_is_left_alone(file: Path, broken: bytes) -> None:
    file.write_bytes(broken)
    for change in (lambda: set_setting("answer.quotes", "5"), lambda: unset_setting("answer.quotes")):
        with pytest.raises(SetupError, match=rf"{file} is not valid TOML: .*move the file away"):
            change()
    assert file.read_bytes() == broken


def test_a_section_that_is_a_value_is_named(file: Path) -> None:
    file.write_text("answer = 5\n", "utf-8")
    with pytest.raises(SetupError, match=rf"`answer` in {file} is a value and should be a section"):
        set_setting("answer.quotes", "5")


def test_a_linked_file_stays_a_link(file: Path, tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles.toml"
    file.rename(kept)
    file.symlink_to(kept)
    set_setting("answer.quotes", "5")
    assert file.is_symlink() and "quotes = 5" in kept.read_text("utf-8")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("vectorstore.files.os.fsync", fail)
    with pytest.raises(SetupError, match=rf"{file} cannot be changed \(No space left on device\)"):
        set_setting("answer.quotes", "5")
    assert file.read_text("utf-8") == FILE
    assert {path.name for path in file.parent.iterdir()} == {"settings.toml", ".settings.toml.lock"}


def test_processes_that_change_the_file_together_lose_nothing(file: Path) -> None:
    values = {"answer.quotes": "5", "answer.nearest": "6", "search.depth": "7", "receipts.keep": "8"}
    running = [Forked(set_setting, *pair) for pair in values.items()]
    assert [process.wait() for process in running] == [0, 0, 0, 0]
    settings = load_settings()
    assert (settings.answer.quotes, settings.answer.nearest) == (5, 6)
    assert (settings.search.depth, settings.receipts.keep) == (7, 8)
