"""XQuAD-R (Roy et al., LAReQA, EMNLP 2020): parallel questions and articles in eleven languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from eval.suites.cases import Case, CaseFilters, Gold, SetSource
from eval.suites.corpus import SetDocument, compose_xquad
from eval.suites.datasets import (
    XQUAD_QUESTIONS,
    XQUAD_SENTENCES,
    XquadQuestion,
    XquadSentence,
    read_questions,
    read_sentences,
)
from eval.suites.sets.content import SetArticle, SetContent, find_file

NAME = "xquad-r"


def read_monolingual(source: SetSource, data: Path) -> SetContent:
    """Questions in each language over the articles in it; the gold is the answering sentence."""
    return _read_pool(source, data, lambda question, language: question.lang == language)


def read_gap(source: SetSource, data: Path) -> SetContent:
    """Over the articles in each language, the same question in that language and in English."""
    return _read_pool(source, data, lambda question, language: question.lang in {language, "en"})


def read_mixed(source: SetSource, data: Path) -> SetContent:
    """Questions in each language over all articles in all languages, with a right sentence in each."""
    loaded = _load(source, data)
    spoken = set(loaded.languages)
    cases = [
        Case(
            id=f"{NAME}:mixed:{question.qid}:{question.lang}",
            question=question.question,
            language=question.lang,
            library=NAME,
            gold=tuple(loaded.gold(question, language) for language in question.gold if language in spoken),
            answers=(question.answer,) if question.answer else (),
            group=f"{NAME}:{question.qid}",
            cluster=f"{NAME}-{question.article}",
        )
        for question in loaded.questions(source.every)
        if question.lang in spoken
    ]
    return SetContent({NAME: _articles(loaded.documents)}, cases)


def read_half_articles(source: SetSource, data: Path) -> SetContent:
    """English questions, each asked with its article in the library and without it."""
    return _read_halves(source, data, "articles")


def read_half_paragraphs(source: SetSource, data: Path) -> SetContent:
    """English questions, each with its paragraph there and without it: what is left is on its topic."""
    return _read_halves(source, data, "paragraphs")


PARTS = {
    "monolingual": read_monolingual,
    "gap": read_gap,
    "mixed": read_mixed,
    "half-articles": read_half_articles,
    "half-paragraphs": read_half_paragraphs,
}


class _Xquad:
    """The set, and where each sentence is in the articles made of it."""

    def __init__(self, sentences: Sequence[XquadSentence], questions: Sequence[XquadQuestion]) -> None:
        self.documents = compose_xquad(sentences)
        self.languages = tuple(sorted({document.language for document in self.documents}))
        self._questions = questions
        self._places = {
            unit: (document, start, end)
            for document in self.documents
            for unit, start, end in zip(document.units, document.starts, document.ends, strict=True)
        }

    def questions(self, every: int) -> Iterator[XquadQuestion]:
        """Every n-th question, the same ones in every language."""
        ids = list(dict.fromkeys(question.qid for question in self._questions))
        chosen = set(ids[::every])
        return (question for question in self._questions if question.qid in chosen)

    def gold(self, question: XquadQuestion, language: str) -> Gold:
        document, start, end = self._places[question.gold[language]]
        return Gold(article=document.key, quote=document.text[start:end], start=start)


def _read(data: Path) -> tuple[list[XquadSentence], list[XquadQuestion]]:
    for name in (XQUAD_SENTENCES, XQUAD_QUESTIONS):
        find_file(data, [name])
    return read_sentences(data), read_questions(data)


def _load(source: SetSource, data: Path) -> _Xquad:
    sentences, questions = _read(data)
    if source.languages:
        sentences = [each for each in sentences if each.lang in source.languages]
    return _Xquad(sentences, questions)


def _articles(documents: Sequence[SetDocument]) -> list[SetArticle]:
    return [SetArticle(id=d.key, text=d.text, language=d.language) for d in documents]


def _read_pool(source: SetSource, data: Path, is_asked: Callable[[XquadQuestion, str], bool]) -> SetContent:
    loaded = _load(source, data)
    cases = [
        Case(
            id=f"{NAME}:{question.qid}:{question.lang}-{language}",
            question=question.question,
            language=question.lang,
            library=NAME,
            filters=CaseFilters(languages=(language,)),
            gold=(loaded.gold(question, language),),
            answers=(question.answer,) if question.answer and question.lang == language else (),
            group=f"{NAME}:{question.qid}:{language}",
            cluster=f"{NAME}-{question.article}",
        )
        for question in loaded.questions(source.every)
        for language in loaded.languages
        if language in question.gold and is_asked(question, language)
    ]
    return SetContent({NAME: _articles(loaded.documents)}, cases)


def _read_halves(source: SetSource, data: Path, split: str) -> SetContent:
    """Each half in turn is a library, so that every question is asked both ways."""
    sentences, questions = _read(data)
    languages = source.languages or tuple(sorted({s.lang for s in sentences}))
    places = sorted({(s.art, s.par) for s in sentences})
    articles = sorted({article for article, _ in places})
    turn = {
        place: row % 2 if split == "paragraphs" else articles.index(place[0]) % 2
        for row, place in enumerate(places)
    }
    libraries: dict[str, list[SetArticle]] = {}
    cases: list[Case] = []
    for half in (0, 1):
        present = [s for s in sentences if turn[s.art, s.par] == half and s.lang in languages]
        loaded = _Xquad(present, [question for question in questions if question.lang == "en"])
        name = f"{NAME}/{split}-{half}"
        libraries[name] = _articles(loaded.documents)
        for question in loaded.questions(source.every):
            is_there = turn[question.paragraph] == half
            cases += [
                Case(
                    id=f"{name}:{question.qid}:{language}",
                    question=question.question,
                    language=question.lang,
                    library=name,
                    filters=CaseFilters(languages=(language,)),
                    gold=(loaded.gold(question, language),) if is_there else (),
                    unanswerable=not is_there,
                    cluster=f"{NAME}-{question.article}",
                    tags=(split, language),
                )
                for language in languages
                if language in question.gold
            ]
    return SetContent(libraries, cases)
