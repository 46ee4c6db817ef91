"""Two spellings of one name, and of two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.checks.names.matching import is_same_in_other_script, is_same_spelling, is_same_word, looks_alike
from agent.checks.words.folding import fold


@pytest.mark.parametrize(
    ("one", "other", "languages"),
    [
        ("Trump", "Trumpa", "pl"),
        ("Путин", "Путину", "ru"),
        ("Merkel", "Merkels", "de"),
        ("Erdoğan", "Erdoğanın", "tr"),
        ("Canada", "Canadian", "en"),
        ("Warszawa", "Warszawie", "pl"),
        ("فرنسا", "وفرنسا", "ar"),
        ("Ελλάδα", "Ελλάδας", "el"),
        ("Roma", "romano", "it"),
    ],
)
def test_inflections_are_one_name(one: str, other: str, languages: str) -> None:
    assert is_same_word(fold(one), fold(other), {languages})


@pytest.mark.parametrize(
    ("one", "other", "languages"),
    [
        ("Jonson", "Johnson", "en"),
        ("Jansen", "Janssen", "nl"),
        ("Iran", "Iraq", "en"),
        ("Austria", "Australia", "en"),
        ("Meyer", "Meier", "de"),
        ("Nowak", "Nowacki", "pl"),
        ("Иванов", "Иваненко", "ru"),
        ("Macron", "Marcon", "fr"),
    ],
)
def test_other_names_are_not(one: str, other: str, languages: str) -> None:
    assert not is_same_word(fold(one), fold(other), {languages})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Putin", "Путин"),
        ("Sturridge", "ستوريدج"),
        ("Merkel", "Меркель"),
        ("Tokyo", "टोक्यो"),
        ("Trump", "ترامب"),
        ("Kobayashi", "コバヤシ"),
    ],
)
def test_scripts_are_crossed_by_sound(one: str, other: str) -> None:
    assert is_same_in_other_script(one, other)


@pytest.mark.parametrize(("one", "other"), [("Putin", "Меркель"), ("Trump", "ستوريدج"), ("Putin", "Putin")])
def test_other_sounds_and_the_same_script_are_not(one: str, other: str) -> None:
    assert not is_same_in_other_script(one, other)


def test_languages_spell_one_sound_differently() -> None:
    assert is_same_spelling("Iwanow", "Ivanov")
    assert is_same_spelling("Poutine", "Putin")
    assert not is_same_spelling("Jonson", "Johnson")


def test_look_alikes_differ_inside() -> None:
    assert looks_alike("jonson", "johnson")
    assert not looks_alike("europe", "europa")
    assert not looks_alike("jonson", "jonson")


@given(st.text(min_size=1, max_size=12))
def test_every_word_is_itself(word: str) -> None:
    assert is_same_word(fold(word), fold(word), {"en"})
