"""Drafts without a model: a sentence of the article with a number or a name left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from eval.cases.articles import GoldCandidate
from eval.suites.cases import Case
from eval.suites.hashing import rank
from vectorstore import Article

GAP = "____"
NOTE = "made without a model: a sentence with a gap, and nothing that a reader would ask; ask it in words"
_FIRST = 8
"""Sentences of an article of which one is drawn."""
_LONGEST = 300
_NUMBER = regex.compile(r"(?<![\p{Lu}\p{Ll}\p{N}.,])\p{Nd}+(?:[.,]\p{Nd}+)*(?![\p{Lu}\p{Ll}\p{N}])")
"""Not within a word; scripts without capitals put no space between a number and what it counts."""
_NAME = regex.compile(r"(?<=[\p{L}\p{N},;:] )\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)+")
"""Two or more words with capitals, not at the beginning: nouns of German are mostly left alone."""


def draft_cloze(seed: int, article: Article, candidates: Sequence[GoldCandidate]) -> Case | str:
    """Return a draft of an article, or why there is none; `seed` draws the sentence and what is left out."""
    gaps = []
    for each in candidates[:_FIRST]:
        for gap in _find_gaps(each.text):
            gaps.append((each, gap))
    if not gaps:
        return "none of its first sentences has a number or a name to leave out"
    candidate, (start, end) = gaps[int(rank(article.id, seed), 16) % len(gaps)]
    return Case(
        id=f"new:{article.id}",
        question=candidate.text[:start] + GAP + candidate.text[end:],
        language=article.language,
        gold=(candidate.to_gold(article),),
        answers=(candidate.text[start:end],),
        tags=("cloze",),
        draft=True,
        note=NOTE,
    )


def _find_gaps(text: str) -> Iterator[tuple[int, int]]:
    """Numbers and names that occur once in a sentence."""
    if len(text) > _LONGEST:
        return
    for pattern in (_NUMBER, _NAME):
        for found in pattern.finditer(text):
            if text.count(found[0]) == 1:
                yield found.span()
