"""The file itself: one HTML page that asks nobody for anything, and whose policy lets it do nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from xml.etree.ElementTree import Element

from eval.report.elements import tag, write
from vectorstore import PullquoteError, replace_file


def make_document(title: str, body: Sequence[Element]) -> str:
    """A whole page: the one style and the one script are let through by their hashes, and nothing else is."""
    style, script = _read("page.css"), _read("page.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    page = tag(
        "html",
        tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", http_equiv="Content-Security-Policy", content=policy),
            tag("meta", name="referrer", content="no-referrer"),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="color-scheme", content="light dark"),
            tag("title", title),
            tag("style", style),
        ),
        tag("body", *body, tag("script", script)),
        lang="en",
    )
    return f"<!doctype html>\n{write(page)}\n"


def refuse_existing(path: Path) -> None:
    """Leave what is there alone.

    Raises:
        PullquoteError: something is there.
    """
    if path.exists():
        raise PullquoteError(
            f"{path} exists already. Give another name with --html, or write over it with --overwrite."
        )


def write_document(path: Path, text: str) -> None:
    """Write the page whole or not at all.

    Raises:
        PullquoteError: the place cannot be written.
    """
    try:
        replace_file(path, text)
    except OSError as error:
        raise PullquoteError(
            f"{path} cannot be written ({error.strerror or error}). Give another place with --html."
        ) from error


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _read(name: str) -> str:
    return files("eval.report").joinpath(name).read_text("utf-8")
