"""Templates to one HTML page that asks no server for anything, and whose policy lets it do nothing else."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from agent import clean
from eval.report.tables import describe_flips, format_chance, format_value, signed
from vectorstore import PullquoteError, replace_file


@cache
def environment() -> Environment:
    """Return the environment of the page's templates."""
    # All that a template puts out is cleaned of control characters and escaped, so that nothing of an
    # article's or a model's can become markup. `|e` alone keeps line breaks.
    made = Environment(
        loader=PackageLoader("eval.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    made.filters |= {"count": "{:,}".format, "chance": format_chance, "flips": describe_flips}
    made.filters |= {"value": format_value, "signed": signed, "language": _language}
    made.filters |= {"anchor": "case-{}".format}
    return made


def render_page(**values: object) -> str:
    """Return a whole page: its policy lets the one style and the one script through by their hashes."""
    style, script = _read("page.css"), _read("page.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    # Neither file holds anything that ends its element; a test says so.
    trusted = {"style": Markup(style), "script": Markup(script)}
    return environment().get_template("page.html").render(policy=policy, **trusted, **values).strip() + "\n"


def refuse_existing(path: Path) -> None:
    """Leave what is there alone. Raises PullquoteError if something is there."""
    if path.exists():
        raise PullquoteError(
            f"{path} exists already. Give another name with --html, or write over it with --overwrite."
        )


def write_page(path: Path, text: str) -> None:
    """Write the page whole or not at all. Raises PullquoteError if the place cannot be written."""
    try:
        replace_file(path, text)
    except OSError as error:
        raise PullquoteError(
            f"{path} cannot be written ({error.strerror or error}). Give another place with --html."
        ) from error


def _finalize(value: object) -> object:
    if isinstance(value, float):
        return f"{value:g}"
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _language(tag: str | None) -> str | None:
    """Return a language as an attribute; none where it is not known."""
    return tag if tag != "und" else None


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _read(name: str) -> str:
    return files("eval.report").joinpath(name).read_text("utf-8")
