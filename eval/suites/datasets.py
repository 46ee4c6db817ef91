"""The evaluation sets, read from their files; `README` says where a user gets them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from vectorstore import SourceError

XQUAD_SENTENCES = "xquad_r_sentences.jsonl"
XQUAD_QUESTIONS = "xquad_r_questions.jsonl"
NTREX_NEWS = "ntrex_news.jsonl"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class XquadSentence(_Record):
    """A sentence of XQuAD-R."""

    pid: str
    """`lang-article-paragraph-sentence`."""
    lang: str
    art: int
    par: int
    text: str


class XquadQuestion(_Record):
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


class NewsDocument(_Record):
    """A news document of NTREX, translated by people."""

    doc_id: str
    title: dict[str, str]
    sentences: dict[str, list[str]]
    """The first one is the title."""


def read_sentences(folder: Path) -> list[XquadSentence]:
    """Read XQuAD-R's sentences, in their order. Raises SourceError naming file and line."""
    return list(_read(folder / XQUAD_SENTENCES, XquadSentence))


def read_questions(folder: Path) -> list[XquadQuestion]:
    """Read XQuAD-R's questions. Raises SourceError naming file and line."""
    return list(_read(folder / XQUAD_QUESTIONS, XquadQuestion))


def read_news(folder: Path) -> list[NewsDocument]:
    """Read NTREX's documents. Raises SourceError naming file and line."""
    return list(_read(folder / NTREX_NEWS, NewsDocument))


_AnyRecord = TypeVar("_AnyRecord", bound=_Record)


def _read(path: Path, kind: type[_AnyRecord]) -> Iterator[_AnyRecord]:
    try:
        with path.open(encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield _parse(path, number, line, kind)
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"{path} cannot be read ({error}); --data names the folder of the evaluation data, "
            "README says where to get it"
        ) from error


def _parse(path: Path, number: int, line: str, kind: type[_AnyRecord]) -> _AnyRecord:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the line"
        raise SourceError(
            f"{path} line {number}: {place}: {first['msg']}; download the file again"
        ) from error
