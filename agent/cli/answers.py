"""Commands that answer: `ask`, `summarize`, `show`."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from agent.answer.styles import Style
from agent.cli import options
from agent.terminal.output import print_notice, print_text

if TYPE_CHECKING:
    from agent.answer.answer import Answer
    from agent.render.live_answer import LiveAnswer

NEGATIVE = 1
_CITATION_NUMBER = re.compile(r"[0-9]{1,3}")
"""`show 2` is a citation; article ids have 16 digits, and at least four are needed to name one."""


def ask(
    question: Annotated[
        list[str],
        typer.Argument(metavar="QUESTION", help="In any language, with or without quotation marks."),
    ],
    *,
    filters: options.FilterOptions,
    article: options.ArticleOption = None,
    session: Annotated[
        str | None,
        typer.Option("--session", metavar="NAME", help="Continue the questions asked under this name."),
    ] = None,
    writing: options.ModelOptions,
    translate: options.TranslateOption = None,
    as_json: options.JsonOption = False,
    fail: options.FailOption = False,
) -> None:
    """Answer a question from the articles: in a model's sentences, each cited, or in exact quotes."""
    settings = options.read_settings()
    # Opened first: the models load while the rest is imported.
    with options.open_library(settings, warm=True) as opened:
        from agent.answer.request import Request
        from agent.generative import HOW_TO_ADD
        from agent.pipeline import Pipeline

        live = _show_live(is_live=not as_json)
        writer = writing.make_writer(settings, translate)
        if writer is not None:
            writer = replace(writer, on_statement=live.show_statement, on_trace=live.show_step)
        chosen = filters.resolve(opened, article)
        request = Request(question=" ".join(question), filters=chosen, session=session)
        answer = Pipeline.with_settings(opened, settings, writer).answer(request)
    if not (writer or writing.no_model or as_json):
        print_notice(f"These are quotes. For an answer in sentences {HOW_TO_ADD}")
    _show_answer(answer, live, as_json=as_json, fail=fail)


def summarize(
    articles: Annotated[
        list[str] | None, typer.Argument(metavar="ARTICLE", help="Articles' ids or their beginnings.")
    ] = None,
    query: Annotated[
        str | None, typer.Option("--query", help="Summarize what the articles say about this.")
    ] = None,
    sentences: Annotated[
        int | None, typer.Option("--sentences", min=1, max=50, help="How many sentences.")
    ] = None,
    *,
    filters: options.FilterOptions,
    length: options.LengthOption = None,
    style: options.StyleOption = Style.BULLETS,
    writing: options.ModelOptions,
    translate: options.TranslateOption = None,
    as_json: options.JsonOption = False,
    fail: options.FailOption = False,
) -> None:
    """Summarize articles, what the articles say about something, or those of a period.

    What several independent sources say, what only one says and where they contradict each other is set
    apart; a text that several outlets print counts once.
    """
    from agent.answer.request import Request
    from agent.pipeline import Pipeline

    if articles and query is not None:
        raise typer.BadParameter("Name articles or give --query, one of the two.")
    if articles and filters.are_given:
        raise typer.BadParameter("Filters go with --query or stand alone; named articles need none.")
    if not articles and query is None and not filters.are_given:
        raise typer.BadParameter("Name articles, or give --query, or a period with --from and --until.")
    settings = options.read_settings()
    writer = writing.make_writer(settings, translate)
    with options.open_library(settings, warm=True) as opened:
        request = Request(
            articles=tuple(articles) if articles else None,
            query=query,
            filters=filters.resolve(opened),
            length=length,
            style=style,
            sentences=sentences,
        )
        answer = Pipeline.with_settings(opened, settings, writer).answer(request)
    _show_answer(answer, _show_live(is_live=False), as_json=as_json, fail=fail, style=style)


def show(
    what: Annotated[
        str, typer.Argument(metavar="ARTICLE|N", help="An article's id, or a citation of the last answer.")
    ],
) -> None:
    """Show an article, or the passage behind citation N of the last answer, in its place."""
    from agent.answer.locating import locate_citation
    from agent.render.articles import render_article, render_quote

    with options.open_library(options.read_settings()) as opened:
        if _CITATION_NUMBER.fullmatch(what):
            place = locate_citation(opened, int(what))
            text = render_quote(place.article, place.passage, place.quote)
        else:
            text = render_article(opened.articles.get(what))
    print_text(text)


def _show_live(*, is_live: bool) -> LiveAnswer:
    from agent.render.live_answer import LiveAnswer

    say = print_notice if sys.stderr.isatty() else None
    return LiveAnswer(print_text, say, is_live=is_live and sys.stdout.isatty())


def _show_answer(
    answer: Answer, live: LiveAnswer, *, as_json: bool, fail: bool, style: Style = Style.BULLETS
) -> None:
    from agent.answer.answer import Verdict

    if as_json:
        print(answer.model_dump_json(indent=2))
    else:
        live.finish(answer, is_last=True, style=style)
    if fail and answer.verdict is Verdict.NOT_FOUND:
        raise typer.Exit(NEGATIVE)
