"""XQuAD-R (Roy et al., LAReQA, EMNLP 2020): parallel questions and articles in eleven languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from eval.suites import datasets
from eval.suites.cases import Case, CaseFilters, Gold, SetSource
from eval.suites.datasets import SetDocument, XquadQuestion, XquadSentence
from eval.suites.sets.content import SetArticle, SetContent, find_file

NAME = "xquad-r"


class _Xquad:
    """The set, and where each sentence is in the articles made of it."""

    def __init__(self, sentences: Sequence[XquadSentence], questions: Sequence[XquadQuestion]) -> None:
        self.documents = datasets.compose_xquad(sentences)
        self.languages = tuple(sorted({document.language for document in self.documents}))
        self._questions = questions
        self._places: dict[str, tuple[SetDocument, int, int]] = {}
        for document in self.documents:
            for unit, start, end in zip(document.units, document.starts, document.ends, strict=True):
                self._places[unit] = document, start, end

    def questions(self, every: int) -> Iterator[XquadQuestion]:
        # By id, so that every language is asked the same ones.
        ids = list(dict.fromkeys(question.qid for question in self._questions))
        chosen = set(ids[::every])
        return (question for question in self._questions if question.qid in chosen)

    def gold(self, question: XquadQuestion, language: str) -> Gold:
        document, start, end = self._places[question.gold[language]]
        return Gold(article=document.key, quote=document.text[start:end], start=start)


def _read(data: Path) -> tuple[list[XquadSentence], list[XquadQuestion]]:
    for name in (datasets.XQUAD_SENTENCES, datasets.XQUAD_QUESTIONS):
        find_file(data, [name])
    return datasets.read_sentences(data), datasets.read_questions(data)


def _load(source: SetSource, data: Path) -> _Xquad:
    sentences, questions = _read(data)
    if source.languages:
        sentences = [each for each in sentences if each.lang in source.languages]
    return _Xquad(sentences, questions)


def _articles(documents: Sequence[SetDocument]) -> list[SetArticle]:
    return [SetArticle(id=d.key, text=d.text, language=d.language) for d in documents]


def _ask(question: XquadQuestion, name: str, library: str = NAME, **fields: Any) -> Case:
    return Case(
        id=f"{library}:{name}",
        question=question.question,
        language=question.lang,
        library=library,
        cluster=f"{NAME}-{question.article}",
        **fields,
    )


def _read_mixed(source: SetSource, data: Path) -> SetContent:
    loaded = _load(source, data)
    cases = []
    for question in loaded.questions(source.every):
        if question.lang in loaded.languages:
            answers = filter(loaded.languages.__contains__, question.gold)
            gold = tuple(loaded.gold(question, language) for language in answers)
            accepted = (question.answer,) if question.answer else ()
            name, group = f"mixed:{question.qid}:{question.lang}", f"{NAME}:{question.qid}"
            cases.append(_ask(question, name, gold=gold, answers=accepted, group=group))
    return SetContent({NAME: _articles(loaded.documents)}, cases)


def _read_pool(is_asked: Callable[[XquadQuestion, str], bool], source: SetSource, data: Path) -> SetContent:
    loaded = _load(source, data)
    cases = []
    for question in loaded.questions(source.every):
        for language in loaded.languages:
            if language not in question.gold or not is_asked(question, language):
                continue
            # An answer is published in the question's language only, and the quote is in the article's.
            is_comparable = question.answer and question.lang == language
            cases.append(
                _ask(
                    question,
                    f"{question.qid}:{question.lang}-{language}",
                    filters=CaseFilters(languages=(language,)),
                    gold=(loaded.gold(question, language),),
                    answers=(question.answer,) if is_comparable else (),
                    group=f"{NAME}:{question.qid}:{language}",
                )
            )
    return SetContent({NAME: _articles(loaded.documents)}, cases)


def _read_halves(split: str, source: SetSource, data: Path) -> SetContent:
    """Return each half in turn is a library, so that every question is asked both ways."""
    sentences, questions = _read(data)
    languages = source.languages or tuple(sorted({s.lang for s in sentences}))
    places = sorted({(s.art, s.par) for s in sentences})
    articles = sorted({article for article, _ in places})
    turn = {}
    for row, place in enumerate(places):
        turn[place] = (row if split == "paragraphs" else articles.index(place[0])) % 2
    libraries: dict[str, list[SetArticle]] = {}
    cases: list[Case] = []
    for half in (0, 1):
        present = [s for s in sentences if turn[s.art, s.par] == half and s.lang in languages]
        loaded = _Xquad(present, [question for question in questions if question.lang == "en"])
        name = f"{NAME}/{split}-{half}"
        libraries[name] = _articles(loaded.documents)
        for question in loaded.questions(source.every):
            is_there = turn[question.paragraph] == half
            for language in filter(question.gold.__contains__, languages):
                cases.append(
                    _ask(
                        question,
                        f"{question.qid}:{language}",
                        name,
                        filters=CaseFilters(languages=(language,)),
                        gold=(loaded.gold(question, language),) if is_there else (),
                        unanswerable=not is_there,
                        tags=(split, language),
                    )
                )
    return SetContent(libraries, cases)


PARTS = {
    # Questions in each language over the articles in it; the gold is the answering sentence.
    "monolingual": partial(_read_pool, lambda question, language: question.lang == language),
    # Over the articles in each language, the same question in that language and in English.
    "gap": partial(_read_pool, lambda question, language: question.lang in {language, "en"}),
    # Questions in each language over all articles in all languages, with a right sentence in each.
    "mixed": _read_mixed,
    # English questions, each asked with its article in the library and without it.
    "half-articles": partial(_read_halves, "articles"),
    # English questions, each with its paragraph there and without it: what is left is on its topic.
    "half-paragraphs": partial(_read_halves, "paragraphs"),
}
