"""JSON Lines: an article a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vectorstore.model.errors import SourceError
from vectorstore.readers.raw_article import RawArticle

_NAMES = {
    "text": ("text", "body", "content"),
    "title": ("title", "headline"),
    "subtitle": ("subtitle", "deck", "standfirst"),
    "outlet": ("outlet", "source", "publisher"),
    "authors": ("authors", "author", "byline"),
    "published": ("published", "published_at", "publishedAt", "date"),
    "language": ("language", "lang"),
    "url": ("url", "link"),
    "key": ("id",),
}
"""The names a field goes by, the first that is there and not null counts."""

_CHUNK = 1 << 20


def read_jsonl(path: Path, limit: int) -> Iterator[tuple[int, RawArticle | SourceError]]:
    """Line number and article of every record, or why that line could not be read.

    A line longer than `limit` bytes is refused, not the file: files of any size are read line by line.
    Blank lines are skipped. Raises SourceError when the file cannot be opened.
    """
    for number, line in _lines(path, limit):
        if isinstance(line, bytes) and not line.strip():
            continue
        try:
            yield number, _to_raw_article(_parse(line, limit))
        except SourceError as error:
            yield number, SourceError(f"{path} line {number}: {error}")


def _lines(path: Path, limit: int) -> Iterator[tuple[int, bytes | None]]:
    """Yield the lines by number; None for one longer than `limit` bytes."""
    try:
        with path.open("rb") as stream:
            number = 0
            while line := stream.readline(limit + 2):
                number += 1
                is_whole = line.endswith(b"\n") or len(line) <= limit
                if number == 1:
                    line = line.removeprefix(b"\xef\xbb\xbf")
                yield number, line if is_whole else None
                while not is_whole:  # The rest of a long line is passed over without being held.
                    rest = stream.readline(_CHUNK)
                    is_whole = rest.endswith(b"\n") or not rest
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}; check its permissions") from error


def _parse(line: bytes | None, limit: int) -> Mapping[str, Any]:
    if line is None:
        megabytes = limit // 1_000_000
        raise SourceError(f"longer than {megabytes} MB; shorten it or raise the setting read.max_file_mb")
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise SourceError("not UTF-8; convert the file with iconv") from error
    except json.JSONDecodeError as error:
        raise SourceError(f"no JSON ({error.msg} at character {error.pos + 1}); fix the line") from error
    except RecursionError as error:
        raise SourceError("nested too deeply; flatten the record") from error
    if not isinstance(record, dict):
        raise SourceError("no JSON object; write one object a line")
    return record


def _to_raw_article(record: Mapping[str, Any]) -> RawArticle:
    text = _string(record, "text")
    if text is None or not text.strip():
        raise SourceError("no text; put the article in a field 'text', 'body' or 'content'")
    plain = ("title", "subtitle", "published", "language", "url")
    strings: dict[str, Any] = {field: _string(record, field) for field in plain}
    outlet, authors = _string(record, "outlet", named=True), _strings(record, "authors")
    return RawArticle(text, outlet=outlet, authors=authors, key=_key(record), **strings)


def _find(record: Mapping[str, Any], field: str) -> tuple[str, Any]:
    for name in _NAMES[field]:
        if record.get(name) is not None:
            return name, record[name]
    return field, None


def _string(record: Mapping[str, Any], field: str, *, named: bool = False) -> str | None:
    name, value = _find(record, field)
    if named and isinstance(value, dict):
        value = value.get("name")
    if value is not None and not isinstance(value, str):
        raise SourceError(f"field '{name}' is {_kind(value)}, not a string")
    return value


def _strings(record: Mapping[str, Any], field: str) -> tuple[str, ...]:
    name, value = _find(record, field)
    values = value if isinstance(value, list) else [] if value is None else [value]
    strings: list[str] = []
    for item in values:
        string = item.get("name") if isinstance(item, dict) else item
        if not isinstance(string, str):
            raise SourceError(f"field '{name}' holds {_kind(string)}, not a string or a list of strings")
        strings.append(string)
    return tuple(strings)


def _key(record: Mapping[str, Any]) -> str | None:
    name, value = _find(record, "key")
    if value is None or value == "":
        return None
    # Python's True is a whole number too.
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise SourceError(f"field '{name}' is {_kind(value)}, not a string or a whole number")
    return str(value)


def _kind(value: object) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return kinds.get(type(value), "null")
