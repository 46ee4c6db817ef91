"""The unpacked model answers as the packed one does, wherever it comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from vectorstore.text.identifier import load_identifier

TEXTS = (
    "Who warned of flooding along the Maas?",
    "De dijk bij Roermond houdt het nog.",
    "市议会周二否决了这项预算。",
    "¿Quién avisó?",
)


@pytest.fixture(scope="module")
def expected() -> list[tuple[str, float]]:
    packed = load_identifier(None)
    return [packed.classify(text) for text in TEXTS]


def test_unpacked_and_mapped_again_it_answers_the_same(
    tmp_path: Path, expected: list[tuple[str, float]]
) -> None:
    for _ in range(2):
        identifier = load_identifier(tmp_path / "cache")
        assert [identifier.classify(text) for text in TEXTS] == expected
    assert len(list((tmp_path / "cache").iterdir())) == 6


def test_a_file_cut_short_is_written_again(tmp_path: Path, expected: list[tuple[str, float]]) -> None:
    load_identifier(tmp_path)
    (moves,) = tmp_path.glob("*.moves.npy")
    whole = moves.read_bytes()
    moves.write_bytes(whole[:1000])
    assert [load_identifier(tmp_path).classify(text) for text in TEXTS] == expected
    assert moves.read_bytes() == whole


def test_a_cache_that_cannot_be_written_is_done_without(
    tmp_path: Path, expected: list[tuple[str, float]]
) -> None:
    (tmp_path / "cache").write_text("a file")
    assert [load_identifier(tmp_path / "cache").classify(text) for text in TEXTS] == expected
