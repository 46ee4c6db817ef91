"""SQuAD 2.0 (Rajpurkar, Jia and Liang, ACL 2018), and any set in its format: half of it has no answer."""

from __future__ import annotations

from pathlib import Path

from eval.suites.cases import Case, CaseFilters, Gold, SetSource
from eval.suites.sets.content import Record, SetArticle, SetContent, find_file, read_object
from vectorstore import canonicalize

NAME = "squad-2"
_FILES = ("dev-v2.0.json", "squad_2.json")


class _Answer(Record):
    text: str
    answer_start: int


class _SquadQuestion(Record):
    id: str
    question: str
    is_impossible: bool = False
    answers: tuple[_Answer, ...] = ()


class _Paragraph(Record):
    context: str
    qas: tuple[_SquadQuestion, ...]


class _Article(Record):
    title: str
    paragraphs: tuple[_Paragraph, ...]


class _File(Record):
    data: tuple[_Article, ...]


def read_all(source: SetSource, data: Path) -> SetContent:
    """Return each question of its own article, so that no other one can answer it."""
    found = find_file(data, _FILES)
    language = source.languages[0] if source.languages else "en"
    articles: list[SetArticle] = []
    cases: list[Case] = []
    for number, entry in enumerate(read_object(found, _File).data):
        key = f"{NAME}/{number}"
        contexts = [canonicalize(paragraph.context) for paragraph in entry.paragraphs]
        articles.append(SetArticle(id=key, text="\n\n".join(contexts), language=language))
        offset = 0
        for paragraph, context in zip(entry.paragraphs, contexts, strict=True):
            cases += [_case(asked, key, offset, context, language) for asked in paragraph.qas]
            # Two line ends are between paragraphs.
            offset += len(context) + 2
    return SetContent({NAME: articles}, cases[:: source.every])


PARTS = {"all": read_all}


def _case(asked: _SquadQuestion, key: str, offset: int, context: str, language: str) -> Case:
    right = [] if asked.is_impossible else list(asked.answers)
    gold = []
    for answer in right:
        words = canonicalize(answer.text)
        is_there = context[answer.answer_start : answer.answer_start + len(words)] == words
        start = answer.answer_start if is_there else context.find(words)
        if words and start >= 0:
            gold.append(Gold(article=key, quote=words, start=offset + start, fact="answer"))
    return Case(
        id=f"{NAME}:{asked.id}",
        question=asked.question.strip(),
        language=language,
        library=NAME,
        filters=CaseFilters(articles=(key,)),
        gold=tuple(dict.fromkeys(gold)),
        answers=tuple(dict.fromkeys(answer.text for answer in right if answer.text)),
        unanswerable=not right,
    )
