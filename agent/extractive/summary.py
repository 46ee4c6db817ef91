"""Extractive summaries: the sentences of an article that carry it, cited like any other answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agent.answer.answer import Answer, Mode, Statement, Verdict
from agent.answer.citations import cite
from agent.extractive.near_duplicates import repeats
from agent.extractive.timeline import has_event, order_by_event
from vectorstore import Article, EncodedSentence, Library, plural

_LEAD = 1.0
"""Weight of standing early against being central. News says what matters first.

On the 12 articles of SummEdits' news with their correct summaries, word-overlap F1 at 3, 4 and 6 sentences is
.270, .260, .198 with these weights; the article's first sentences alone have .247, .253, .197, centrality
alone .228, .216, .208. Twelve articles tell no finer difference.
"""
_DIVERSITY = 1.0
"""Weight of not repeating what is already chosen (Carbonell and Goldstein 1998, MMR)."""
_SHORTEST = 25
"""Sentences of fewer code points (12 in scripts without spaces) carry too little to stand alone."""


def summarize_article(
    library: Library, article: Article, sentences: int, *, is_timeline: bool = False
) -> Answer:
    """The `sentences` sentences that best stand for `article`, in its own order.

    Captions, headlines and related coverage are left out unless there is nothing else. A timeline prefers
    sentences that say when something happened, and orders them by that.
    """
    encoded = library.encode_sentences(article)
    body = [
        sentence for sentence in encoded if sentence.role is None and says_enough(_words(article, sentence))
    ]
    pool = body or list(encoded)
    picked = _choose_dated(article, pool, sentences) if is_timeline else ()
    rest = [sentence for sentence in pool if not any(sentence is other for other in picked)]
    picked += choose_sentences(article, rest, sentences - len(picked))
    chosen = sorted(picked, key=lambda sentence: sentence.span.start)
    statements = []
    for sentence in chosen:
        citation = cite(article, sentence.span, sentence.role)
        statements.append(Statement(text=citation.quote, citations=(citation,)))
    stated = tuple(statements)
    if is_timeline:
        stated = order_by_event(stated, library.articles.get, None)
    return Answer(
        question=f"summarize {article.id}",
        mode=Mode.SUMMARY,
        verdict=Verdict.ANSWERED if statements else Verdict.NOT_FOUND,
        confidence=1.0,
        statements=stated,
        notes=_say_unread(library, article, encoded),
        language=article.language,
        generation=library.generation,
    )


def choose_sentences(
    article: Article, pool: Sequence[EncodedSentence], count: int
) -> tuple[EncodedSentence, ...]:
    """Greedy maximal marginal relevance over centrality and position; near-duplicates are passed over.

    Returns them in the order chosen.
    """
    if not pool:
        return ()
    encoded = np.stack([sentence.vector for sentence in pool])
    vectors, merit = _center(encoded), rate_sentences(encoded)
    chosen: list[int] = []
    passed_over: set[int] = set()
    while len(chosen) < count and len(chosen) + len(passed_over) < len(pool):
        likeness = (vectors @ vectors[chosen].T).max(axis=1) if chosen else np.zeros(len(pool))
        gain = merit - _DIVERSITY * likeness
        gain[list(passed_over) + chosen] = -np.inf
        best = int(gain.argmax())
        words = _words(article, pool[best])
        if any(repeats(words, _words(article, pool[other])) for other in chosen):
            passed_over.add(best)
        else:
            chosen.append(best)
    return tuple(pool[index] for index in chosen)


def rate_sentences(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """How well each sentence of an article stands for it, of (n, d) vectors in its order: (n,), 0 to 2."""
    centered = _center(vectors)
    rated: NDArray[np.float32] = _rescale(centered @ _unit(centered.mean(axis=0))) + _LEAD * _earliness(
        len(vectors)
    )
    return rated


def _choose_dated(
    article: Article, pool: Sequence[EncodedSentence], count: int
) -> tuple[EncodedSentence, ...]:
    published = article.published.at.date() if article.published else None
    dated = [
        sentence for sentence in pool if has_event(_words(article, sentence), article.language, published)
    ]
    return choose_sentences(article, dated, count)


def _say_unread(library: Library, article: Article, encoded: Sequence[EncodedSentence]) -> tuple[str, ...]:
    """Of very long articles only a part is compared."""
    passages = library.passages.of_article(article.id)
    read = len({sentence.passage.id for sentence in encoded})
    if read == len(passages):
        return ()
    return (
        f"Only {read} of {plural(len(passages), 'passage')} were compared: the first, and those nearest to "
        "what the article is about.",
    )


def says_enough(words: str) -> bool:
    """Whether a sentence can stand alone."""
    return len(words) >= (_SHORTEST if " " in words else _SHORTEST // 2)


def _words(article: Article, sentence: EncodedSentence) -> str:
    return article.text[sentence.span.start : sentence.span.end]


def _center(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Half the article's mean taken off: enough that sentences differ, not so much that the theme is lost."""
    centered = vectors - 0.5 * vectors.mean(axis=0)
    norms = np.linalg.norm(centered, axis=1, keepdims=True)
    unit: NDArray[np.float32] = centered / np.maximum(norms, 1e-9)
    return unit


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return unit


def _rescale(values: NDArray[np.float32]) -> NDArray[np.float32]:
    spread = float(np.ptp(values))
    scaled: NDArray[np.float32] = (values - values.min()) / spread if spread else np.zeros_like(values)
    return scaled


def _earliness(count: int) -> NDArray[np.float32]:
    """1 for the first sentence, falling to a third a quarter of the way down."""
    return np.exp(-4.4 * np.arange(count, dtype=np.float32) / max(count, 1))
