"""Options that several commands share, and what they mean together."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
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
ArticleOption = Annotated[
    list[str] | None, typer.Option("--article", metavar="ID", help="Only this article; may be repeated.")
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


class OptionGroup:
    """Options that several commands take together: a dataclass with an option for each field."""


@dataclass(frozen=True, slots=True)
class FilterOptions(OptionGroup):
    """The options that filter articles, as they were typed."""

    since: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="DATE", help="Only articles published on or after this day (YYYY-MM-DD)."
        ),
    ] = None
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="DATE", help="Only articles published on or before this day."),
    ] = None
    outlet: Annotated[
        list[str] | None, typer.Option("--outlet", metavar="NAME", help="Only this outlet; may be repeated.")
    ] = None
    author: Annotated[
        list[str] | None, typer.Option("--author", metavar="NAME", help="Only this author; may be repeated.")
    ] = None
    language: Annotated[
        list[str] | None,
        typer.Option("--language", metavar="CODE", help="Only articles in this language; may be repeated."),
    ] = None

    @property
    def are_given(self) -> bool:
        """Whether there is any."""
        return self != FilterOptions()

    def resolve(self, library: Library, articles: Sequence[str] | None = None) -> Filters:
        """Return the filters of a command; article ids may be shortened as long as they are unambiguous."""
        from agent.sessions.typed_filters import change_filters
        from vectorstore import Filters, PullquoteError

        days = {"from": self.since, "until": self.until}
        typed = {key: [day] for key, day in days.items() if day is not None}
        typed |= {"outlet": self.outlet or [], "author": self.author or [], "language": self.language or []}
        named = Filters(articles=tuple(map(library.articles.resolve, articles or ())))
        try:
            return change_filters(library, named, typed)
        except PullquoteError as error:
            raise typer.BadParameter(str(error)) from error


@dataclass(frozen=True, slots=True)
class ModelOptions(OptionGroup):
    """The options that say which model writes, and what it may take."""

    model: Annotated[
        str | None,
        typer.Option("--model", metavar="NAME", help="Another model than the one in the settings."),
    ] = None
    no_model: Annotated[
        bool, typer.Option("--no-model", help="Answer in the articles' own sentences, without a model.")
    ] = False
    answer_language: Annotated[
        str | None,
        typer.Option(
            "--answer-language",
            metavar="CODE",
            help="Language the model answers in; the question's otherwise.",
        ),
    ] = None
    budget_tokens: Annotated[
        int | None,
        typer.Option(
            "--budget-tokens", metavar="N", min=500, max=2_000_000, help="Tokens this answer may take in all."
        ),
    ] = None

    def make_writer(self, settings: Settings, translate: bool | None = None) -> Writer | None:
        """Return the model of the settings with these options on top, or None; raise as `connect_writer`."""
        from agent.generative import WriterOptions, connect_writer
        from agent.sessions.typed_filters import read_language

        writer = None
        if not self.no_model:
            language = self.answer_language and read_language(self.answer_language)
            wanted = WriterOptions(self.model, language, self.budget_tokens, translate)
            writer = connect_writer(settings, wanted)
        if translate and writer is None:
            print_notice("Nothing is translated: that takes a model.")
        return writer


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
    """Return `command` with the options of its groups in their places, and `--library` and `--debug` last."""
    signature = inspect.signature(command, eval_str=True)
    groups: dict[str, type[OptionGroup]] = {}
    parameters: list[Parameter] = []
    for name, parameter in signature.parameters.items():
        if isinstance(parameter.annotation, type) and issubclass(parameter.annotation, OptionGroup):
            groups[name] = parameter.annotation
            options = inspect.signature(parameter.annotation, eval_str=True).parameters.values()
            parameters += [option.replace(kind=Parameter.KEYWORD_ONLY) for option in options]
        else:
            parameters.append(parameter)

    @wraps(command)
    def run(library: Path | None = None, debug: bool = False, **given: Any) -> None:
        # Both are taken before the command's name too.
        remember_globals(library or _globals.library, debug or _globals.debug)
        for name, group in groups.items():
            given[name] = group(
                **{option: given.pop(option) for option in inspect.signature(group).parameters}
            )
        command(**given)

    parameters += [
        Parameter("library", Parameter.KEYWORD_ONLY, default=None, annotation=LibraryOption),
        Parameter("debug", Parameter.KEYWORD_ONLY, default=False, annotation=DebugOption),
    ]
    # Typer makes the options from the signature.
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
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
