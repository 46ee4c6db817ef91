"""The evaluation sets, read from their files; `README` says where a user gets them."""

from __future__ import annotations

from pathlib import Path

from eval.suites.sets.content import Record, read_records

XQUAD_SENTENCES = "xquad_r_sentences.jsonl"
XQUAD_QUESTIONS = "xquad_r_questions.jsonl"
NTREX_NEWS = "ntrex_news.jsonl"


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
        """The article its answer is in."""
        return int(next(iter(self.gold.values())).split("-")[1])

    @property
    def paragraph(self) -> tuple[int, int]:
        """Article and paragraph its answer is in."""
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
