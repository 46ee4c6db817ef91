"""The road of a question: nearest passages, their sentences read again, ranked evidence."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vectorstore.embedding import Embedder, TokenStates
from vectorstore.embedding.base import FloatArray
from vectorstore.index import ChromaIndex
from vectorstore.model.article import UNDETERMINED, Article, Span
from vectorstore.model.evidence import Evidence, SearchCost, SearchResult
from vectorstore.model.filters import Filters
from vectorstore.search.candidates import CandidatePassage, FirstStage, NearestPassage, choose
from vectorstore.search.interaction import (
    adapt,
    adapter_weights,
    assign_tokens,
    average,
    carry_to_next,
    match_all,
    one_blas_thread,
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
from vectorstore.search.transform import Centering, Prefix
from vectorstore.store import Database
from vectorstore.text.languages import identify, is_same_language, primary_language
from vectorstore.text.paragraphs import trim
from vectorstore.text.terms import query_terms

CANDIDATES_PER_READ = 3
MIN_CANDIDATES = 50
"""Passages asked of the index, for each that is read and at least: room for the discount of the question's
own language. Fifty cost Chroma a millisecond more than ten."""


class EncodedQuestion(NamedTuple):
    """A question as the embedder read it."""

    language: str
    vector: FloatArray
    """(d,), centred, unit length."""
    place: FloatArray
    """What the index is asked for: the vector itself, or another embedder's, (d',)."""
    readings: tuple[FloatArray, ...]
    """(T, d) unit rows each: read behind the query prefix, and behind the passage prefix."""


class _Sentence(NamedTuple):
    candidate: CandidatePassage
    span: Span
    """Trimmed."""
    nearness: float
    """Cosine of passage and question, as the embedder that reads them has it."""
    context: float
    carried: tuple[FloatArray, ...]
    """Each reading's matches in the sentence before, discounted."""

    @property
    def article(self) -> Article:
        return self.candidate.article

    def rate(self, score: float, chance: float) -> Evidence:
        role = self.article.role_at(self.span)
        place = self.article.id, self.candidate.passage, self.span
        return Evidence(*place, score, chance, self.nearness, role)


