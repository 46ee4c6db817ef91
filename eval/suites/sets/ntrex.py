"""NTREX-128 (Federmann et al. 2022): a headline in English, its article in another language."""

from __future__ import annotations

from pathlib import Path

from eval.suites.cases import Case, CaseFilters, Gold, SetSource
from eval.suites.datasets import NTREX_NEWS, compose_news, read_news
from eval.suites.sets.content import SetArticle, SetContent, find_file

NAME = "ntrex"


def read_headlines(source: SetSource, data: Path) -> SetContent:
    """Return every sentence of the headline's article is gold, and one is enough: the task is the article."""
    find_file(data, [NTREX_NEWS])
    news = read_news(data)[:: source.every]
    documents = compose_news(news)
    spoken = source.languages or tuple(sorted({document.language for document in documents}))
    titles = {document.doc_id: document.title for document in news}
    records, cases = [], []
    for document in documents:
        if document.language not in spoken:
            continue
        records.append(SetArticle(id=document.key, text=document.text, language=document.language))
        name = document.key.partition("/")[2]
        if "eng" in titles[name]:
            cases.append(
                Case(
                    id=f"{NAME}:{document.key}",
                    question=titles[name]["eng"],
                    language="en",
                    library=NAME,
                    filters=CaseFilters(languages=(document.language,)),
                    gold=(Gold(article=document.key, quote=document.text, fact="article"),),
                    cluster=f"{NAME}-{name}",
                )
            )
    return SetContent({NAME: records}, cases)


PARTS = {"headlines": read_headlines}
