"""The sentences of an article that may be gold: running text, exact to the code point."""

from __future__ import annotations

from dataclasses import dataclass

from eval.cases.articles import key_of
from eval.suites.cases import Gold
from vectorstore import Article, Library, Span

MOST = 40
"""Sentences of an article that are looked at: news says first what matters."""
_FEWEST_LETTERS = 20


@dataclass(frozen=True, slots=True)
class GoldCandidate:
    """A sentence that may be gold."""

    label: str
    text: str
    span: Span

    def to_gold(self, article: Article) -> Gold:
        """The sentence as gold of its article."""
        start = None if article.text.find(self.text) == self.span.start else self.span.start
        return Gold(article=key_of(article.id), quote=self.text, start=start, fact="f1")


def list_candidates(library: Library, article: Article) -> list[GoldCandidate]:
    """The first sentences of an article's running text; headlines, captions and links to others are none."""
    found: list[GoldCandidate] = []
    for passage in library.passages.of_article(article.id):
        for sentence in passage.sentences:
            whole = article.slice(sentence)
            text = whole.strip()
            start = sentence.start + len(whole) - len(whole.lstrip())
            span = Span(start, start + len(text))
            if article.role_at(span) is None and sum(map(str.isalpha, text)) >= _FEWEST_LETTERS:
                found.append(GoldCandidate(f"a1.{len(found) + 1}", text, span))
            if len(found) == MOST:
                return found
    return found
