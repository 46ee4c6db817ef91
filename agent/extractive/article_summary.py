"""Extractive summaries: the sentences of an article that carry it, cited like any other answer."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from agent.answer.answer import Answer, Mode, Statement, Verdict
from agent.answer.citations import cite
from agent.extractive.near_duplicates import repeats_any
from agent.extractive.timeline import has_event, order_by_event
from vectorstore import Article, EncodedSentence, Library, plural

_LEAD = 1.0
"""Weight of coming early against being central. News says what matters first.

On the 12 articles of SummEdits' news with their correct summaries, word-overlap F1 at 3, 4 and 6 sentences is
.270, .260, .198 with these weights; the article's first sentences alone have .247, .253, .197, centrality
alone .228, .216, .208. Twelve articles show no finer difference.
"""
_DIVERSITY = 1.0
"""Weight of not repeating what is already chosen (Carbonell and Goldstein 1998, MMR)."""
_SHORTEST = 25
"""Sentences of fewer code points (12 in scripts without spaces) say too little by themselves."""


def summarize_article(
    library: Library, article: Article, sentences: int, *, is_timeline: bool = False
) -> Answer:
    """Return the `sentences` sentences that best represent `article`, in its own order.

    Captions, headlines and related coverage are left out unless there is nothing else. A timeline prefers
    sentences that say when something happened, and orders them by that.
    """
    encoded = library.encode_sentences(article)
    body = [one for one in encoded if one.role is None and says_enough(article.slice(one.span))]
    pool = body or list(encoded)
    chosen: tuple[EncodedSentence, ...] = ()
    if is_timeline:
        day = article.published.at.date() if article.published else None
        dated = [one for one in pool if has_event(article.slice(one.span), article.language, day)]
        chosen = choose_sentences(article, dated, sentences)
    taken = set(map(id, chosen))
    rest = [sentence for sentence in pool if id(sentence) not in taken]
    chosen += choose_sentences(article, rest, sentences - len(chosen))
    statements: tuple[Statement, ...] = ()
    for sentence in sorted(chosen, key=lambda sentence: sentence.span):
        citation = cite(article, sentence.span, sentence.role)
        statements += (Statement(text=citation.quote, citations=(citation,)),)
    if is_timeline:
        statements = order_by_event(statements, library.articles.get, None)
    notes = _note_unread(library, article, encoded)
    return make_summary(library, [article], statements, notes)


def make_summary(
    library: Library, articles: Sequence[Article], statements: tuple[Statement, ...], notes: tuple[str, ...]
) -> Answer:
    """Return the statements as the summary of these articles."""
    return Answer(
        question=f"summarize {' '.join(map(attrgetter('id'), articles))}",
        mode=Mode.SUMMARY,
        verdict=Verdict.ANSWERED if statements else Verdict.NOT_FOUND,
        confidence=1.0,
        statements=statements,
        notes=notes,
        language=articles[0].language,
        generation=library.generation,
    )


def choose_sentences(
    article: Article, pool: Sequence[EncodedSentence], count: int
) -> tuple[EncodedSentence, ...]:
    """Return sentences, no near duplicates, by maximal marginal relevance over centrality and position."""
    if not pool:
        return ()
    encoded = np.stack([sentence.vector for sentence in pool])
    vectors, ratings = _center(encoded), rate_sentences(encoded)
    chosen: list[int] = []
    passed_over: set[int] = set()
    while len(chosen) < count and len(chosen) + len(passed_over) < len(pool):
        likeness = (vectors @ vectors[chosen].T).max(axis=1) if chosen else np.zeros(len(pool))
        gain = ratings - _DIVERSITY * likeness
        gain[list(passed_over) + chosen] = -np.inf
        best = int(gain.argmax())
        words = article.slice(pool[best].span)
        said = [article.slice(pool[other].span) for other in chosen]
        if repeats_any(words, said, article.language):
            passed_over.add(best)
        else:
            chosen.append(best)
    return tuple(pool[index] for index in chosen)


def rate_sentences(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how well each sentence of an article represents it, (n,), 0 to 2, of (n, d) vectors."""
    centered = _center(vectors)
    centrality = _rescale(centered @ _unit(centered.mean(axis=0)))
    # 1 for the first sentence, falling to a third a quarter of the way down.
    earliness: NDArray[np.float32] = np.exp(
        -4.4 * np.arange(len(vectors), dtype=np.float32) / max(len(vectors), 1)
    )
    ratings: NDArray[np.float32] = centrality + _LEAD * earliness
    return ratings


def _note_unread(library: Library, article: Article, encoded: Sequence[EncodedSentence]) -> tuple[str, ...]:
    """Say of a very long article that only a part of it was compared."""
    passages = library.passages.of_article(article.id)
    read = len({sentence.passage.id for sentence in encoded})
    if read == len(passages):
        return ()
    return (
        f"Only {read} of {plural(len(passages), 'passage')} were compared: the first, and those nearest to "
        "what the article is about.",
    )


def says_enough(words: str) -> bool:
    """Whether a sentence says enough by itself."""
    return len(words) >= (_SHORTEST if " " in words else _SHORTEST // 2)


def _center(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    # Half the article's mean is enough that sentences differ, and not so much that the theme is lost.
    centered = vectors - 0.5 * vectors.mean(axis=0)
    return _unit(centered)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: NDArray[np.float32] = vectors / np.maximum(norms, 1e-9)
    return unit


def _rescale(values: NDArray[np.float32]) -> NDArray[np.float32]:
    spread = float(np.ptp(values))
    scaled: NDArray[np.float32] = (values - values.min()) / spread if spread else np.zeros_like(values)
    return scaled
