"""The commands `pullquote eval judge …`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent import DATA_VARIABLE, find_paths
from eval.judge import AGREEMENT, LabelLayout

if TYPE_CHECKING:
    from eval.judge.grading import EvalJudge
    from eval.runs.folder import ScoredRun

app = typer.Typer(no_args_is_help=True)

JudgeOption = Annotated[
    str | None,
    typer.Option(
        "--judge", metavar="MODEL", help="Let this model grade whether citations support statements."
    ),
]
AgreementOption = Annotated[
    float,
    typer.Option(
        "--agreement",
        min=0,
        max=1,
        help="What the low end of kappa's interval must reach for a judge to gate.",
    ),
]
JudgesOption = Annotated[
    Path | None, typer.Option("--judges", metavar="DIR", help="Folder that holds calibrations of judges.")
]


@app.callback()
def _judge() -> None:
    """Judges: models that grade whether citations support statements."""


@app.command()
def calibrate(
    judge: Annotated[str, typer.Option("--judge", metavar="MODEL", help="The model that grades.")],
    data: Annotated[
        Path,
        typer.Option(
            "--data", envvar=DATA_VARIABLE, help="File of labels, or folder with such files; see README."
        ),
    ],
    layout: Annotated[
        LabelLayout | None, typer.Option("--layout", help="Format of the labels; found out when not said.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Labels asked at the most.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="Which labels a limit draws.")] = 0,
    agreement: AgreementOption = AGREEMENT,
    judges: JudgesOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of Markdown.")] = False,
) -> None:
    """Compare a judge with what people said, and store how far it agrees: `gate` lets no other one decide."""
    from agent import read_settings
    from eval.judge.calibrating import calibrate as hold
    from eval.judge.files import write_calibration
    from eval.judge.grading import open_judge
    from eval.judge.labels import read_labels
    from eval.judge.rendering import render_calibration, render_published
    from eval.runs.progress import GradeProgress

    sets = read_labels(data, layout)
    opened = open_judge(read_settings(None), judge)
    for labels in sets:
        found = hold(labels, opened, limit, seed, GradeProgress(sys.stderr, labels.layout))
        path = write_calibration(judges or default_judges(), found)
        typer.echo(found.model_dump_json() if as_json else render_calibration(found, agreement))
        typer.echo(f"Stored in {path}", err=True)
    if not as_json:
        typer.echo(render_published())
    say_taken(opened)


def score(folder: Path, judge: EvalJudge | None) -> ScoredRun:
    """Score a run; with a judge, show how far it is."""
    from eval.judge.scoring import score_run
    from eval.runs.progress import GradeProgress

    if judge is None:
        return score_run(folder)
    scored = score_run(folder, judge, GradeProgress(sys.stderr, folder.name))
    say_taken(judge)
    return scored


def default_judges() -> Path:
    """Folder of calibrations when none is named."""
    return find_paths().library.parent / "evaluations" / "judges"


def say_taken(judge: EvalJudge) -> None:
    """What a judge has taken, on stderr."""
    cost = f"${judge.cost:.4f}" if judge.cost is not None else "price not known"
    typer.echo(
        f"{judge.identity.name}: {judge.calls:,} requests, {judge.usage.total:,} tokens, {cost}", err=True
    )
