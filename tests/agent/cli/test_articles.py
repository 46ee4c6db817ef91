from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., object]

DUTCH = """Minister waarschuwt voor hoogwater

De minister van Infrastructuur waarschuwde maandag voor hoogwater langs de Maas. Het waterschap houdt rekening
met overstromingen bij Roermond.

Bewoners van drie dorpen zijn gevraagd hun huis te verlaten.
"""
JAPANESE = """首相、洪水の被災地を視察

首相は火曜日、洪水の被害を受けた九州の町を視察した。首相は住民に支援を約束した。
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "nl.txt").write_text(DUTCH, "utf-8")
    (folder / "ja.txt").write_text(JAPANESE, "utf-8")
    return folder


def test_adding_lists_each_source_and_counts(pullquote: Run, folder: Path) -> None:
    ran = pullquote("add", str(folder))
    assert ran.code == 0
    assert ran.out == ""
    lines = ran.err.splitlines()
    assert [line.split()[0] for line in lines] == ["added", "added", "2"]
    assert [line.split()[2] for line in lines[:2]] == [str(folder / "ja.txt"), str(folder / "nl.txt")]
    assert lines[-1] == "2 added"


def test_adding_again_changes_nothing_and_says_so(pullquote: Run, folder: Path) -> None:
    pullquote("add", str(folder))
    ran = pullquote("add", str(folder))
    assert ran.code == 0
    assert ran.err.splitlines()[-1] == "2 unchanged"


def test_a_changed_file_supersedes_its_old_edition(pullquote: Run, folder: Path) -> None:
    pullquote("add", str(folder))
    (folder / "nl.txt").write_text(DUTCH.replace("drie dorpen", "vier dorpen"), "utf-8")
    ran = pullquote("add", str(folder))
    assert ran.err.splitlines()[-1] in ("1 unchanged, 1 replaced", "1 replaced, 1 unchanged")
    listed = json.loads(pullquote("articles", "--json").out)
    assert len(listed) == 2


def test_one_bad_file_stops_nothing_is_named_at_the_end_and_makes_exit_code_2(
    pullquote: Run, folder: Path
) -> None:
    (folder / "empty.txt").write_text("", "utf-8")
    (folder / "lines.jsonl").write_text(
        json.dumps({"title": "Een", "text": "De eerste regel van het artikel."}) + "\n{broken\n", "utf-8"
    )
    ran = pullquote("add", str(folder))
    assert ran.code == 2
    assert "3 added" in ran.err
    end = ran.err[ran.err.index("2 could not be read:") :]
    assert str(folder / "empty.txt") in end
    assert "lines.jsonl" in end and "line 2" in end
    assert "Traceback" not in ran.err


def test_what_is_given_overrides_and_is_listed(pullquote: Run, folder: Path) -> None:
    ran = pullquote(
        "add",
        str(folder / "nl.txt"),
        "--outlet",
        "De Courant",
        "--published",
        "2024-02-03",
        "--author",
        "A. Visser",
    )
    assert ran.code == 0
    [row] = json.loads(pullquote("articles", "--json").out)
    assert {key: row[key] for key in ("title", "outlet", "authors", "published", "language", "passages")} == {
        "title": "Minister waarschuwt voor hoogwater",
        "outlet": "De Courant",
        "authors": ["A. Visser"],
        "published": "2024-02-03",
        "language": "nl",
        "passages": row["passages"],
    }
    assert pullquote("articles").out == (
        f"{row['id']}  De Courant · 2024-02-03 · nl · {row['passages']} passages\n"
        "  Minister waarschuwt voor hoogwater\n"
    )


def test_articles_can_be_filtered(pullquote: Run, folder: Path) -> None:
    pullquote("add", str(folder))
    assert [
        row["language"] for row in json.loads(pullquote("articles", "--language", "ja", "--json").out)
    ] == ["ja"]
    none = pullquote("articles", "--outlet", "Nobody")
    assert (none.code, none.out, none.err) == (0, "", "No article passes the filters.\n")


def test_removing_takes_an_article_out(pullquote: Run, folder: Path) -> None:
    pullquote("add", str(folder))
    rows = json.loads(pullquote("articles", "--json").out)
    ran = pullquote("remove", rows[0]["id"][:8])
    assert (ran.code, ran.err) == (0, f"removed {rows[0]['id']}\n")
    assert [row["id"] for row in json.loads(pullquote("articles", "--json").out)] == [rows[1]["id"]]


@pytest.mark.parametrize("command", [("remove", "ffff"), ("show", "ffff"), ("summarize", "ffff")])
def test_an_unknown_article_is_refused_with_the_next_command(
    pullquote: Run, folder: Path, command: tuple[str, str]
) -> None:
    pullquote("add", str(folder))
    ran = pullquote(*command)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "pullquote: No article's id begins with “ffff”. "
        "`pullquote articles` lists the articles with their ids.\n"
    )


def test_a_bad_date_is_refused(pullquote: Run, folder: Path) -> None:
    ran = pullquote("add", str(folder), "--published", "03/04/2024")
    assert ran.code == 2
    assert "03/04/2024" in ran.err and "2024-12-03" in ran.err


def test_without_a_library_every_reading_command_says_how_to_begin(pullquote: Run, home: Path) -> None:
    for words in (["articles"], ["ask", "who?"], ["show", "1"], ["doctor"], ["summarize", "abcd"]):
        ran = pullquote(*words)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == (
            f"pullquote: There is no library at {home / 'library' / 'library.db'} yet. "
            "Add articles first: `pullquote add PATH`.\n"
        )


def test_library_names_another_one_before_or_after_the_command(
    pullquote: Run, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    pullquote("add", str(folder), "--library", str(other))
    assert len(json.loads(pullquote("articles", "--json", "--library", str(other)).out)) == 2
    assert len(json.loads(pullquote("--library", str(other), "articles", "--json").out)) == 2
    assert pullquote("articles").code == 2


def test_a_folder_without_articles_says_which_files_are_read(pullquote: Run, tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "report.pdf").write_bytes(b"%PDF-1.7")
    ran = pullquote("add", str(tmp_path / "papers"))
    assert (ran.code, ran.out, ran.err) == (
        0,
        "",
        "Nothing to add: there is no .txt, .md, .html, .htm or .jsonl file in it.\n",
    )


def test_a_missing_path_is_named(pullquote: Run, tmp_path: Path) -> None:
    ran = pullquote("add", str(tmp_path / "nowhere"))
    assert ran.code == 2
    assert str(tmp_path / "nowhere") in ran.err
    assert "Traceback" not in ran.err


def test_a_file_that_is_too_large_is_named_with_the_setting(
    pullquote: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULLQUOTE_READ__MAX_FILE_MB", "1")
    (folder / "large.txt").write_text("Een lange zin die steeds terugkomt. " * 40_000, "utf-8")
    ran = pullquote("add", str(folder))
    assert ran.code == 2
    assert "large.txt" in ran.err and "read.max_file_mb" in ran.err
    assert "2 added" in ran.err


def test_another_writer_at_work_is_named(pullquote: Run, folder: Path, home: Path) -> None:
    from vectorstore.index.lock import WriterLock

    pullquote("add", str(folder))
    with WriterLock(home / "library"):
        ran = pullquote("add", str(folder))
    assert ran.code == 2
    assert "is writing to the library" in ran.err and "Run the command again" in ran.err


def test_a_library_that_cannot_be_written_still_answers(pullquote: Run, folder: Path, home: Path) -> None:
    pullquote("add", str(folder))
    library = home / "library"
    for path in sorted(library.rglob("*"), reverse=True):
        path.chmod(stat.S_IRUSR | (stat.S_IXUSR if path.is_dir() else 0))
    library.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        ran = pullquote("articles", "--json")
        assert ran.code == 0
        assert len(json.loads(ran.out)) == 2
    finally:
        library.chmod(stat.S_IRWXU)
        for path in library.rglob("*"):
            path.chmod(stat.S_IRWXU)
