"""What people said of statements and their evidence, read from published sets."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from eval.judge import LabelLayout
from eval.judge.rows import JudgeQuestion, ShownSource
from eval.suites.hashing import hash_text, shorten_hash
from eval.suites.sets.content import MissingSetError, Record, find_file, read_array, read_records
from eval.suites.sets.summedits import SummeditsRow
from vectorstore import SourceError

_ADDRESS = re.compile(r"(\[\d+\]\s*)?https?://\S+")
_SAID = {"complete": True, "partial": False, "incomplete": False}
"""ExpertQA's labels that say something of evidence that is there; `Missing` and `N/A` do not."""


@dataclass(frozen=True, slots=True)
class LabelledStatement:
    """One judgement of a person's, as a judge can be asked for it."""

    id: str
    asked: JudgeQuestion
    holds: bool
    """Whether people say that all of the statement is supported."""
    cluster: str
    """What intervals draw: an article, a topic, a question."""


@dataclass(frozen=True, slots=True)
class LabelSet:
    """The labels of one file."""

    layout: LabelLayout
    path: Path
    labels: Sequence[LabelledStatement]
    left_out: int = 0
    """Labels that cannot be put to a judge: without evidence in words, or without a clear label."""

    @property
    def sha256(self) -> str:
        """Of what is asked and what people said."""
        parts = [[each.id, each.asked.model_dump(mode="json"), each.holds] for each in self.labels]
        return hash_text(json.dumps(parts, ensure_ascii=False))


_Candidates = Iterator[LabelledStatement | None]
"""Labels; None for one that cannot be put to a judge."""


def read_labels(path: Path, layout: LabelLayout | None = None) -> list[LabelSet]:
    """Return the labels in a file, or those of every layout that a folder has.

    Raises SourceError if nothing is there, it is in no known layout, it is damaged, or it holds no label.
    """
    found = [(layout, _find(path, layout))] if layout else list(_recognize(path))
    sets = []
    for kind, file in found:
        candidates = list(_LAYOUTS[kind].read(file))
        labels = list(filter(None, candidates))
        left_out = len(candidates) - len(labels)
        if not labels:
            raise SourceError(
                f"{file} holds no label that can be put to a judge ({left_out:,} left out); "
                f"--layout {kind} reads {_list_fields(kind)}"
            )
        sets.append(LabelSet(kind, file, labels, left_out))
    return sets


def _find(path: Path, layout: LabelLayout) -> Path:
    try:
        return find_file(path, _LAYOUTS[layout].files) if path.is_dir() else path
    except MissingSetError as error:
        raise SourceError(f"{error}; --data names the file, or a folder with it") from error


def _recognize(path: Path) -> Iterator[tuple[LabelLayout, Path]]:
    if path.is_dir():
        found = []
        for layout, each in _LAYOUTS.items():
            with suppress(MissingSetError):
                found.append((layout, find_file(path, each.files)))
        if not found:
            known = ", ".join(each.files[0] for each in _LAYOUTS.values())
            raise SourceError(f"{path} has none of {known}; --data names the file, or a folder with it")
        yield from found
        return
    fields = _read_fields(path)
    known_layouts = [layout for layout, each in _LAYOUTS.items() if each.fields <= fields]
    if not known_layouts:
        known = "; ".join(f"{layout}: {_list_fields(layout)}" for layout in LabelLayout)
        raise SourceError(f"{path} is in no layout that is known here ({known}); name one with --layout")
    yield known_layouts[0], path


def _list_fields(layout: LabelLayout) -> str:
    return ", ".join(sorted(_LAYOUTS[layout].fields))


def _read_fields(path: Path) -> frozenset[str]:
    """Return names of the first record's fields."""
    try:
        text = path.read_text("utf-8")
        found = json.loads(text if text.lstrip().startswith("[") else text.strip().partition("\n")[0] or "{}")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"{path} cannot be read ({error}); --data names the file, or a folder with it"
        ) from error
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{path} is neither JSON Lines nor JSON; download it again") from error
    first = found[0] if isinstance(found, list) and found else found
    return frozenset(first) if isinstance(first, dict) else frozenset()


