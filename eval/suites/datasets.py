"""XQuAD-R and NTREX, read from their files, and articles put together from their sentences.

`README` says where a user gets them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.suites.sets.content import Record, read_records
from vectorstore import article_id, canonicalize, primary_language, to_bcp47

XQUAD_SENTENCES = "xquad_r_sentences.jsonl"
XQUAD_QUESTIONS = "xquad_r_questions.jsonl"
NTREX_NEWS = "ntrex_news.jsonl"
UNSPACED = frozenset({"zh", "ja"})
"""Languages whose sentences follow each other without a space."""


class XquadSentence(Record):
    """A sentence of XQuAD-R."""

    pid: str
    """`lang-article-paragraph-sentence`."""
    lang: str
    art: int
    par: int
    text: str


class XquadQuestion(Record):
    """A question of XQuAD-R."""

    qid: str
    lang: str
    question: str
    answer: str | None = None
    """In the question's language."""
    gold: dict[str, str]
    """The answering sentence's pid, by language."""

    @property
    def article(self) -> int:
        return int(next(iter(self.gold.values())).split("-")[1])

    @property
    def paragraph(self) -> tuple[int, int]:
        _, article, paragraph, _ = next(iter(self.gold.values())).split("-")
        return int(article), int(paragraph)


class NewsDocument(Record):
    """A news document of NTREX, translated by people."""

    doc_id: str
    title: dict[str, str]
    sentences: dict[str, list[str]]
    """The first one is the title."""


def read_sentences(folder: Path) -> list[XquadSentence]:
    """Read XQuAD-R's sentences, in their order. Raises SourceError naming file and line."""
    return list(read_records(folder / XQUAD_SENTENCES, XquadSentence))


def read_questions(folder: Path) -> list[XquadQuestion]:
    """Read XQuAD-R's questions. Raises SourceError naming file and line."""
    return list(read_records(folder / XQUAD_QUESTIONS, XquadQuestion))


def read_news(folder: Path) -> list[NewsDocument]:
    """Read NTREX's documents. Raises SourceError naming file and line."""
    return list(read_records(folder / NTREX_NEWS, NewsDocument))


@dataclass(frozen=True, slots=True)
class SetDocument:
    """An article with the units that are looked for in it."""

    key: str
    language: str
    """BCP 47."""
    text: str
    """Canonical."""
    units: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @property
    def id(self) -> str:
        return article_id(self.text)


def compose(key: str, language: str, paragraphs: Sequence[Sequence[tuple[str, str]]]) -> SetDocument:
    """Put an article together from paragraphs of (unit, sentence)."""
    gap = "" if primary_language(language) in UNSPACED else " "
    text, units, starts, ends = "", [], [], []
    for paragraph in paragraphs:
        text += "\n\n" if text else ""
        for number, (unit, sentence) in enumerate(paragraph):
            clean = canonicalize(sentence).strip()
            text += gap if number else ""
            units.append(unit)
            starts.append(len(text))
            text += clean
            ends.append(len(text))
    return SetDocument(key, language, text, tuple(units), tuple(starts), tuple(ends))


def compose_xquad(sentences: Sequence[XquadSentence]) -> list[SetDocument]:
    """XQuAD-R's articles, one in each language; a unit is a sentence's pid."""
    articles: dict[tuple[str, int], dict[int, list[tuple[str, str]]]] = {}
    for sentence in sorted(sentences, key=lambda each: (each.lang, each.art, each.par)):
        paragraphs = articles.setdefault((sentence.lang, sentence.art), {})
        paragraphs.setdefault(sentence.par, []).append((sentence.pid, sentence.text))
    documents = []
    for (language, article), paragraphs in articles.items():
        documents.append(compose(f"{language}-{article}", language, list(paragraphs.values())))
    return documents


def compose_news(news: Sequence[NewsDocument]) -> list[SetDocument]:
    """NTREX's documents in each of their languages, without their titles; the unit is the document."""
    documents = []
    for each in news:
        for code, (_, *sentences) in each.sentences.items():
            if sentences:
                language = to_bcp47(code)
                key = f"{language}/{each.doc_id}"
                documents.append(compose(key, language, [[(key, sentence) for sentence in sentences]]))
    return documents
