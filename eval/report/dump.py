"""Runs and comparisons as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict

from eval.comparison.pairs import Comparison
from eval.runs.folder import ScoredRun


def dump_run(scored: ScoredRun) -> str:
    """A run's summary with where it is, as JSON on one line: several runs are JSON Lines."""
    return json.dumps(
        {
            "run": str(scored.run.folder),
            "suite": scored.run.manifest.suite.name,
            "summary": scored.summary.model_dump(mode="json"),
        },
        ensure_ascii=False,
    )


def dump_comparison(comparison: Comparison) -> str:
    """A comparison by its own field names, as JSON."""
    found = {
        "a": str(comparison.before.run.folder),
        "b": str(comparison.after.run.folder),
        "differences": [asdict(each) | {"metric": each.metric.name} for each in comparison.differences],
        "flips": [
            {"case": flip.case.case.id, "metric": flip.metric, "before": flip.before, "after": flip.after}
            for flip in comparison.flips
        ],
        "notes": list(comparison.notes),
    }
    return json.dumps(found, ensure_ascii=False, indent=2)
