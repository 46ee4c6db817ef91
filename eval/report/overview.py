"""The top of a page: which runs these are, what answered in them, and their metrics with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from pydantic import JsonValue

from eval.comparison.gate import find_fallen
from eval.report.cases import LABELS
from eval.report.charts import draw_marker
from eval.runs.folder import ScoredRun
from eval.runs.rows import MetricSummary
from eval.scoring.catalogue import METRICS, Metric

_SHOWN = 12
"""Digits of a hash that are shown."""
ALWAYS = ("pullquote", "model.name", "model.temperature", "embedder")
"""What is shown of the system of one run; of several, also what differs between them."""


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in a line."""

    label: str
    marker: str
    folder: str
    begun: str
    model: str
    judge: str
    cases: str
    answers: str
    failures: str


def describe_run(label: str, run: ScoredRun) -> RunLine:
    """Return a run with what wrote, what judged, and how much was asked."""
    manifest, totals, model = run.run.manifest, run.summary.totals, run.run.manifest.system.model
    drawn = f" drawn by seed {manifest.seed}" if manifest.limit else ""
    cached = f", {totals.reused:,} cached from before" if totals.reused else ""
    return RunLine(
        label,
        draw_marker(LABELS.index(label)),
        run.run.folder.name,
        f"{manifest.created:%Y-%m-%d %H:%M} UTC",
        f"{model.name} at {model.endpoint}" if model else "no model; answers are quotes",
        str(run.summary.judge or "–"),
        f"{manifest.cases:,}{drawn}",
        f"{totals.answers:,}{cached}",
        f"{totals.failures:,}",
    )


def list_systems(runs: Sequence[ScoredRun]) -> list[Sequence[str]]:
    """Return what answered, and where: a row for each setting, a column for each run."""
    systems = [dict(_flatten("", run.run.manifest.system.model_dump(mode="json"))) for run in runs]
    names = dict.fromkeys(chain.from_iterable(systems))
    rows: list[Sequence[str]] = []
    for name in names:
        values = [system.get(name, "–") for system in systems]
        if name in ALWAYS or len(set(values)) > 1:
            rows.append((name, *values))
    for name in ("python", "platform", "processors"):
        rows.append((name, *(str(getattr(run.run.manifest.environment, name)) for run in runs)))
    return rows


def _flatten(name: str, value: JsonValue) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _flatten(f"{name}.{key}" if name else key, part)
    else:
        # SHA-256 in hexadecimal.
        is_hash = isinstance(value, str) and len(value) == 64
        yield name, str(value)[:_SHOWN] if is_hash else str(value)


def list_metrics(runs: Sequence[ScoredRun]) -> list[tuple[Metric, list[MetricSummary | None]]]:
    """Return every metric that any run has, with its value in each."""
    found = []
    for name, metric in METRICS.items():
        summaries = [run.summary.find(name) for run in runs]
        if any(summaries):
            found.append((metric, summaries))
    return found


def list_fallen(runs: Sequence[ScoredRun]) -> list[str]:
    """Return the floors that were fallen through, in sentences."""
    floors = runs[0].run.manifest.suite.floors
    found = []
    for label, run in zip(LABELS, runs, strict=False):
        prefix = f"{label}: " if len(runs) > 1 else ""
        found += [f"{prefix}{words}." for words in find_fallen(run, floors)]
    return found
