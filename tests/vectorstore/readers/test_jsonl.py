"""JSON Lines: good records go in, bad ones are named by line, whatever stands between them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vectorstore.model.article import Article, Boilerplate, Precision, Provenance, Published, Role, Span
from vectorstore.model.errors import SourceError
from vectorstore.model.settings import ReadSettings
from vectorstore.readers import Given, read_path
from vectorstore.text.canonical import article_id


def read(path: Path, given: Given = Given(), **settings: int) -> list[Article | str]:  # noqa: B008
    outcome = read_path(path, given, ReadSettings.model_validate(settings))
    return [str(item) if isinstance(item, SourceError) else item for item in outcome]


def test_a_whole_record(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    record = {
        "title": "Plan\nuitgesteld",
        "subtitle": "Minister zwijgt",
        "body": "De minister zei dat hij het niet weet.\r\n\r\nMeer zei hij niet.",
        "source": {"id": None, "name": "De Krant"},
        "author": [{"name": "Jan Jansen"}, "Piet Pietersen"],
        "publishedAt": "2024-12-03T10:15:00+01:00",
        "url": "https://example.com/plan",
        "id": 7,
        "language": "nld",
        "onbekend": [1, 2],
    }
    path.write_text("\n" + json.dumps(record) + "\n")
    text = (
        "Plan uitgesteld\n\nMinister zwijgt\n\nDe minister zei dat hij het niet weet.\n\nMeer zei hij niet."
    )
    assert read(path) == [
        Article(
            id=article_id(text),
            text=text,
            language="nl",
            origin=f"{path}#line 2",
            location="https://example.com/plan",
            title="Plan uitgesteld",
            subtitle="Minister zwijgt",
            outlet="De Krant",
            authors=("Jan Jansen", "Piet Pietersen"),
            published=Published(
                datetime(2024, 12, 3, 9, 15, tzinfo=UTC), Precision.MINUTE, Provenance.METADATA
            ),
            url="https://example.com/plan",
            boilerplate=(Boilerplate(Span(0, 15), Role.TITLE),),
        )
    ]


def test_what_tells_a_later_edition(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    records = [
        {"text": "Een artikel.", "url": "https://example.com/1", "id": "x"},
        {"text": "Twee artikelen.", "id": "x"},
        {"text": "Drie artikelen.", "id": 0},
        {"text": "Vier artikelen.", "id": None},
    ]
    path.write_text("\n".join(map(json.dumps, records)))
    locations = [item.location for item in read(path) if isinstance(item, Article)]
    assert locations == ["https://example.com/1", f"{path}#x", f"{path}#0", None]


def test_bad_lines_are_named_and_good_ones_go_in(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    good = b'{"text": "Een goed artikel over de minister."}'
    lines = {
        1: b"\xef\xbb\xbf" + good,
        2: b"geen json",
        3: b'{"text": 5}',
        4: b'{"text": "Goed.", "title": ["x"]}',
        5: b'{"text": "Goed.", "authors": ["x", 1]}',
        6: b'{"text": "Goed.", "authors": {"naam": "x"}}',
        7: b'{"text": "Goed.", "id": true}',
        8: b'{"text": "Goed.", "published": 1733184000}',
        9: b'{"title": "Kop"}',
        10: b'{"text": "  "}',
        11: b'{"text": "..."}',
        12: b"[1, 2]",
        13: b'{"text": "Caf\xe9"}',
        14: b'{"text": ' + b"[" * 100_000,
        15: b'{"text": "' + b"x" * 1_500_000 + b'"}',
        16: good.replace(b"Een", b"Twee"),
        17: b'{"text": "Drie.", "published": "03/12/2024", "url": "ftp://example.com"}',
        18: b'{"text": "Vier \\ud83d\\ude00 \\ud83d \\u0000."}',
    }
    path.write_bytes(b"\n".join(lines.values()))
    outcome = read(path, max_file_mb=1)
    assert [item.origin for item in outcome if isinstance(item, Article)] == [
        f"{path}#line {number}" for number in (1, 16, 17, 18)
    ]
    assert [item.text for item in outcome if isinstance(item, Article)][3] == "Vier 😀 \ufffd ."
    assert [item for item in outcome if isinstance(item, str)] == [
        f"{path} line 2: no JSON (Expecting value at character 1); fix the line",
        f"{path} line 3: field 'text' is a number, not a string",
        f"{path} line 4: field 'title' is a list, not a string",
        f"{path} line 5: field 'authors' holds a number, not a string or a list of strings",
        f"{path} line 6: field 'authors' holds null, not a string or a list of strings",
        f"{path} line 7: field 'id' is true or false, not a string or a whole number",
        f"{path} line 8: field 'published' is a number, not a string",
        f"{path} line 9: no text; put the article in a field 'text', 'body' or 'content'",
        f"{path} line 10: no text; put the article in a field 'text', 'body' or 'content'",
        f"{path} line 11 holds no text; there is nothing to add",
        f"{path} line 12: no JSON object; write one object a line",
        f"{path} line 13: not UTF-8; convert the file with iconv",
        f"{path} line 14: nested too deeply; flatten the record",
        f"{path} line 15: longer than 1 MB; shorten it or raise the setting read.max_file_mb",
        f"{path} line 17: '03/12/2024' is no full date, or could be two, and was left out; "
        "write it like 2024-12-03, or give --published",
        f"{path} line 17: 'ftp://example.com' is no web address and was left out; "
        "write it like https://example.com/article",
    ]


def test_a_file_larger_than_the_limit_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps({"text": f"Artikel {row}. " + "x" * 600_000}) for row in range(3)))
    assert len([item for item in read(path, max_file_mb=1) if isinstance(item, Article)]) == 3


def test_what_is_given_holds_for_every_record_but_not_what_is_one_articles(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "Een.", "outlet": "A"}\n{"text": "Twee."}')
    outlets = [item.outlet for item in read(path, Given(outlet="B")) if isinstance(item, Article)]
    assert outlets == ["B", "B"]
    assert read(path, Given(title="Kop")) == [
        f"{path} holds many articles; --title and --url are for one, put them in its lines"
    ]


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_an_empty_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)
    assert read(path) == [f"{path} is empty; there is nothing to add"]


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.symlink_to("/proc/self/mem")
    assert read(path) == [f"{path} cannot be read: Input/output error; check its permissions"]
