from __future__ import annotations

from datetime import UTC, datetime

import pytest

from vectorstore.model.filters import Filters, fold_name


def test_emptiness() -> None:
    assert Filters().is_empty
    assert not Filters(outlets=("NRC",)).is_empty
    assert not Filters(since=datetime(2024, 1, 1, tzinfo=UTC)).is_empty


def test_a_moment_has_a_time_zone() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        Filters(until=datetime(2024, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("one", "other"),
    [("NRC", "nrc"), ("Süddeutsche Zeitung", "SÜDDEUTSCHE  ZEITUNG "), ("Straße", "STRASSE"), ("ＡＰ", "ap")],
)
def test_names_are_compared_without_case_width_and_spacing(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def test_names_keep_their_accents() -> None:
    assert fold_name("Le Monde diplomatique") != fold_name("Lé Monde diplomatique")
