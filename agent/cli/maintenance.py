"""Commands on the library's health and vectors: `doctor`, `reembed`."""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.options import open_library, read_settings
from agent.settings.loading import Settings
from agent.terminal.output import print_notice
from agent.terminal.progress import ProgressBar
from vectorstore import PullquoteError, SetupError, plural

if TYPE_CHECKING:
    from vectorstore import Reembedding, ReembedPlan, ReembedProgress, ReembedReport

BROKEN = 2
STOPPED = 130
LINES = 10
"""Lines of progress where there is no terminal."""
_MILLION = 1_000_000


def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Rebuild what can be rebuilt.")] = False,
) -> None:
    """Check the library: its database, its index, and that every passage is in its article."""
    with open_library(read_settings(), writable=repair) as opened:
        findings = opened.doctor(repair=repair)
    for finding in findings:
        print(str(finding))
    broken = [finding for finding in findings if not finding.is_well]
    if broken:
        if not repair:
            print_notice("Try: pullquote doctor --repair")
        raise typer.Exit(BROKEN)


def reembed(
    embedder: Annotated[
        str | None,
        typer.Option(
            "--embedder",
            metavar="e5|e5:FOLDER|openai:MODEL",
            help="The new one; without it an unfinished run continues, or the library's own is used again.",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before much is sent to a server.")] = False,
) -> None:
    """Make the library's vectors again, by another embedder; until they are complete the old ones serve."""
    from vectorstore import Reembedding

    settings = read_settings()
    if embedder is not None:
        _check(embedder)
    with Reembedding.open(settings.for_library(), embedder, notice=print_notice) as run:
        plan = run.plan
        if plan.is_current:
            run.drop()
            print_notice(f"The library's vectors are those of {plan.embedder} already.")
            return
        price = _find_price(settings, plan)
        _describe(plan, price)
        _confirm(plan, settings, yes=yes)
        report = _run(run)
    sent = f" ({plural(report.tokens, 'token')}{_cost(report.tokens, price)})" if report.tokens else ""
    print_notice(f"The library is now of {report.embedder}: {plural(report.passages, 'passage')}{sent}.")


def _check(embedder: str) -> None:
    from vectorstore import EmbedderSettings

    try:
        EmbedderSettings(model=embedder)
    except ValueError as error:
        raise typer.BadParameter(
            f"{embedder!r} is none of e5, e5:FOLDER and openai:MODEL.", param_hint="--embedder"
        ) from error


def _find_price(settings: Settings, plan: ReembedPlan) -> Decimal | None:
    """Return US dollars for a million tokens; None when it is not known."""
    from agent.llm.usage import find_listed

    if plan.tokens is None:
        return None
    if settings.embedder.price is not None:
        return Decimal(str(settings.embedder.price))
    listed = find_listed(plan.model.removeprefix("openai:")) if plan.is_openai else None
    return listed.price.input if listed else None


def _describe(plan: ReembedPlan, price: Decimal | None) -> None:
    if plan.dropped is not None:
        print_notice(
            f"The unfinished run of {plan.dropped.embedder.fingerprint} "
            f"({plural(plan.dropped.passages, 'passage')}) is given up."
        )
    waiting = plan.passages - plan.done
    before = f" ({plan.done:,} of {plan.passages:,} are there from an earlier run)" if plan.done else ""
    sent = ""
    if plan.tokens is not None:
        unknown = ", at a price that is not known (embedder.price)"
        sent = f", about {plural(plan.tokens, 'token')}{_cost(plan.tokens, price) or unknown}"
    print_notice(f"To be embedded by {plan.embedder}: {plural(waiting, 'passage')}{before}{sent}.")


def _cost(tokens: int, price: Decimal | None) -> str:
    return "" if price is None else f", ${tokens * price / _MILLION:.4f}"


def _confirm(plan: ReembedPlan, settings: Settings, *, yes: bool) -> None:
    if yes or plan.tokens is None or plan.tokens <= settings.embedder.confirm_tokens:
        return
    if not sys.stdin.isatty():
        raise SetupError(
            "That is a large run, and no one can be asked here. Say it again with --yes, or raise "
            "embedder.confirm_tokens. Nothing has been sent."
        )
    if not typer.confirm("Go on?", err=True):
        print_notice("Nothing has been sent.")
        raise typer.Exit(STOPPED)


def _run(run: Reembedding) -> ReembedReport:
    with _ReembedDisplay(sys.stderr) as display:
        try:
            return run.run(display.show)
        except (KeyboardInterrupt, SystemExit, PullquoteError):
            display.close()
            plan = run.plan
            stopped = (
                f"Stopped with {plan.done:,} of {plural(plan.passages, 'passage')} embedded and stored; the "
                "same command continues from there. Until then the library is searched as before."
            )
            # Ctrl-C may have come when all was done.
            print_notice(f"The library is now of {plan.embedder}." if plan.is_current else stopped)
            raise


class _ReembedDisplay(ProgressBar):
    """A bar on a terminal; elsewhere a line for each tenth."""

    unit = "passages"
    _shown = 0

    def show(self, progress: ReembedProgress) -> None:
        """Show how far it is."""
        if not self.is_shown:
            tenth = LINES * progress.done // max(progress.passages, 1)
            if tenth > self._shown:
                self._shown = tenth
                self.print(f"{progress.done:,} of {plural(progress.passages, 'passage')}")
            return
        sent = plural(progress.tokens, "token") if progress.tokens else ""
        speed, left = progress.passages_per_second, progress.seconds_left
        self.move(progress.done, progress.passages, sent, speed, left)