def _read_summedits(path: Path) -> _Candidates:
    """Yield a summary against its document; 1 is consistent, 0 has one fact changed."""
    for number, row in enumerate(read_array(path, SummeditsRow)):
        asked = _ask(row.summary, "article", row.doc)
        name, cluster = f"{number}:{row.id}", shorten_hash(row.doc)
        yield LabelledStatement(name, asked, row.label == 1, cluster) if asked else None


# Of Summary of a Haystack (Laban et al., EMNLP 2024).
class _Insight(Record):
    insight_id: str
    insight: str


class _Annotation(Record):
    insight_id: str
    coverage: Literal["fully_covered", "partially_covered", "not_covered"]


class _Summary(Record):
    subtopic_id: str
    summkey: str
    summary: tuple[str, ...] | str
    reference_insights: tuple[_Insight, ...]
    annotation: tuple[_Annotation, ...]


def _read_summhay(path: Path) -> _Candidates:
    """Yield an insight against a summary: supported when it is covered in full, which a judge is asked."""
    for number, row in enumerate(read_records(path, _Summary), 1):
        insights = {each.insight_id: each.insight for each in row.reference_insights}
        lines = (row.summary,) if isinstance(row.summary, str) else row.summary
        for annotation in row.annotation:
            key = annotation.insight_id
            if key not in insights:
                raise SourceError(f"{path} record {number}: no insight {key}; download the file again")
            asked = _ask(insights[key], "summary", *lines)
            name, cluster = f"{row.subtopic_id}:{row.summkey}:{key}", row.subtopic_id.partition(":")[0]
            is_full = annotation.coverage == "fully_covered"
            yield LabelledStatement(name, asked, is_full, cluster) if asked else None


class _Claim(Record):
    claim_string: str
    evidence: tuple[str, ...] | str | None = None
    support: str | int | float | None = None


class _ExpertAnswer(Record):
    claims: tuple[_Claim, ...] = ()


class _LabelledQuestion(Record):
    question: str
    answers: dict[str, _ExpertAnswer]


def _read_expertqa(path: Path) -> _Candidates:
    """Yield a claim of an answer against the evidence it cites: supported when experts call that complete."""
    for number, row in enumerate(read_records(path, _LabelledQuestion)):
        for system, answer in row.answers.items():
            for place, claim in enumerate(answer.claims):
                given = (claim.evidence,) if isinstance(claim.evidence, str) else claim.evidence or ()
                asked = _ask(claim.claim_string, "web page", *(_ADDRESS.sub(" ", text) for text in given))
                holds = _SAID.get(str(claim.support).strip().lower())
                if asked is None or holds is None:
                    yield None
                else:
                    name = f"{number}:{system}:{place}"
                    yield LabelledStatement(name, asked, holds, shorten_hash(row.question))


@dataclass(frozen=True, slots=True)
class _Layout:
    """A published format: what its files are called, which fields show it, and what reads it."""

    files: tuple[str, ...]
    fields: Set[str]
    read: Callable[[Path], _Candidates]


_LAYOUTS = {
    LabelLayout.SUMMEDITS: _Layout(
        ("summedits_news.jsonl", "summedits_news.json"), {"doc", "summary", "label"}, _read_summedits
    ),
    LabelLayout.SUMMHAY: _Layout(
        ("summhay_judge_news.jsonl",), {"summary", "reference_insights", "annotation"}, _read_summhay
    ),
    LabelLayout.EXPERTQA: _Layout(
        ("r2_compiled_anon.jsonl", "expertqa.jsonl"), {"question", "answers"}, _read_expertqa
    ),
}


def _ask(statement: str, heading: str, *texts: str) -> JudgeQuestion | None:
    """Return the question whether these texts support a statement; None where either has no words."""
    sentences = []
    for line in "\n".join(texts).split("\n"):
        if any(map(str.isalnum, line)):
            sentences.append(line.strip())
    if not sentences or not statement.strip():
        return None
    shown = ShownSource(heading=heading, sentences=tuple(sentences))
    return JudgeQuestion(statement=statement, language="en", shown=(shown,))
