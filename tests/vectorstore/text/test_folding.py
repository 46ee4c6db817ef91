from __future__ import annotations

import pytest

from vectorstore.text.canonical import fold, fold_name, fold_words


def test_marks_and_white_space_stay() -> None:
    assert fold("Ｌé  Soir\n") == "lé  soir\n"


@pytest.mark.parametrize(
    ("one", "other"),
    [("NRC", "nrc"), ("Süddeutsche Zeitung", "SÜDDEUTSCHE  ZEITUNG "), ("Straße", "STRASSE"), ("ＡＰ", "ap")],
)
def test_names_are_compared_without_case_width_and_spacing(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def test_names_keep_their_accents() -> None:
    assert fold_name("Le Monde diplomatique") != fold_name("Lé Monde diplomatique")


def test_words_are_compared_without_punctuation() -> None:
    assert fold_words("  “Ｋｏｐ”,  HIER! ") == "kop hier"
