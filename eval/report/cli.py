"""The command `pullquote eval report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def report(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN", help="Folders of runs of one suite.")],
    html: Annotated[Path, typer.Option("--html", metavar="FILE", help="The page to write.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Write over a file that is there.")] = False,
) -> None:
    """One page of runs: metrics with intervals, plots, every case; of several, what changed."""
    from eval.judge.cli import default_judges
    from eval.judge.gating import list_left_out
    from eval.report.page import make_page
    from eval.report.rendering import refuse_existing, write_page
    from eval.runs.folder import read_scored
    from vectorstore import plural

    if not overwrite:
        refuse_existing(html)
    scored = [read_scored(run) for run in runs]
    page = make_page(scored, lambda run: list_left_out(run, default_judges()))
    write_page(html, page)
    typer.echo(f"{html}: a page of {plural(len(runs), 'run')}, {len(page.encode()) / 1e6:.1f} MB")
