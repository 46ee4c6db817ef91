"""One file to the articles in it."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from vectorstore.model.article import Article
from vectorstore.model.errors import SourceError
from vectorstore.model.settings import ReadSettings
from vectorstore.readers.discovery import SUFFIXES
from vectorstore.readers.encoding import decode
from vectorstore.readers.raw_article import Given, RawArticle, finish

MEGABYTE = 1_000_000


def read_path(path: Path, given: Given, settings: ReadSettings) -> Iterator[Article | SourceError]:
    """Yield the articles in `path`, and for each record or file that could not be read whole, why.

    Nothing is raised but by a bug of the caller's: what one file or one record does wrong is yielded,
    the rest continues. An error after an article says what was left out of it.
    """
    try:
        yield from _read(path, given, settings)
    except SourceError as error:
        yield error
    except Exception as error:  # a library choking on one file must not end the run
        failure = SourceError(f"{path} cannot be read ({type(error).__name__}: {error}); save it as .txt")
        failure.__cause__ = error
        yield failure


def _read(path: Path, given: Given, settings: ReadSettings) -> Iterator[Article | SourceError]:
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise SourceError(f"{path} is of a kind that cannot be read; known are {', '.join(SUFFIXES)}")
    limit = settings.max_file_mb * MEGABYTE
    size = _size_of_file(path)
    if suffix == ".jsonl":
        yield from _read_records(path, given, limit)
        return
    if size > limit:
        raise SourceError(
            f"{path} is {size / MEGABYTE:.0f} MB, more than the {settings.max_file_mb} MB that are read; "
            "split it or raise the setting read.max_file_mb"
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}; check its permissions") from error
    text = decode(data, str(path), is_html=suffix in {".html", ".htm"})
    article, remarks = finish(_parse(text, suffix, str(path)), given, path)
    yield article
    yield from map(SourceError, remarks)


def _size_of_file(path: Path) -> int:
    try:
        status = path.stat()
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}; check the path") from error
    if stat.S_ISDIR(status.st_mode):
        raise SourceError(f"{path} is a folder; name the files in it, or add the folder")
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(
            f"{path} is no regular file but a device, pipe or socket; save its content in a file"
        )
    return status.st_size


def _parse(text: str, suffix: str, name: str) -> RawArticle:
    match suffix:
        case ".md":
            from vectorstore.readers.markdown import read_markdown

            return read_markdown(text, name)
        case ".html" | ".htm":
            from vectorstore.readers.html import read_html

            return read_html(text, name)
    return RawArticle(text)


def _read_records(path: Path, given: Given, limit: int) -> Iterator[Article | SourceError]:
    from vectorstore.readers.jsonl import read_jsonl

    if given.title or given.url:
        raise SourceError(f"{path} holds many articles; --title and --url are for one, put them in its lines")
    number = 0
    for number, raw in read_jsonl(path, limit):
        if isinstance(raw, SourceError):
            yield raw
            continue
        try:
            article, remarks = finish(raw, given, path, number)
        except SourceError as error:
            yield error
            continue
        yield article
        yield from map(SourceError, remarks)
    if not number:
        raise SourceError(f"{path} is empty; there is nothing to add")
