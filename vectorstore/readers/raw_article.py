"""What a reader makes of one article, and how that becomes an `Article`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from vectorstore.model.article import UNDETERMINED, Article, Provenance, Published, Role
from vectorstore.model.errors import SourceError
from vectorstore.text.boilerplate import find_boilerplate
from vectorstore.text.canonical import article_id, canonicalize, fold_words
from vectorstore.text.dates import find_published, parse_published
from vectorstore.text.languages import LANGUAGES, identify, primary_language, to_bcp47
from vectorstore.text.paragraphs import find_paragraphs

ENOUGH_TO_TELL = 200
"""Code points from which on the text itself is believed over what the file says its language is. Pages claim
the language of the system that made them; on 600 news articles `identify` was always right."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the user said on the command line; it overrides whatever a file says."""

    title: str | None = None
    outlet: str | None = None
    authors: tuple[str, ...] = ()
    published: Published | None = None
    language: str | None = None
    url: str | None = None

    @classmethod
    def parse(
        cls,
        *,
        title: str | None = None,
        outlet: str | None = None,
        authors: tuple[str, ...] = (),
        published: str | None = None,
        language: str | None = None,
        url: str | None = None,
    ) -> Given:
        """Check what the user typed. Raises SourceError for a date, language or address that is none."""
        moment = parse_published(published, Provenance.GIVEN) if published is not None else None
        if published is not None and moment is None:
            raise SourceError(
                f"--published '{published}' is no full date, or could be two; write it like 2024-12-03 "
                "or 2024-12-03T10:15+01:00"
            )
        code = to_bcp47(language) if language is not None else None
        if code == UNDETERMINED:
            raise SourceError(f"--language '{language}' is no language code; write it like nl or pt-BR")
        if url is not None and not is_web_address(url):
            raise SourceError(f"--url '{url}' is no web address; write it like https://example.com/article")
        return cls(title, outlet, authors, moment, code, url)


@dataclass(frozen=True, slots=True)
class RawArticle:
    """An article as its file has it; strings as they came, to be cleaned by `finish`."""

    text: str
    title: str | None = None
    subtitle: str | None = None
    outlet: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    language: str | None = None
    url: str | None = None
    captions: frozenset[str] = frozenset()  # Paragraphs, folded by `fold_words`, that the file marks so.
    key: str | None = None  # What the file calls the record, when it holds several.


def finish(raw: RawArticle, given: Given, path: Path, record: int | None = None) -> tuple[Article, list[str]]:
    """Return the article, and what was left out of it and why, for the user.

    Its text starts with the title and subtitle the file names, unless it does already. `record` is the
    line of a file that holds several articles. Raises SourceError when there is no text.
    """
    origin = _spell(path) if record is None else f"{_spell(path)}#line {record}"
    place = str(path) if record is None else f"{path} line {record}"
    remarks: list[str] = []
    title, subtitle = _clean(raw.title), _clean(raw.subtitle)
    text = canonicalize(_with_titles(raw.text, title, subtitle))
    if not any(map(str.isalnum, text)):
        raise SourceError(f"{place} holds no text; there is nothing to add")
    paragraphs = find_paragraphs(text)
    boilerplate = find_boilerplate(text, paragraphs, title=title, captions=raw.captions)
    if title is None and boilerplate and boilerplate[0].role is Role.TITLE:
        title = _clean(boilerplate[0].span.of(text))
    language = _choose_language(text, raw.language, given.language)
    published = given.published
    if published is None and raw.published:
        published = parse_published(raw.published, Provenance.METADATA, language)
        if published is None:
            remarks.append(
                f"{place}: '{_clean(raw.published)}' is no full date, or could be two, and was left out; "
                "write it like 2024-12-03, or give --published"
            )
    if published is None:
        published = find_published(text, paragraphs, boilerplate, language)
    url = _clean(given.url or raw.url)
    if url is not None and not is_web_address(url):
        remarks.append(
            f"{place}: '{url}' is no web address and was left out; write it like https://example.com/article"
        )
        url = None
    article = Article(
        id=article_id(text),
        text=text,
        language=language,
        origin=origin,
        location=url or _locate(raw, path, record),
        title=_clean(given.title) or title,
        subtitle=subtitle,
        outlet=_clean(given.outlet) or _clean(raw.outlet),
        authors=tuple(filter(None, map(_clean, given.authors or raw.authors))),
        published=published,
        url=url,
        boilerplate=boilerplate,
    )
    return article, remarks


def _with_titles(text: str, title: str | None, subtitle: str | None) -> str:
    wanted = [part for part in (title, subtitle) if part is not None and fold_words(part)]
    if not wanted:
        return text
    canonical = canonicalize(text)
    paragraphs = find_paragraphs(canonical)[:3]
    first = [fold_words(span.of(text)) for span in paragraphs]
    missing = [part for part in wanted if fold_words(part) not in first]
    if not missing:
        return text
    if wanted[0] not in missing:  # the title is there and the subtitle goes after it
        end = paragraphs[first.index(fold_words(wanted[0]))].end
        return f"{canonical[:end]}\n\n{missing[0]}\n\n{canonical[end:].lstrip()}"
    return "\n\n".join([*missing, text.lstrip()])


def _choose_language(text: str, declared: str | None, given: str | None) -> str:
    if given:
        return to_bcp47(given)
    claimed = to_bcp47(declared) if declared else UNDETERMINED
    found = identify(text)
    if claimed == UNDETERMINED or found == UNDETERMINED:
        return found if claimed == UNDETERMINED else claimed
    can_tell = len(text) >= ENOUGH_TO_TELL and primary_language(claimed) in LANGUAGES
    return found if can_tell and primary_language(claimed) != found else claimed


def _locate(raw: RawArticle, path: Path, record: int | None) -> str | None:
    """Return what identifies the article in a later edition, when it has no address."""
    absolute = _spell(path.absolute())
    if record is None:
        return absolute
    return f"{absolute}#{raw.key}" if raw.key else None


def _spell(path: Path) -> str:
    r"""Return `path` as text that can be stored: bytes of a name that are not UTF-8 are written as `\xe9`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _clean(value: str | None) -> str | None:
    """Return `value` canonical and on one line; None when that leaves nothing."""
    return " ".join(canonicalize(value).split()) or None if value else None


def is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not any(map(str.isspace, url))
