"""The commands that draft cases: `pullquote eval harvest`, `new` and `confirm`."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from agent import Settings
    from eval.cases.new import Drafter

LibraryFolder = Annotated[
    Path | None,
    typer.Option("--library", metavar="FOLDER", help="Another library than the one in the settings."),
]


def harvest(
    saved: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ANSWER", help="Receipts, `last`, and files of /save or `receipts --json`, to draft too."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Cases file to add to; its articles go beside it."),
    ] = None,
    library: LibraryFolder = None,
) -> None:
    """Draft cases of answers that readers called bad, and of those named; none runs until it is confirmed."""
    from agent import open_library, read_settings
    from eval.cases.articles import SuiteArticles, id_of
    from eval.cases.files import CaseFile, dump_case
    from eval.cases.harvesting import harvest as gather
    from vectorstore import plural

    with open_library(read_settings(library)) as opened:
        found = gather(opened, saved or [])
    for notice in found.notices:
        typer.echo(notice, err=True)
    if not found.cases:
        if not found.notices:
            typer.echo("No reader has called an answer of this library bad, and none was named.", err=True)
        return
    if out is None:
        for case in found.cases:
            typer.echo(dump_case(case))
        return
    file, articles = CaseFile(out), SuiteArticles(out.parent)
    new = [case for case in found.cases if case.id not in file.ids]
    for case in new:
        for key in {*(gold.article for gold in case.gold), *case.filters.articles}:
            articles.put(found.articles[id_of(key)])
        file.add(case)
    there = len(found.cases) - len(new)
    typer.echo(
        f"{plural(len(new), 'draft')} added to {out}" + (f", {there:,} were there already" if there else "")
    )
    if file.drafts:
        typer.echo(f"Next: pullquote eval confirm {out}")


def confirm(
    path: Annotated[
        Path,
        typer.Argument(metavar="SUITE", help="Folder of a suite, or a file of cases, that holds drafts."),
    ],
) -> None:
    """Review drafts one by one: accept, edit, skip or drop each. Every decision is stored at once."""
    from eval.cases.confirming import confirm as go_through
    from eval.cases.confirming import find_case_files
    from eval.cases.files import CaseFile
    from vectorstore import plural

    files = [CaseFile(each) for each in find_case_files(path)]
    if not any(file.drafts for file in files):
        typer.echo(f"{path} holds no draft.")
        return
    done = go_through(files, input, typer.echo)
    left = sum(len(file.drafts) for file in files)
    typer.echo(
        f"{done.accepted:,} accepted, {done.dropped:,} dropped, {done.skipped:,} skipped; "
        f"{plural(left, 'draft')} left" + (f". Next: pullquote eval confirm {path}" if left else "")
    )


def new(
    suite: Annotated[Path, typer.Argument(metavar="SUITE", help="Folder of the suite; made when not there.")],
    source: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="LIBRARY", help="Folder of the library whose articles are asked about."
        ),
    ] = None,
    count: Annotated[
        int, typer.Option("--count", min=1, max=10_000, help="Articles that are drawn, a question each.")
    ] = 20,
    model: Annotated[
        str | None, typer.Option("--model", metavar="NAME", help="Let this model write the questions.")
    ] = None,
    with_model: Annotated[
        bool, typer.Option("--with-model", help="Let the model of the settings write the questions.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", help="Which articles are drawn.")] = 0,
) -> None:
    """Draft questions with gold from articles, then review them as `confirm` does.

    Without a model a draft is a sentence with a gap, and says so.
    """
    from agent import open_library, read_settings
    from eval.cases.new import draft_cases
    from vectorstore import plural

    if source is not None:
        settings = read_settings(source)
        drafter = _make_drafter(settings, model, with_model, seed)
        with open_library(settings) as library:
            path, added = draft_cases(
                suite, library, drafter, count, seed, lambda line: typer.echo(line, err=True)
            )
        typer.echo(f"{plural(added, 'draft')} added to {path}")
        if not sys.stdin.isatty():
            typer.echo(f"Next: pullquote eval confirm {suite}")
            return
    confirm(suite)


def _make_drafter(settings: Settings, model: str | None, with_model: bool, seed: int) -> Drafter:
    if not (model or with_model):
        from eval.cases.cloze import draft_cloze

        return partial(draft_cloze, seed)
    from agent import HOW_TO_ADD, ChatModel
    from eval.cases.asking import draft_by_model
    from vectorstore import SetupError

    configured = settings.model.model_copy(update={"name": model}) if model else settings.model
    chat = ChatModel.connect(configured, settings.cache.expanduser())
    if chat is None:
        raise SetupError(f"There is no server to ask a model of. Next: {HOW_TO_ADD}")
    return partial(draft_by_model, chat, settings.agent)
