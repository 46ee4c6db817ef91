"""Results as Markdown tables and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby

from bench.retrieval.refusal import Refusal
from bench.retrieval.retrieval import RetrievalRow
from bench.statistics import RiskCoverage


def render_rows(rows: Sequence[RetrievalRow]) -> str:
    """A Markdown table for each stretch of rows with the same measures."""
    return "\n\n".join(
        _render_alike(list(group)) for _, group in groupby(rows, key=lambda r: tuple(r.measures))
    )


def _render_alike(rows: Sequence[RetrievalRow]) -> str:
    names = list(rows[0].measures)
    lines = [
        _line(["task", "system", "n", *names, "tokens/question", "ms/question"]),
        _line(["---", "---", *["---:"] * (len(names) + 3)]),
    ]
    for row in rows:
        system = row.system if row.depth is None else f"**{row.system}**, depth {row.depth}"
        measured = [str(row.measures[name]) for name in names]
        lines.append(
            _line(
                [
                    row.task,
                    system,
                    str(row.questions),
                    *measured,
                    f"{row.tokens:.0f}",
                    f"{row.milliseconds:.0f}",
                ]
            )
        )
    return "\n".join(lines)


def render_refusals(results: Sequence[Refusal]) -> str:
    """The AUROCs with the operating point, then a risk-coverage table for each language."""
    lines = [
        _line(
            ["articles", "half present", "answerable", "not", "AUROC", "answerable refused", "not, answered"]
        ),
        _line(["---", "---", *["---:"] * 5]),
    ]
    for result in results:
        lines.append(
            _line(
                [
                    result.language,
                    result.split,
                    str(result.answerable),
                    str(result.unanswerable),
                    f"{result.auroc.mean:.4f} [{result.auroc.low:.4f}, {result.auroc.high:.4f}]",
                    str(result.refused),
                    f"{result.shipped.answered_unanswerable:.3f}",
                ]
            )
        )
    tables = [_render_coverage(result) for result in results]
    return "\n\n".join(["\n".join(lines), *tables])


def _render_coverage(result: Refusal) -> str:
    lines = [
        f"Risk and coverage, {result.language}, half of the {result.split} present:",
        "",
        _line(["threshold", "answered", "answerable refused", "unanswerable answered", "risk"]),
        _line(["---:"] * 5),
    ]
    lines += [_render_step(step, step.threshold == result.shipped.threshold) for step in result.table]
    return "\n".join(lines)


def _render_step(step: RiskCoverage, is_shipped: bool) -> str:
    threshold = f"**{step.threshold:.2f}**" if is_shipped else f"{step.threshold:.2f}"
    rest = (step.answered, step.refused_answerable, step.answered_unanswerable, step.risk)
    return _line([threshold, *(f"{share:.3f}" for share in rest)])


def dump(results: Sequence[RetrievalRow] | Sequence[Refusal]) -> str:
    """The results by their own field names, as JSON."""
    return json.dumps([_plain(asdict(result)) for result in results], ensure_ascii=False, indent=2)


def _plain(value: object) -> object:
    """Named tuples as objects."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _plain(part) for name, part in value._asdict().items()}
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
