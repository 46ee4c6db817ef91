"""The commands `pullquote eval …`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

# What commands need beside their options is imported when they run: `pullquote --help` must not wait for it.
from agent import DATA_VARIABLE, find_paths
from eval.cases.cli import confirm, harvest, new
from eval.judge import AGREEMENT
from eval.judge.cli import AgreementOption, JudgeOption, JudgesOption, default_judges
from eval.judge.cli import app as judge_app
from eval.judge.cli import score as score_run

if TYPE_CHECKING:
    from agent import Settings, Writer
    from eval.runs.folder import ScoredRun

app = typer.Typer(
    no_args_is_help=True, help="Measure answers, compare runs, and stop a release that got worse."
)
app.add_typer(judge_app, name="judge")

RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of Markdown.")]


@app.command()
def run(
    suites: Annotated[
        list[str],
        typer.Argument(metavar="SUITE…", help="Suites that come with Pullquote, or folders of suites."),
    ],
    model: Annotated[
        str | None,
        typer.Option("--model", metavar="NAME", help="Let this model write; else answers are quotes."),
    ] = None,
    with_model: Annotated[
        bool, typer.Option("--with-model", help="Let the model of the settings write.")
    ] = False,
    repeats: Annotated[
        int, typer.Option("--repeats", min=1, max=100, help="How often each case is asked.")
    ] = 1,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Ask so many cases of each suite at the most.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Which cases a limit draws.")] = 0,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Ask again what is known from an earlier run.")
    ] = False,
    data: Annotated[
        Path | None,
        typer.Option("--data", envvar=DATA_VARIABLE, help="Folder of the public data sets; see README."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder that holds runs.")] = None,
    judge: JudgeOption = None,
    as_json: AsJson = False,
) -> None:
    """Ask every case of some suites and score the answers; a run that was stopped is resumed."""
    from agent import read_settings
    from eval.judge.grading import open_judge
    from eval.runs.folder import read_scored
    from eval.runs.running import Plan, run_suite
    from eval.suites.loading import find_suite, load_suite

    settings = read_settings(None)
    writer = _make_writer(settings, model) if model or with_model else None
    grading = open_judge(settings, judge) if judge else None
    loaded = [load_suite(find_suite(name), data) for name in suites]
    plan = Plan(out or find_paths().library.parent / "evaluations", repeats, limit, seed, fresh)
    for suite in loaded:
        for notice in suite.notices:
            typer.echo(notice, err=True)
        finished = run_suite(suite, settings, writer, plan, sys.stderr)
        if finished.was_there:
            typer.echo(f"{suite.suite.name}: this run is there already; --fresh asks again", err=True)
        is_scored = finished.was_there and grading is None and (finished.folder / "summary.json").is_file()
        scored = read_scored(finished.folder) if is_scored else score_run(finished.folder, grading)
        _show_run(scored, as_json)


@app.command()
def score(run: RunFolder, judge: JudgeOption = None, as_json: AsJson = False) -> None:
    """Score a run again, without asking anything but, with `--judge`, the judge."""
    from agent import read_settings
    from eval.judge.grading import open_judge

    _show_run(score_run(run, open_judge(read_settings(None), judge) if judge else None), as_json)


@app.command()
def compare(
    run_a: Annotated[Path, typer.Argument(metavar="RUN_A", help="Folder of the run before.")],
    run_b: Annotated[Path, typer.Argument(metavar="RUN_B", help="Folder of the run after.")],
    flips: Annotated[int, typer.Option("--flips", min=0, help="Changed cases that are listed.")] = 20,
    as_json: AsJson = False,
) -> None:
    """What changed between two runs of the same cases, with how sure that is, and case by case."""
    from eval.comparison.pairs import compare_runs
    from eval.report.tables import dump_comparison, render_comparison
    from eval.runs.folder import read_scored

    comparison = compare_runs(read_scored(run_a), read_scored(run_b))
    typer.echo(dump_comparison(comparison) if as_json else render_comparison(comparison, flips))


@app.command()
def gate(
    run: RunFolder,
    against: Annotated[
        Path, typer.Option("--against", metavar="BASELINE", help="Folder of the run that has to be held.")
    ],
    agreement: AgreementOption = AGREEMENT,
    judges: JudgesOption = None,
) -> None:
    """Exit with 0 when a run holds its baseline, 1 when it got worse, 2 when that is not known."""
    from eval.comparison.gate import EXIT_CODES, judge
    from eval.comparison.pairs import compare_runs
    from eval.judge.gating import list_left_out
    from eval.report.tables import render_ruling
    from eval.runs.folder import read_scored

    before, after = read_scored(against), read_scored(run)
    left_out = list_left_out(after, judges or default_judges(), agreement)
    ruling = judge(compare_runs(before, after), left_out)
    typer.echo(render_ruling(ruling))
    raise typer.Exit(EXIT_CODES[ruling.outcome])


@app.command()
def report(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN", help="Folders of runs of one suite.")],
    html: Annotated[Path, typer.Option("--html", metavar="FILE", help="The page to write.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Write over a file that is there.")] = False,
) -> None:
    """One page of runs: metrics with intervals, plots, every case; of several, what changed."""
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


app.command()(harvest)
app.command()(new)
app.command()(confirm)


def _make_writer(settings: Settings, name: str | None) -> Writer:
    from agent import HOW_TO_ADD, WriterOptions, connect_writer
    from vectorstore import SetupError

    writer = connect_writer(settings, WriterOptions(name))
    if writer is None:
        raise SetupError(f"There is no server to ask a model of. Next: {HOW_TO_ADD}")
    return writer


def _show_run(scored: ScoredRun, as_json: bool) -> None:
    from eval.report.tables import dump_run, render_run

    typer.echo(dump_run(scored) if as_json else render_run(scored))
