"""`pullquote eval run`: every case asked, every answer on the disk before the next is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from agent import ChatModel, Settings, Writer
from eval.runs.asking import UnreachableError, ask_case, list_articles
from eval.runs.cache import AnswerCache
from eval.runs.folder import OpenRun, begin_run, find_runs, hold_run, read_manifest
from eval.runs.identity import describe_environment, describe_suite, describe_system
from eval.runs.libraries import WatchedLibrary, load_embedder, open_suite_library
from eval.runs.progress import RunProgress
from eval.runs.rows import RunManifest
from eval.suites.cases import PlannedCase
from eval.suites.hashing import draw, hash_json
from eval.suites.loading import LoadedSuite
from vectorstore import SetupError


@dataclass(frozen=True, slots=True)
class Plan:
    """How a suite is run."""

    out: Path
    """Folder that holds runs."""
    repeats: int = 1
    limit: int | None = None
    seed: int = 0
    fresh: bool = False
    """Ask again what is known already; what an unfinished run has is used nevertheless."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A run that is whole."""

    folder: Path
    was_there: bool
    """Whether it had been finished before, so that nothing was asked."""


def run_suite(
    suite: LoadedSuite, settings: Settings, writer: Writer | None, plan: Plan, stream: TextIO
) -> Finished:
    """Ask every case, resuming an unfinished run of the same.

    Raises SetupError if the model cannot be reached, or the disk is full; what has been answered is stored.
    """
    model: ChatModel | None = writer.model if writer is not None else None
    embedder = load_embedder(settings, remember=suite.suite.remember)
    if suite.suite.depth is not None:
        searched = settings.search.model_copy(update={"depth": suite.suite.depth})
        settings = settings.model_copy(update={"search": searched})
    system = describe_system(settings, model, embedder.fingerprint)
    cases = draw(suite.cases, plan.limit, plan.seed, lambda each: each.case.id)
    limit = plan.limit if len(cases) < len(suite.cases) else None
    described = describe_suite(suite)
    # Two runs with the same identity would ask the same of the same; without a limit the seed draws nothing.
    asked = [described.model_dump(mode="json"), system.model_dump(mode="json"), plan.repeats, limit]
    identity = hash_json([*asked, plan.seed if limit else 0])
    if plan.fresh:
        identity = hash_json([identity, "fresh"])
    finished, unfinished = find_runs(plan.out, identity)
    if finished and not unfinished and not plan.fresh:
        return Finished(finished[-1], was_there=True)
    if unfinished:
        run = OpenRun(unfinished[-1], read_manifest(unfinished[-1]))
        stream.write(f"{suite.suite.name}: resuming {run.folder}, {len(run.rows):,} answers are there\n")
    else:
        created = datetime.now(UTC)
        manifest = RunManifest(
            id=f"{suite.suite.name}-{created:%Y%m%dT%H%M%S%f}-{identity[:8]}",
            created=created,
            identity=identity,
            suite=described,
            system=system,
            environment=describe_environment(),
            repeats=plan.repeats,
            limit=limit,
            seed=plan.seed,
            cases=len(cases),
            has_latencies=not suite.suite.remember,
        )
        run = begin_run(plan.out, manifest, cases)
    cache = AnswerCache(
        settings.cache.expanduser() / "eval" / "answers",
        system,
        {name: library.sha256 for name, library in suite.libraries.items()},
    )
    with ExitStack() as stack:
        stack.enter_context(hold_run(run))
        libraries: dict[str, WatchedLibrary] = {}
        progress = RunProgress(stream, suite.suite.name, len(cases) * plan.repeats, len(run.rows))
        stack.callback(progress.close)
        for planned, repeat in _what_is_left(cases, plan.repeats, run):
            loaded = suite.libraries[planned.library]
            row = None if plan.fresh else cache.find(planned, repeat)
            if row is None:
                if planned.library not in libraries:
                    libraries[planned.library] = stack.enter_context(
                        open_suite_library(loaded, settings, embedder)
                    )
                try:
                    row = ask_case(planned, repeat, libraries[planned.library], loaded, settings, writer)
                except UnreachableError as error:
                    raise SetupError(
                        f"The model failed after {len(run.rows):,} of {len(cases) * plan.repeats:,} answers, "
                        f"which are stored in {run.folder}: {error}\nRun the same command again to continue."
                    ) from error
                cache.store(planned, row)
            run.add(row, list_articles(row, planned, loaded))
            progress.show(row)
        run.finish()
    return Finished(run.folder, was_there=False)


def _what_is_left(cases: Sequence[PlannedCase], repeats: int, run: OpenRun) -> list[tuple[PlannedCase, int]]:
    """Library by library, so that no more than one has to be warm."""
    done = {(row.case, row.repeat) for row in run.rows}
    left = [(c, repeat) for repeat in range(repeats) for c in cases if (c.case.id, repeat) not in done]
    return sorted(left, key=lambda pair: pair[0].library)