@dataclass(slots=True)
class _Watch:
    """Adds up what a search costs."""

    tokens: int = 0
    spent: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """Milliseconds by stage."""
    started: float = field(default_factory=time.perf_counter)

    @contextmanager
    def measure(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.spent[stage] += 1e3 * (time.perf_counter() - start)

    def cost(self, candidates: int, reranked: int) -> SearchCost:
        total = 1e3 * (time.perf_counter() - self.started)
        embed, index = self.spent["embed"], self.spent["index"]
        return SearchCost(self.tokens, embed, index, total - embed - index, candidates, reranked)


class Retriever:
    """Finds the sentences that answer. Threads may share an instance."""

    def __init__(
        self,
        embedder: Embedder,
        index: ChromaIndex,
        database: Database,
        first_stage: FirstStage | None = None,
    ) -> None:
        """Search `database` by `index`, with the tables that come with the package.

        `index` must hold the vectors of `first_stage`, or without one those of `embedder`, that went through
        the same centring.
        """
        self._embedder = embedder
        self._index = index
        self._database = database
        self._first_stage = first_stage
        self._centering = Centering.shipped()
        self._calibration = AnswerCalibration.shipped()

    def search(self, question: str, filters: Filters, *, limit: int, depth: int) -> SearchResult:
        """Return the `limit` sentences that best answer, best first; none for a question without a word.

        `depth` is how many passages are read again, and how many sentences alone after that: each of the
        former costs about 150 tokens of embedding, of the latter about 40.
        """
        if not any(map(str.isalnum, question)):
            return SearchResult(question, UNDETERMINED, (), 0.0, self._database.generation)
        with one_blas_thread():
            return self._search(question, filters, limit, depth)

    def _search(self, question: str, filters: Filters, limit: int, depth: int) -> SearchResult:
        watch = _Watch()
        generation = self._database.generation
        with watch.measure("embed"):
            read = self._read_question(question, watch)
        with watch.measure("index"):
            chosen, candidates = self._find_candidates(question, read, filters, depth)
        if not chosen:
            return SearchResult(question, read.language, (), 0.0, generation)
        sentences = self._read_passages(read, chosen, watch)
        evidence = self._rank(read, sentences, depth, watch)
        cost = watch.cost(candidates, len(chosen))
        answerable = max((entry.probability for entry in evidence), default=0.0)
        return SearchResult(question, read.language, tuple(evidence[:limit]), answerable, generation, cost)

    def _read_question(self, question: str, watch: _Watch) -> EncodedQuestion:
        language = identify(question)
        as_query = self._embedder.encode_query(question)
        (as_passage,) = self._embedder.encode_passages([question])
        watch.tokens += len(as_query.states) + len(as_passage.states)
        weights, center = adapter_weights(), self._centering.center_tokens
        by_query = adapt(center(as_query.states, language, Prefix.QUERY), weights)
        by_passage = adapt(center(as_passage.states, language, Prefix.PASSAGE), weights)
        vector = self._centering.center_query(as_query.vector, language)
        place = vector
        if self._first_stage is not None:
            read = int(as_query.offsets[-1][1]) if len(as_query.offsets) else None
            place = self._first_stage.place(question[:read], language)  # No more than is read here.
        return EncodedQuestion(language, vector, place, (by_query, by_passage))

    def _find_candidates(
        self, question: str, read: EncodedQuestion, filters: Filters, depth: int
    ) -> tuple[list[CandidatePassage], int]:
        """Return the passages to read, and how many were looked at."""
        wanted = max(MIN_CANDIDATES, CANDIDATES_PER_READ * depth)
        among = None if filters.is_empty else self._database.passages.ids(filters)
        found = self._index.query(read.place, wanted, among)
        if not found:
            return [], 0
        nearest = list(map(NearestPassage._make, found))
        article_ids = [entry.article_id for entry in nearest]
        languages = self._database.articles.languages(list(set(article_ids)))
        is_same = _are_same(read, [languages.get(article_id, "") for article_id in article_ids])
        amount = PASSAGE_DISCOUNT if self._first_stage is None else self._first_stage.discount
        scores = discount(np.array([entry.nearness for entry in nearest], np.float32), is_same, amount)
        lexical = self._find_words(question, read, filters, depth, dict(nearest))
        return self._load(choose(nearest, scores.tolist(), lexical, depth)), len(nearest)

    def _find_words(
        self, question: str, read: EncodedQuestion, filters: Filters, depth: int, known: dict[str, float]
    ) -> list[NearestPassage]:
        """Return the passages in the question's own language that share its words."""
        if read.language == UNDETERMINED:
            return []
        hits = self._database.passages.find_by_terms(
            query_terms(question), limit=depth, languages=(primary_language(read.language),), filters=filters
        )
        lowest = min(known.values())
        return [NearestPassage(passage_id, known.get(passage_id, lowest)) for passage_id in hits]

    def _load(self, chosen: Sequence[NearestPassage]) -> list[CandidatePassage]:
        """Return the passages with their articles; what was removed since the index was asked is left out."""
        nearness = dict(chosen)
        passages = self._database.passages.load(list(nearness))
        articles = self._database.articles.load(list({passage.article_id for passage in passages}))
        candidates = []
        for passage in passages:
            if article := articles.get(passage.article_id):
                candidates.append(CandidatePassage(article, passage, nearness[passage.id]))
        return candidates

    def _read_passages(
        self, read: EncodedQuestion, chosen: list[CandidatePassage], watch: _Watch
    ) -> list[_Sentence]:
        """Return every sentence of the passages, matched in its context."""
        with watch.measure("embed"):
            encoded = self._embedder.encode_passages([c.article.slice(c.passage.span) for c in chosen])
        places: list[tuple[CandidatePassage, Span]] = []
        tokens, sentence_of, nearness, follows = [], [], [], []
        for candidate, states in zip(chosen, encoded, strict=True):
            watch.tokens += len(states.states)
            spans = candidate.passage.sentences
            own = assign_tokens(states.offsets + candidate.passage.span.start, spans)
            # Numbered through all passages, so that one multiplication serves all.
            sentence_of.append(np.where(own < 0, -1, own + len(places)))
            tokens.append(self._center(states, candidate))
            nearness += [self._compare(read, candidate, states)] * len(spans)
            follows += [False] + [True] * (len(spans) - 1)
            places += zip(repeat(candidate), spans, strict=False)
        matches = match_all(read.readings, tokens, sentence_of, len(places))
        carried = [carry_to_next(match, np.array(follows, bool)) for match in matches]
        scores = average(list(map(np.maximum, matches, carried)))
        sentences = []
        for row, (candidate, span) in enumerate(places):
            trimmed = trim(candidate.article.text, span)
            if trimmed.end > trimmed.start:
                before = tuple(states[:, row] for states in carried)
                sentences.append(_Sentence(candidate, trimmed, nearness[row], float(scores[row]), before))
        return sentences

    def _compare(self, read: EncodedQuestion, candidate: CandidatePassage, states: TokenStates) -> float:
        """Return the passage's nearness on the scale that the chance of an answer is calibrated for."""
        if self._first_stage is None:
            return candidate.nearness
        language = candidate.article.language
        return float(self._centering(states.vector[None], [language])[0] @ read.vector)

    def _center(self, states: TokenStates, candidate: CandidatePassage) -> FloatArray:
        return self._centering.center_tokens(states.states, candidate.article.language, Prefix.PASSAGE)

    def _rank(
        self, read: EncodedQuestion, sentences: list[_Sentence], depth: int, watch: _Watch
    ) -> list[Evidence]:
        """Read the best sentences alone too, and order all."""
        if not sentences:
            return []
        languages = [sentence.article.language for sentence in sentences]
        is_same = _are_same(read, languages)
        context = np.array([sentence.context for sentence in sentences], np.float32)
        order = np.argsort(-discount(context, is_same, TOKEN_DISCOUNT), kind="stable")
        leading, following = order[:depth], order[depth:]
        token = context.copy()
        alone = self._match_alone(read, [sentences[row] for row in leading], watch)
        token[leading] = blend(context[leading], alone, is_same[leading])
        scores = discount(token, is_same, TOKEN_DISCOUNT)
        scores[following] = extend_ranking(scores[leading], scores[following])
        nearness = np.array([sentence.nearness for sentence in sentences], np.float32)
        expected = self._expect(read, languages, is_same)
        background = self._calibration.predict_background(read.vector)
        chances = self._calibration.estimate(token, nearness, background, expected)
        best = np.argsort(-scores, kind="stable")
        return [sentences[row].rate(float(scores[row]), float(chances[row])) for row in best]

    def _match_alone(self, read: EncodedQuestion, sentences: list[_Sentence], watch: _Watch) -> FloatArray:
        with watch.measure("embed"):
            encoded = self._embedder.encode_passages([s.article.slice(s.span) for s in sentences])
        watch.tokens += sum(len(states.states) for states in encoded)
        tokens = [self._center(states, s.candidate) for s, states in zip(sentences, encoded, strict=True)]
        sentence_of = [np.full(len(states), row) for row, states in enumerate(tokens)]
        matches = match_all(read.readings, tokens, sentence_of, len(sentences))
        by_reading = zip(*[sentence.carried for sentence in sentences], strict=True)
        carried = [np.stack(states, axis=1) for states in by_reading]
        return average(list(map(np.maximum, matches, carried)))

    def _expect(self, read: EncodedQuestion, languages: list[str], is_same: NDArray[np.bool_]) -> FloatArray:
        means = self._centering.means
        own = float(means.closeness[means.rows([read.language])][0])
        return expect_match(is_same, own, means.closeness[means.rows(languages)])


def _are_same(read: EncodedQuestion, languages: Sequence[str]) -> NDArray[np.bool_]:
    """Whether question and text are in one language, for each of `languages`; unknown ones are in none."""
    is_known = read.language != UNDETERMINED
    return np.array([is_known and is_same_language(read.language, tag) for tag in languages], bool)
