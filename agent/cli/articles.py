"""Commands on what is in the library: `add`, `articles`, `remove`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli import options
from agent.terminal.output import print_notice

if TYPE_CHECKING:
    from vectorstore import AddReport

BROKEN = 2
_NOTHING_THERE = "Nothing to add: there is no .txt, .md, .html, .htm or .jsonl file in it."


def add(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="Files and folders: .txt .md .html .jsonl")
    ],
    title: Annotated[str | None, typer.Option(help="Title of the one article given.")] = None,
    outlet: Annotated[str | None, typer.Option(help="Who published it.")] = None,
    author: Annotated[list[str] | None, typer.Option(help="Who wrote it; may be repeated.")] = None,
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help="When: YYYY-MM-DD, or ISO 8601 with a time and a zone.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="Its language, BCP 47, such as nl.")
    ] = None,
    url: Annotated[str | None, typer.Option(help="Web address of the one article given.")] = None,
) -> None:
    """Read articles and add them to the library. What is given here overrides what the files say."""
    from agent.terminal.progress import AddDisplay
    from vectorstore import Given

    given = Given.parse(
        title=title,
        outlet=outlet,
        authors=tuple(author or ()),
        published=published,
        language=language,
        url=url,
    )
    settings = options.read_settings()
    with options.open_library(settings, writable=True) as opened, AddDisplay(sys.stderr) as display:
        try:
            report = opened.add(paths, given, on_added=display.show_added, on_progress=display.show_progress)
        except KeyboardInterrupt:
            display.close()
            print_notice(
                "Stopped. What is listed above is in the library; the same command continues from there."
            )
            raise
    _print_report(report)
    if report.failures:
        raise typer.Exit(BROKEN)


def list_articles(*, filters: options.FilterOptions, as_json: options.JsonOption = False) -> None:
    """List what is in the library: title, outlet, date, language, passages."""
    from agent.render.articles import describe_header, headers_as_json

    with options.open_library(options.read_settings()) as opened:
        chosen = filters.resolve(opened)
        headers = opened.articles.headers(chosen)
    if as_json:
        print(headers_as_json(headers))
        return
    for header in headers:
        print(describe_header(header))
    if not headers:
        print_notice("No articles." if chosen.is_empty else "No article passes the filters.")


def remove(
    articles: Annotated[list[str], typer.Argument(metavar="ARTICLE…", help="Ids, or their beginnings.")],
) -> None:
    """Remove articles from the library."""
    with options.open_library(options.read_settings(), writable=True) as opened:
        # Each is found before one is removed.
        ids = list(map(opened.articles.resolve, articles))
        for article_id in dict.fromkeys(ids):
            opened.remove(article_id)
            print_notice(f"removed {article_id}")


def _print_report(report: AddReport) -> None:
    from agent.terminal.progress import describe_counts

    counts = describe_counts(report)
    nothing = "Nothing to add." if report.failures else _NOTHING_THERE
    print_notice(counts or nothing)
    if report.failures:
        print_notice(f"{len(report.failures)} could not be read:")
        for failure in report.failures:
            print_notice(f"  {failure}")
