"""The road of a question: nearest passages, their sentences read again, ranked evidence."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from vectorstore.article import UNDETERMINED, Article, Span
from vectorstore.embedding import Embedder
from vectorstore.errors import UnknownArticleError
from vectorstore.filters import Filters
from vectorstore.languages import identify, primary
from vectorstore.lexical import query_terms
from vectorstore.paragraphs import trim
from vectorstore.search.candidates import Candidate, PassageIndex, PassageStore, choose
from vectorstore.search.evidence import Evidence, SearchCost, SearchResult
from vectorstore.search.interaction import (
    ANTECEDENT,
    NO_MATCH,
    Adapter,
    assign_tokens,
    average,
    lean_on_previous,
    match_tokens,
    read_question,
)
from vectorstore.search.scoring import (
    PASSAGE_DISCOUNT,
    TOKEN_DISCOUNT,
    AnswerCalibration,
    blend,
    discount,
    expect_match,
    extend_ranking,
)
from vectorstore.search.transform import Centering, FloatArray, Side

CANDIDATES_PER_READ = 3
MIN_CANDIDATES = 50
"""Passages asked of the index, for each that is read and at least: room for the discount of the question's
own language. Fifty cost Chroma a millisecond more than ten."""


class Question(NamedTuple):
    """A question as the embedder read it."""

    language: str
    vector: FloatArray
    """(d,), centred, unit length."""
    readings: tuple[FloatArray, ...]
    """(T, d) unit rows each, see `interaction.read_question`."""


class _Sentence(NamedTuple):
    candidate: Candidate
    span: Span
    """Trimmed."""
    context: float
    before: tuple[FloatArray, ...]
    """What the sentence before lends each token of each reading."""


@dataclass(slots=True)
class _Watch:
    """Adds up what a search costs."""

    tokens: int = 0
    embed: float = 0.0
    index: float = 0.0
    rerank: float = 0.0
    started: float = field(default_factory=time.perf_counter)

    @contextmanager
    def embedding(self) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.embed += 1e3 * (time.perf_counter() - start)

    @contextmanager
    def indexing(self) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.index += 1e3 * (time.perf_counter() - start)


class Retriever:
    """Finds the sentences that answer. Threads may share an instance."""

    def __init__(
        self,
        embedder: Embedder,
        index: PassageIndex,
        database: PassageStore,
        *,
        centering: Centering | None = None,
        adapter: Adapter | None = None,
        calibration: AnswerCalibration | None = None,
    ) -> None:
        """Take the parts; the shipped tables where none are given.

        `index` must hold vectors that went through the same `centering`.
        """
        self._embedder = embedder
        self._index = index
        self._database = database
        self._centering = centering or Centering.shipped()
        self._adapter = adapter or Adapter.shipped()
        self._calibration = calibration or AnswerCalibration.shipped()

    def search(self, question: str, filters: Filters, *, limit: int, depth: int) -> SearchResult:
        """The `limit` sentences that best answer, best first.

        Args:
            question: In any language. Without a letter or digit nothing is found.
            filters: What the search is narrowed to.
            limit: Most sentences returned.
            depth: Passages whose sentences are read again, and sentences that are read alone after that:
                each of the former costs about 150 tokens of embedding, of the latter about 40.
        """
        watch = _Watch()
        generation = self._database.generation
        if not any(map(str.isalnum, question)):
            return SearchResult(question, UNDETERMINED, (), 0.0, generation)
        with watch.embedding():
            read = self._read_question(question, watch)
        with watch.indexing():
            chosen, candidates = self._find_candidates(question, read, filters, depth)
        sentences = self._read_passages(read, chosen, watch)
        evidence = self._rank(read, sentences, depth, watch)
        total = 1e3 * (time.perf_counter() - watch.started)
        cost = SearchCost(
            watch.tokens, watch.embed, watch.index, total - watch.embed - watch.index, candidates, len(chosen)
        )
        answerable = max((entry.probability for entry in evidence), default=0.0)
        return SearchResult(question, read.language, tuple(evidence[:limit]), answerable, generation, cost)

    def _read_question(self, question: str, watch: _Watch) -> Question:
        language = identify(question)
        as_query = self._embedder.encode_query(question)
        (as_passage,) = self._embedder.encode_passages([question])
        watch.tokens += len(as_query.states) + len(as_passage.states)
        readings = read_question(as_query.states, as_passage.states, language, self._centering, self._adapter)
        return Question(language, self._centering.center_query(as_query.vector, language), readings)

    def _find_candidates(
        self, question: str, read: Question, filters: Filters, depth: int
    ) -> tuple[list[Candidate], int]:
        """The passages to read, and how many were looked at."""
        wanted = max(MIN_CANDIDATES, CANDIDATES_PER_READ * depth)
        found = self._index.query(read.vector, wanted, self._database.candidate_ids(filters))
        articles: dict[str, Article | None] = {}
        nearest = self._load([*found], articles)
        is_same = np.array([_is_same(read, candidate) for candidate in nearest], bool)
        nearness = np.array([candidate.nearness for candidate in nearest], np.float32)
        lexical: list[Candidate] = []
        if read.language != UNDETERMINED and nearest:
            hits = self._database.lexical_search(
                query_terms(question), limit=depth, languages=(primary(read.language),), filters=filters
            )
            known = {candidate.passage.id: candidate.nearness for candidate in nearest}
            lowest = float(nearness.min())
            lexical = self._load([(h.passage_id, known.get(h.passage_id, lowest)) for h in hits], articles)
        scores = discount(nearness, is_same, PASSAGE_DISCOUNT)
        return choose(nearest, scores.tolist(), lexical, depth), len(nearest)

    def _load(
        self, found: Sequence[tuple[str, float]], articles: dict[str, Article | None]
    ) -> list[Candidate]:
        """Candidates in the order given; what was removed since the index was asked is left out."""
        nearness = dict(found)
        candidates = []
        for passage in self._database.passages(list(nearness)):
            if passage.article_id not in articles:
                try:
                    articles[passage.article_id] = self._database.article(passage.article_id)
                except UnknownArticleError:
                    articles[passage.article_id] = None
            article = articles[passage.article_id]
            if article is not None:
                candidates.append(Candidate(article, passage, nearness[passage.id]))
        return candidates

    def _read_passages(self, read: Question, chosen: list[Candidate], watch: _Watch) -> list[_Sentence]:
        """Every sentence of the passages, matched in its context."""
        with watch.embedding():
            encoded = self._embedder.encode_passages([candidate.text for candidate in chosen])
        sentences = []
        for candidate, states in zip(chosen, encoded, strict=True):
            watch.tokens += len(states.states)
            spans = candidate.passage.sentences
            tokens = self._centering.center_tokens(states.states, candidate.article.language, Side.PASSAGE)
            sentence_of = assign_tokens(states.offsets + candidate.passage.span.start, spans)
            matches = [match_tokens(reading, tokens, sentence_of, len(spans)) for reading in read.readings]
            scores = average([lean_on_previous(match) for match in matches])
            for row, span in enumerate(spans):
                trimmed = trim(candidate.article.text, span)
                if trimmed.end > trimmed.start:
                    before = tuple(_lend(match, row) for match in matches)
                    sentences.append(_Sentence(candidate, trimmed, float(scores[row]), before))
        return sentences

    def _rank(self, read: Question, sentences: list[_Sentence], depth: int, watch: _Watch) -> list[Evidence]:
        """Read the best sentences alone too, and order all."""
        if not sentences:
            return []
        is_same = np.array([_is_same(read, sentence.candidate) for sentence in sentences])
        context = np.array([sentence.context for sentence in sentences], np.float32)
        order = np.argsort(-discount(context, is_same, TOKEN_DISCOUNT), kind="stable")
        leading, following = order[:depth], order[depth:]
        token = context.copy()
        alone = self._match_alone(read, [sentences[row] for row in leading], watch)
        token[leading] = blend(context[leading], alone, is_same[leading])
        scores = discount(token, is_same, TOKEN_DISCOUNT)
        scores[following] = extend_ranking(scores[leading], scores[following])
        chances = self._estimate(read, sentences, token, is_same)
        return [
            Evidence(
                article_id=sentences[row].candidate.article.id,
                passage=sentences[row].candidate.passage,
                span=sentences[row].span,
                score=float(scores[row]),
                probability=float(chances[row]),
                passage_score=sentences[row].candidate.nearness,
                role=sentences[row].candidate.article.role_at(sentences[row].span),
            )
            for row in np.argsort(-scores, kind="stable")
        ]

    def _match_alone(self, read: Question, sentences: list[_Sentence], watch: _Watch) -> FloatArray:
        with watch.embedding():
            encoded = self._embedder.encode_passages(
                [s.candidate.article.text[s.span.start : s.span.end] for s in sentences]
            )
        scores = []
        for sentence, states in zip(sentences, encoded, strict=True):
            watch.tokens += len(states.states)
            language = sentence.candidate.article.language
            tokens = self._centering.center_tokens(states.states, language, Side.PASSAGE)
            whole = np.zeros(len(tokens), np.intp)
            matches = [
                np.maximum(match_tokens(reading, tokens, whole, 1), lent[:, None])
                for reading, lent in zip(read.readings, sentence.before, strict=True)
            ]
            scores.append(float(average(matches)[0]))
        return np.array(scores, np.float32)

    def _estimate(
        self, read: Question, sentences: list[_Sentence], token: FloatArray, is_same: np.ndarray
    ) -> FloatArray:
        means = self._centering.means
        languages = [sentence.candidate.article.language for sentence in sentences]
        own = float(means.closeness[means.rows([read.language])][0])
        expected = expect_match(is_same, own, means.closeness[means.rows(languages)])
        nearness = np.array([sentence.candidate.nearness for sentence in sentences], np.float32)
        background = self._calibration.predict_background(read.vector)
        return self._calibration.estimate(token, nearness, background, expected)


def _is_same(read: Question, candidate: Candidate) -> bool:
    """Whether question and passage are in one language; unknown ones are in none."""
    return read.language != UNDETERMINED and primary(read.language) == primary(candidate.article.language)


def _lend(match: FloatArray, row: int) -> FloatArray:
    if row == 0:
        return np.full(len(match), NO_MATCH, np.float32)
    return np.asarray(ANTECEDENT * match[:, row - 1], np.float32)
