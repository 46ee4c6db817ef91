"""Statements with one thing changed, and true ones, made from translated news; the same every time."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from bench.minimal_pairs.edits import LANGUAGES, MORE, TOKEN, Context, Edit, edit_sentence
from eval.suites.datasets import NewsDocument

AROUND = 3
"""Sentences on either side that make up a sentence's passage."""
ABROAD = (
    *(("eng", other) for other in (*LANGUAGES[1:], *MORE)),
    *((other, "eng") for other in (*LANGUAGES[1:], *MORE)),
)
"""Languages of a statement and of what it is held against, where those differ."""
_IMPERIAL = regex.compile(
    r"\b(?:miles?|mph|inch(?:es)?|foot|feet|yards?|degrees?|degree|pounds?|acres?|80s)\b"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement and a sentence it is held against; `edit` is None when it is true."""

    statement: str
    language: str
    evidence: str
    passage: str
    evidence_language: str
    doc: str
    edit: Edit | None = None


def make_pairs(documents: Sequence[NewsDocument], seed: int = 0) -> Iterator[Pair]:
    """Every sentence against itself, once for each edit it has room for."""
    random_ = random.Random(seed)
    names = [_shared_names(document) for document in documents]
    everyone = sorted({name for shared in names for at in shared for name in at})
    for document, shared in zip(documents, names, strict=True):
        whole = " ".join(sentence for sentences in document.sentences.values() for sentence in sentences)
        absent = [name for name in everyone if name not in whole]
        context = Context(whole, absent, sorted({name for at in shared for name in at}))
        for language in (*LANGUAGES, *MORE):
            for at, sentence in enumerate(document.sentences[language]):
                if at == 0:
                    continue  # the headline
                changed = edit_sentence(sentence, language, shared[at], context, random_)
                for edit, statement in changed:
                    yield pair_up(document, at, language, language, statement, edit)


def pair_up(
    document: NewsDocument, at: int, language: str, other: str, statement: str, edit: Edit | None
) -> Pair:
    sentences = document.sentences[other]
    passage = " ".join(sentences[max(1, at - AROUND) : at + AROUND + 1])
    return Pair(statement, language, sentences[at], passage, other, document.doc_id, edit)


def true_pairs(documents: Sequence[NewsDocument], language: str, other: str) -> Iterator[Pair]:
    """Every sentence against itself, or its translation."""
    for document in documents:
        for at, sentence in enumerate(document.sentences[language]):
            if at:
                yield pair_up(document, at, language, other, sentence, None)


def _shared_names(document: NewsDocument) -> list[set[str]]:
    """For each sentence the capitalised words that stand in at least three of its translations but German."""
    found: list[set[str]] = []
    for at in range(len(document.sentences["eng"])):
        seen: dict[str, int] = defaultdict(int)
        for language in ("eng", "nld", "fra", "spa", "ita", "pol"):
            for word in set(TOKEN.findall(document.sentences[language][at])[1:]):
                if word[0].isupper() and len(word) > 2:
                    seen[word] += 1
        found.append({word for word, count in seen.items() if count >= 3})
    return found


def spread(pairs: Sequence[Pair], most: int) -> list[Pair]:
    """At most `most` of them, evenly spread."""
    return list(pairs[:: max(1, -(-len(pairs) // most))])


def translate(pairs: Sequence[Pair], documents: Sequence[NewsDocument]) -> Iterator[Pair]:
    """The changed statements against the translations of their sentence."""
    by_id = {document.doc_id: document for document in documents}
    for pair in pairs:
        for language, other in ABROAD:
            if pair.language == language:
                document = by_id[pair.doc]
                at = document.sentences[language].index(pair.evidence)
                if (len(pair.statement) + at + len(other)) % 3 == 0:  # a third, the same every time
                    yield pair_up(document, at, language, other, pair.statement, pair.edit)


def true_sets(documents: Sequence[NewsDocument], each: int) -> Iterator[tuple[str, list[Pair]]]:
    """True pairs by what the statement is held against, at most `each` a pair of languages."""
    everyone = (*LANGUAGES, *MORE)
    own = [
        pair
        for language in everyone
        for pair in spread(list(true_pairs(documents, language, language)), each)
    ]
    yield "itself", own
    yield "its passage", [Pair(p.statement, p.language, p.passage, p.passage, p.language, p.doc) for p in own]
    abroad = [pair for one, other in ABROAD for pair in spread(list(true_pairs(documents, one, other)), each)]
    yield "its translation", abroad
    yield (
        "its translation, nothing converted",
        [pair for pair in abroad if not _is_converted(pair, documents)],
    )


def _is_converted(pair: Pair, documents: Sequence[NewsDocument]) -> bool:
    """Whether the sentence measures in units that translators recalculate: 85 mph is 136 km/h to most."""
    document = next(document for document in documents if document.doc_id == pair.doc)
    at = document.sentences[pair.language].index(pair.statement)
    return _IMPERIAL.search(document.sentences["eng"][at]) is not None
