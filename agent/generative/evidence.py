"""Sentences as the model sees them: with ids, by article, fenced as data, within a budget."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from agent.answer.citations import LoadArticle, format_published
from agent.answer.view import ROLE_NAMES
from agent.extractive.near_duplicates import repeats_any
from agent.generative.sentence_ids import IdentifiedSentence, SentenceIds, group_by_article
from prompts import Sentence, Source, fence_sources
from vectorstore import Article, Evidence, UnknownArticleError

CountTokens = Callable[[str], int]

_COMPARED = 40
"""Sentences already taken that a further one is compared with, to leave out what was said before."""
LONGEST = 1200
"""Code points of one sentence that are shown: some "sentences" of badly cut articles are pages long."""
_LONGEST_FACT = 200


@dataclass(frozen=True, slots=True)
class Block:
    """What one search or reading brought, the most useful first."""

    sentences: tuple[IdentifiedSentence, ...]
    note: str = ""
    """Words of ours that go before the sentences; nothing of an article's."""

    def shorten(self, share: float) -> Block:
        """Return the block with this share of its sentences, at least one where there was any."""
        count = max(1, int(len(self.sentences) * share)) if self.sentences else 0
        return replace(self, sentences=self.sentences[:count])


def pack(
    evidence: Iterable[Evidence],
    ids: SentenceIds,
    load: LoadArticle,
    count_tokens: CountTokens,
    *,
    most: int,
    most_tokens: int,
) -> tuple[IdentifiedSentence, ...]:
    """Return the best sentences that fit, best first, without those that repeat a better one."""
    taken: list[IdentifiedSentence] = []
    said: list[str] = []
    room = most_tokens
    for candidate in evidence:
        if len(taken) == most:
            break
        try:
            identified = ids.at(candidate.article_id, candidate.span)
            article = load(candidate.article_id)
            words = "" if identified is None else article.slice(identified.span)
        except UnknownArticleError:
            continue
        if identified is None or repeats_any(words, said[:_COMPARED], article.language):
            continue
        cost = count_tokens(f"{identified.id} {words}\n")
        # The best one is shown whatever it costs, and a shorter one may fit after one that did not.
        if taken and cost > room:
            continue
        room -= cost
        taken.append(identified)
        said.append(words)
    return tuple(taken)


def render(block: Block, ids: SentenceIds, load: LoadArticle) -> str:
    """Return the block as a tool's result, fenced as data."""
    sources = to_sources(block, ids, load)
    return "\n".join(filter(None, (block.note, fence_sources(sources) if sources else "")))


def to_sources(block: Block, ids: SentenceIds, load: LoadArticle) -> tuple[Source, ...]:
    """Return the block for a prompt: articles by their best sentence, sentences in the article's order."""
    sources = []
    for article_id, sentences in group_by_article(block.sentences).items():
        article = load(article_id)
        ordered = sorted(sentences, key=lambda sentence: sentence.span.start)
        shown = []
        for entry in ordered:
            role = f"({ROLE_NAMES[entry.role]}) " if entry.role else ""
            shown.append(Sentence(entry.id, role + article.slice(entry.span)[:LONGEST]))
        sources.append(Source(describe(article, ids.name_of(article_id)), tuple(shown)))
    return tuple(sources)


def describe(article: Article, name: str) -> str:
    """Return an article's heading: name, outlet, date, language, title; what is not known is left out."""
    facts = (article.outlet, format_published(article.published), article.language)
    about = ", ".join(fact[:_LONGEST_FACT] for fact in facts if fact)
    title = f": {article.title[:_LONGEST_FACT]}" if article.title else ""
    return f"{name}, {about}{title}"
