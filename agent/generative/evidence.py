"""Sentences as the model sees them: labelled, by article, fenced as data, within a budget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from agent.answer.citations import LoadArticle, format_published
from agent.extractive.near_duplicates import repeats
from agent.generative.labels import Labelled, Labels
from prompts import Sentence, Source, fence_sources
from vectorstore import Article, Evidence, Role, UnknownArticleError

CountTokens = Callable[[str], int]

_ROLES = {
    Role.TITLE: "headline",
    Role.REPEATED_TITLE: "headline",
    Role.CAPTION: "caption",
    Role.RELATED: "related coverage",
}
_COMPARED = 40
"""Sentences already taken that a further one is compared with, to leave out what was said before."""
LONGEST = 1200
"""Code points of one sentence that are shown: some "sentences" of badly cut articles are pages long."""
_LONGEST_FACT = 200


@dataclass(frozen=True, slots=True)
class Block:
    """What one search or reading brought, the most useful first."""

    sentences: tuple[Labelled, ...]
    note: str = ""
    """Words of ours that go before the sentences; nothing of an article's."""

    def shorten(self, share: float) -> Block:
        """The block with this share of its sentences, at least one where there was any."""
        kept = max(1, int(len(self.sentences) * share)) if self.sentences else 0
        return replace(self, sentences=self.sentences[:kept])


def pack(
    evidence: Iterable[Evidence],
    labels: Labels,
    load: LoadArticle,
    count_tokens: CountTokens,
    *,
    most: int,
    most_tokens: int,
) -> tuple[Labelled, ...]:
    """The best sentences that fit, best first, without those that repeat a better one.

    A sentence whose article went away since the search is passed over.
    """
    taken: list[tuple[Labelled, str]] = []
    room = most_tokens
    for candidate in evidence:
        if len(taken) == most:
            break
        try:
            labelled = labels.at(candidate.article_id, candidate.span)
            words = "" if labelled is None else words_of(load(candidate.article_id), labelled)
        except UnknownArticleError:
            continue
        if labelled is None or any(repeats(words, other) for _, other in taken[:_COMPARED]):
            continue
        cost = count_tokens(f"{labelled.label} {words}\n")
        if taken and cost > room:
            continue
        room -= cost
        taken.append((labelled, words))
    return tuple(labelled for labelled, _ in taken)


def render(block: Block, labels: Labels, load: LoadArticle) -> str:
    """The block as a tool's result, fenced as data."""
    sources = to_sources(block, labels, load)
    return "\n".join(filter(None, (block.note, fence_sources(sources) if sources else "")))


def to_sources(block: Block, labels: Labels, load: LoadArticle) -> tuple[Source, ...]:
    """The block for a prompt: articles by their best sentence, sentences in the article's order."""
    by_article: dict[str, list[Labelled]] = {}
    for sentence in block.sentences:
        by_article.setdefault(sentence.article_id, []).append(sentence)
    sources = []
    for article_id, sentences in by_article.items():
        article = load(article_id)
        ordered = sorted(sentences, key=lambda sentence: sentence.span.start)
        shown = tuple(Sentence(entry.label, _show(article, entry)) for entry in ordered)
        sources.append(Source(describe(article, labels.name_of(article_id)), shown))
    return tuple(sources)


def describe(article: Article, name: str) -> str:
    """An article's heading: name, outlet, date, language, title; what is not known is left out."""
    facts = (article.outlet, format_published(article.published), article.language)
    about = ", ".join(fact[:_LONGEST_FACT] for fact in facts if fact)
    title = f": {article.title[:_LONGEST_FACT]}" if article.title else ""
    return f"{name}, {about}{title}"


def words_of(article: Article, sentence: Labelled) -> str:
    """The sentence as it stands in the article."""
    return article.text[sentence.span.start : sentence.span.end]


def shown_in(blocks: Sequence[Block]) -> tuple[Labelled, ...]:
    """Every sentence in `blocks` once, in order."""
    return tuple({sentence.label: sentence for block in blocks for sentence in block.sentences}.values())


def _show(article: Article, sentence: Labelled) -> str:
    role = f"({_ROLES[sentence.role]}) " if sentence.role else ""
    return role + words_of(article, sentence)[:LONGEST]
