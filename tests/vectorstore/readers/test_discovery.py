"""Discovery: folders to the bottom in order, each file once, every refusal by name."""

from __future__ import annotations

import os
from pathlib import Path

from vectorstore.readers import discover


def found(*paths: Path) -> list[str]:
    return [str(item) for item in discover(paths)]


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Tekst.")


def test_a_folder_is_walked_in_order_and_only_for_known_kinds(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "a.MD", "c.html", "d.htm", "e.jsonl", "f.pdf", "g", ".verborgen.txt")
    write(tmp_path, "map/z.txt", "map/diep/y.txt", ".git/x.txt", "map/.x/w.txt")
    names = ["a.MD", "b.txt", "c.html", "d.htm", "e.jsonl", "map/z.txt", "map/diep/y.txt"]
    assert found(tmp_path) == [str(tmp_path / name) for name in names]


def test_each_file_comes_once_however_it_is_named(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "map/b.txt")
    (tmp_path / "map" / "terug").symlink_to(tmp_path)
    (tmp_path / "c.txt").symlink_to(tmp_path / "a.txt")
    assert found(tmp_path, tmp_path / "a.txt", tmp_path / "map", tmp_path) == [
        str(tmp_path / "a.txt"),
        str(tmp_path / "map" / "b.txt"),
    ]


def test_a_file_named_outright_must_be_of_a_known_kind(tmp_path: Path) -> None:
    write(tmp_path, "a.pdf", ".verborgen.txt")
    assert found(tmp_path / "a.pdf", tmp_path / ".verborgen.txt") == [
        f"{tmp_path}/a.pdf is of a kind that cannot be read; known are .txt, .md, .html, .htm, .jsonl. "
        "Rename it if it is one of these",
        f"{tmp_path}/.verborgen.txt",
    ]


def test_what_is_missing_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    (tmp_path / "los.txt").symlink_to(tmp_path / "weg.txt")
    (tmp_path / "rond.txt").symlink_to(tmp_path / "rond.txt")
    assert found(tmp_path / "nee.txt", tmp_path, tmp_path / ("x" * 300)) == [
        f"{tmp_path}/nee.txt cannot be read: No such file or directory; check the path",
        f"{tmp_path}/a.txt",
        f"{tmp_path}/los.txt cannot be read: No such file or directory; remove the link or fix it",
        f"{tmp_path}/rond.txt cannot be read: Too many levels of symbolic links; remove the link or fix it",
        f"{tmp_path}/{'x' * 300} cannot be read: File name too long; check the path",
    ]


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert found(tmp_path) == []


def test_a_folder_with_a_files_name_is_walked(tmp_path: Path) -> None:
    write(tmp_path, "map.txt/a.txt")
    assert found(tmp_path / "map.txt") == [str(tmp_path / "map.txt" / "a.txt")]
    assert found(tmp_path) == [str(tmp_path / "map.txt" / "a.txt")]


def test_pipes_are_found_and_left_to_the_reader_to_refuse(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pijp.txt")
    assert found(tmp_path) == [str(tmp_path / "pijp.txt")]
