"""SummEdits: summaries of news, true or with one fact changed by a model and looked over by people."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import regex
from pydantic import BaseModel, ConfigDict

from bench.minimal_pairs.pairs import Pair

FILE = "summedits_news.jsonl"
CONSISTENT = "consistent (false alarms)"
_SENTENCE_END = regex.compile(r"(?<=[.!?][\"”’]?)\s+(?=[\p{Lu}“\"])")


class SummaryEdit(BaseModel):
    """A summary of SummEdits: true to its document (label 1), or with one fact changed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    doc: str
    summary: str
    original_summary: str
    label: int
    edit_types: tuple[str, ...]

    def changed(self) -> list[str]:
        """The sentences that the original summary has not; all of them when it is the original."""
        known = set(_SENTENCE_END.split(self.original_summary))
        sentences = _SENTENCE_END.split(self.summary)
        return [sentence for sentence in sentences if sentence not in known] or sentences


def read_summary_edits(folder: Path) -> dict[str, list[list[Pair]]]:
    """The changed sentences of each summary against its whole article, by edit, in order of their names."""
    lines = (folder / FILE).read_text("utf-8").splitlines()
    groups: dict[str, list[list[Pair]]] = defaultdict(list)
    for edit in (SummaryEdit.model_validate_json(line) for line in lines if line.strip()):
        pairs = [Pair(text, "eng", edit.doc, edit.doc, "eng", edit.doc[:40]) for text in edit.changed()]
        for name in (CONSISTENT,) if edit.label else ("every edit", *edit.edit_types):
            groups[name].append(pairs)
    return dict(sorted(groups.items()))
