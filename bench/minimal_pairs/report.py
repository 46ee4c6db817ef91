"""The tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.minimal_pairs.edits import Edit
from bench.minimal_pairs.judge import Judge, Rates, name_matcher
from bench.minimal_pairs.pairs import Pair, make_pairs, spread, translate, true_sets
from bench.minimal_pairs.summary_edits import read_summary_edits
from eval.suites.datasets import read_news
from vectorstore import to_bcp47

HEAD = (
    "| pairs | n | by its check | by any check | kotaemon's rule | LangChain's rule |\n"
    "|---|---|---|---|---|---|"
)
WHOLE_ARTICLE = 4
"""LangChain's rule takes seconds on a whole article, and is tried on so many times fewer of them."""
CHECKS = ("numbers", "dates", "names", "negation", "modality", "attribution")


def report(folder: Path, each: int, fuzzy: int) -> Iterator[str]:
    """The tables, line by line: at most `each` pairs an edit and language, `fuzzy` a row for LangChain."""
    documents = read_news(folder)
    judge = Judge(name_matcher())
    groups: dict[tuple[Edit, str], list[Pair]] = defaultdict(list)
    for pair in make_pairs(documents):
        if pair.edit:
            groups[pair.edit, pair.language].append(pair)
    pairs = {key: spread(group, each) for key, group in groups.items()}
    yield from _begin(
        "Detected, statement and evidence in one language (its own sentence, the passage as context)"
    )
    for edit in Edit:
        every = [pair for key, group in pairs.items() if key[0] is edit for pair in group]
        yield from _row(judge, edit.value, every, fuzzy)
        for (found, language), group in pairs.items():
            if found is edit:
                yield from _row(judge, f"· {to_bcp47(language)}", group, 0)
    yield from _begin("Detected, evidence in another language")
    abroad = list(translate([pair for group in pairs.values() for pair in group], documents))
    for edit in Edit:
        yield from _row(judge, edit.value, [pair for pair in abroad if pair.edit is edit], 0)
    yield from _begin("False alarms on true pairs")
    for name, true in true_sets(documents, each):
        yield from _row(judge, name, true, fuzzy)
        for check in CHECKS if true else ():
            yield f"| · {check} | | {judge.measure_check(check, true)} | | | |"
    yield from _begin("SummEdits news: the changed sentences of a summary against the whole article")
    for name, summaries in read_summary_edits(folder).items():
        yield render(name, judge.measure(summaries, fuzzy // WHOLE_ARTICLE))


def render(name: str, rates: Rates) -> str:
    """One line of a table."""
    cells = (rates.own, rates.checks, rates.kotaemon, rates.langchain or "–")
    return f"| {name} | {rates.cases} | {' | '.join(map(str, cells))} |"


def _begin(title: str) -> Iterator[str]:
    yield f"\n{title}\n\n{HEAD}"


def _row(judge: Judge, name: str, pairs: Sequence[Pair], fuzzy: int) -> Iterator[str]:
    if pairs:
        yield render(name, judge.measure([(pair,) for pair in pairs], fuzzy))
