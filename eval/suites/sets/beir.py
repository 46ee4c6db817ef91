"""Any retrieval set in the layout of BEIR (Thakur et al., NeurIPS 2021): corpus, queries, qrels."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from pydantic import Field

from eval.suites.cases import Case, Gold, SetSource
from eval.suites.sets.content import MissingSetError, Record, SetArticle, SetContent, read_records
from vectorstore import SourceError, canonicalize

NAME = "beir"
CORPUS = "corpus.jsonl"


class _Document(Record):
    id: str = Field(alias="_id")
    text: str
    title: str = ""


class _BeirQuery(Record):
    id: str = Field(alias="_id")
    text: str


def read_test(source: SetSource, data: Path) -> SetContent:
    """Return the judged queries; the gold is whole documents, any sentence of which finds them."""
    # In `data`, in `data/beir`, or in a folder of the latter: the first one with a corpus.
    places = [data, data / NAME, *sorted((data / NAME).glob("*/"))]
    folder = next((place for place in places if (place / CORPUS).is_file()), None)
    if folder is None:
        raise MissingSetError(f"{data} has no {CORPUS} and no {NAME}/*/{CORPUS}")
    language = source.languages[0] if source.languages else "en"
    articles: dict[str, SetArticle] = {}
    for document in read_records(folder / CORPUS, _Document):
        if any(map(str.isalnum, document.text)):
            key = _key(document.id)
            articles[key] = SetArticle(
                id=key, text=document.text, title=document.title.strip() or None, language=language
            )
    judged = _read_judgements(folder / "qrels" / "test.tsv")
    cases = []
    for query in read_records(folder / "queries.jsonl", _BeirQuery):
        gold = []
        for key in filter(articles.__contains__, map(_key, judged.get(query.id, ()))):
            gold.append(Gold(article=key, quote=canonicalize(articles[key].text).strip(), fact=key))
        if gold:
            name = f"{NAME}:{_key(query.id)}"
            cases.append(
                Case(id=name, question=query.text, language=language, library=NAME, gold=tuple(gold))
            )
    return SetContent({NAME: list(articles.values())}, cases[:: source.every])


PARTS = {"test": read_test}


def _key(identifier: str) -> str:
    """Return an id of the set as a key: what a key may not have becomes a dash."""
    return "d-" + re.sub(r"[^A-Za-z0-9._:#]", "-", identifier)


def _read_judgements(path: Path) -> dict[str, list[str]]:
    """Relevant documents by query."""
    found: dict[str, list[str]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            for number, row in enumerate(csv.reader(stream, delimiter="\t"), 1):
                if number == 1 and not row[-1].lstrip("-").isdigit():
                    continue
                if len(row) < 3 or not row[-1].lstrip("-").isdigit():
                    raise SourceError(f"{path} line {number}: not `query<TAB>document<TAB>score`")
                if int(row[-1]) > 0:
                    found.setdefault(row[0], []).append(row[-2])
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} cannot be read ({error}); BEIR's layout has it") from error
    return found
