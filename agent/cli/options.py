"""Options that several commands share, and what they mean together."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from inspect import Parameter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.answer.styles import Length, Style
from agent.settings.loading import Settings, load_settings
from agent.telemetry import start
from agent.terminal.output import print_notice

if TYPE_CHECKING:
    from agent.generative import Writer
    from vectorstore import Filters, Library

LibraryOption = Annotated[
    Path | None,
    typer.Option("--library", metavar="FOLDER", help="Another library than the one in the settings."),
]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show tracebacks.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
FailOption = Annotated[bool, typer.Option("--fail", help="Exit with 1 when the articles do not say it.")]
FromOption = Annotated[
    str | None,
    typer.Option("--from", metavar="DATE", help="Only articles published on or after this day (YYYY-MM-DD)."),
]
UntilOption = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Only articles published on or before this day.")
]
OutletOption = Annotated[
    list[str] | None, typer.Option("--outlet", metavar="NAME", help="Only this outlet; may be repeated.")
]
AuthorOption = Annotated[
    list[str] | None, typer.Option("--author", metavar="NAME", help="Only this author; may be repeated.")
]
LanguageOption = Annotated[
    list[str] | None,
    typer.Option("--language", metavar="CODE", help="Only articles in this language; may be repeated."),
]
ArticleOption = Annotated[
    list[str] | None, typer.Option("--article", metavar="ID", help="Only this article; may be repeated.")
]
ModelOption = Annotated[
    str | None, typer.Option("--model", metavar="NAME", help="Another model than the one in the settings.")
]
NoModelOption = Annotated[
    bool, typer.Option("--no-model", help="Answer in the articles' own sentences, without a model.")
]
AnswerLanguageOption = Annotated[
    str | None,
    typer.Option(
        "--answer-language", metavar="CODE", help="Language the model answers in; the question's otherwise."
    ),
]
BudgetOption = Annotated[
    int | None,
    typer.Option(
        "--budget-tokens", metavar="N", min=500, max=2_000_000, help="Tokens this answer may take in all."
    ),
]
TranslateOption = Annotated[
    bool | None,
    typer.Option(
        "--translate/--no-translate",
        help="Show a model's translation beside quotes in another language; by the settings otherwise.",
    ),
]
LengthOption = Annotated[
    Length | None, typer.Option("--length", help="How much a summary says: 3, 6 or 12 sentences.")
]
StyleOption = Annotated[
    Style, typer.Option("--style", help="How a summary is set; a timeline goes by when things happened.")
]


@dataclass(slots=True)
class Globals:
    """What was said before the command's name."""

    library: Path | None = None
    debug: bool = False


_globals = Globals()


def remember_globals(library: Path | None, debug: bool) -> None:
    """Remember the options given before the command's name."""
    _globals.library = library
    _globals.debug = debug


def with_common_options(command: Callable[..., None]) -> Callable[..., None]:
    """Return `command` with `--library` and `--debug`, which are taken before its name too."""
    signature = inspect.signature(command, eval_str=True)

    @wraps(command)
    def run(*args: Any, library: Path | None = None, debug: bool = False, **options: Any) -> None:
        remember_globals(library or _globals.library, debug or _globals.debug)
        command(*args, **options)

    common = (
        Parameter("library", Parameter.KEYWORD_ONLY, default=None, annotation=LibraryOption),
        Parameter("debug", Parameter.KEYWORD_ONLY, default=False, annotation=DebugOption),
    )
    # Typer makes the options from the signature.
    run.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[*signature.parameters.values(), *common]
    )
    return run


def is_debugging() -> bool:
    """Whether `--debug` was given."""
    return _globals.debug


def read_flags(library: Path | None = None) -> dict[str, Any]:
    """Return the settings that were given as options; `library` goes before `--library`."""
    chosen = library or _globals.library
    return {"library": chosen} if chosen is not None else {}


def read_settings(library: Path | None = None) -> Settings:
    """Return the settings with the options on top, as `read_flags` has them."""
    settings = load_settings(read_flags(library))
    start(settings.telemetry, print_notice)
    return settings


@contextmanager
def open_library(settings: Settings, *, writable: bool = False, warm: bool = False) -> Iterator[Library]:
    """Open the library of the settings, and close it at the end whatever happens."""
    from vectorstore import Library

    with Library.open(settings.for_library(), writable=writable, warm=warm, notice=print_notice) as library:
        yield library


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """The options that filter articles, as they were typed."""

    since: str | None = None
    until: str | None = None
    outlets: list[str] | None = None
    authors: list[str] | None = None
    languages: list[str] | None = None
    articles: list[str] | None = None

    def resolve(self, library: Library) -> Filters:
        """Return the filters of a command; article ids may be shortened as long as they are unambiguous.

        Raises:
            BadParameter: a date or a language is not one, or the first day comes after the last.
            UnknownArticleError: an article id fits none or several.
        """
        from vectorstore import Filters

        first, last = parse_day(self.since, "--from"), parse_day(self.until, "--until")
        if first and last and first > last:
            raise typer.BadParameter(f"--from {self.since} is after --until {self.until}.")
        return Filters(
            since=first,
            until=last + timedelta(days=1) if last else None,
            outlets=tuple(self.outlets or ()),
            authors=tuple(self.authors or ()),
            languages=tuple(parse_language(language, "--language") for language in self.languages or ()),
            articles=tuple(map(library.articles.resolve, self.articles or ())),
        )


def parse_language(text: str, option: str) -> str:
    """Return the BCP 47 tag of a language's code."""
    from vectorstore import UNDETERMINED, to_bcp47

    tag = to_bcp47(text)
    if tag == UNDETERMINED and text != UNDETERMINED:
        raise typer.BadParameter(f"{text!r} is not a language code like nl.", param_hint=option)
    return tag


def make_writer(
    settings: Settings,
    *,
    no_model: bool,
    name: str | None,
    language: str | None,
    budget_tokens: int | None,
    translate: bool | None = None,
) -> Writer | None:
    """Return the model of the settings with a command's options on top; None where none is to write.

    Raises:
        BadParameter: the language is none.
        SetupError: an option needs a model, and no server is known.
    """
    from agent.generative import WriterOptions, connect_writer

    writer = None
    if not no_model:
        tag = parse_language(language, "--answer-language") if language else None
        writer = connect_writer(settings, WriterOptions(name, tag, budget_tokens, translate))
    if translate and writer is None:
        print_notice("Nothing is translated: that takes a model.")
    return writer


def parse_day(text: str | None, option: str) -> datetime | None:
    """Return midnight UTC of a day written as YYYY-MM-DD."""
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a day like 2024-12-03.", param_hint=option) from error
