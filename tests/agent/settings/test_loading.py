from __future__ import annotations

from pathlib import Path

import pytest

from agent.settings.listing import describe_setting
from agent.settings.loading import Settings, declared_settings, find_source, load_settings
from agent.settings.paths import find_paths
from vectorstore import SetupError


def write_settings(home: Path, text: str) -> None:
    home.mkdir(exist_ok=True)
    (home / "settings.toml").write_text(text, "utf-8")


def test_home_puts_everything_under_one_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULLQUOTE_CACHE")
    settings = load_settings()
    assert (settings.library, settings.cache) == (home / "library", home / "cache")


def test_without_home_the_xdg_places_are_used(tmp_path: Path) -> None:
    if find_paths({}).library.parts[-2:] != ("pullquote", "library"):
        pytest.skip("not a platform with XDG places")


def test_flag_beats_environment_beats_file_beats_default(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        load_settings().search.depth
        == Settings.model_fields["search"].get_default(call_default_factory=True).depth
    )
    write_settings(home, "[search]\ndepth = 11\n[answer]\nquotes = 7\n")
    assert load_settings().search.depth == 11
    monkeypatch.setenv("PULLQUOTE_SEARCH__DEPTH", "12")
    assert load_settings().search.depth == 12
    assert load_settings({"search": {"depth": 13}}).search.depth == 13
    assert load_settings().answer.quotes == 7


def test_sources_are_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_settings(home, "[answer]\nquotes = 7\n")
    monkeypatch.setenv("PULLQUOTE_SEARCH__DEPTH", "12")
    flags = {"library": "elsewhere"}
    assert find_source("library", flags) == "flag"
    assert find_source("search.depth", flags) == "PULLQUOTE_SEARCH__DEPTH"
    assert find_source("answer.quotes", flags) == str(home / "settings.toml")
    assert find_source("answer.nearest", flags) == "default"


def test_a_value_out_of_bounds_names_itself_its_source_and_the_fix(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULLQUOTE_SEARCH__DEPTH", "0")
    with pytest.raises(SetupError) as caught:
        load_settings()
    assert str(caught.value) == (
        "Setting `search.depth` cannot be '0': Input should be greater than or equal to 1. It comes from "
        "PULLQUOTE_SEARCH__DEPTH; correct it there (`pullquote config` lists the settings and their sources)."
    )


def test_a_misspelt_name_in_the_file_is_refused_with_the_nearest(home: Path) -> None:
    write_settings(home, "[search]\ndpth = 3\n")
    with pytest.raises(SetupError) as caught:
        load_settings()
    assert str(caught.value) == (
        f"`search.dpth` in {home / 'settings.toml'} is not a setting. Did you mean `search.depth`? "
        "`pullquote config` lists them."
    )


def test_a_misspelt_variable_is_refused_with_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_SERCH__DEPTH", "3")
    with pytest.raises(
        SetupError, match=r"PULLQUOTE_SERCH__DEPTH is not a setting\. Did you mean PULLQUOTE_SEARCH__DEPTH\?"
    ):
        load_settings()


@pytest.mark.parametrize("value", ["sk-very-secret", '"sk-very-secret"', '["sk-very-secret"]', ""])
def test_a_section_in_the_environment_has_to_be_json(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_MODEL", '{"name": "tiny"}')
    assert load_settings().model.name == "tiny"
    monkeypatch.setenv("PULLQUOTE_MODEL", value)
    with pytest.raises(SetupError) as caught:
        load_settings()
    assert str(caught.value) == (
        "PULLQUOTE_MODEL is a section and has to be a JSON object. One value at a time is easier: "
        "PULLQUOTE_MODEL__API_KEY=…"
    )


def test_nothing_of_a_section_is_shown_when_it_is_none(home: Path) -> None:
    write_settings(home, 'model = "sk-very-secret"\n')
    with pytest.raises(SetupError) as caught:
        load_settings()
    assert str(caught.value).startswith("Setting `model` cannot be what it is: ")
    assert "sk-very" not in str(caught.value)


def test_a_file_that_is_not_toml_is_refused_by_name_and_line(home: Path) -> None:
    write_settings(home, "[search\n")
    with pytest.raises(SetupError, match=r"settings\.toml is not valid TOML: .*line 1"):
        load_settings()


def test_every_setting_says_what_it_does() -> None:
    names = list(declared_settings())
    assert len(names) == len(set(names))
    assert all(map(describe_setting, names))
