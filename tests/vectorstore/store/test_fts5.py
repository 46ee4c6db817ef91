"""Searching by words: ranking, pruning, and questions that look like syntax."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.vectorstore.synthetic import fill, prepare
from vectorstore.model.filters import Filters
from vectorstore.store import Database, fts5
from vectorstore.text.terms import query_terms


def add_lines(database: Database, *lines: str, **metadata: object) -> list[str]:
    ready = prepare("".join(f"{line}\n" for line in lines), origin=lines[0], **metadata)
    database.add(ready.article, ready.cut, ready.vectors)
    return list(ready.passage_ids)


def find(database: Database, question: str, **options: object) -> list[str]:
    return database.passages.find_by_terms(query_terms(question), limit=20, **options)  # type: ignore[arg-type]


def test_rare_words_and_short_passages_count_most(database: Database) -> None:
    ids = add_lines(
        database,
        "the minister met the press",
        "the minister of defence Kobayashi met the whole of the press in the capital",
        "Kobayashi spoke",
        *[f"nothing of the sort {number}" for number in range(6)],
    )
    assert find(database, "What did Kobayashi say?") == [ids[2], ids[1]]
    assert find(database, "minister")[0] == ids[0]
    assert find(database, "KOBAYASHI zzz") == [ids[2], ids[1]]
    assert find(database, "zzz") == []
    assert find(database, "…") == []
    assert database.passages.find_by_terms(["kobayashi"], limit=1) == [ids[2]]
    assert database.passages.find_by_terms(["kobayashi"], limit=0) == []


def test_every_script_is_found(database: Database) -> None:
    lines = {
        "東京で大地震が発生した": "地震",
        "เกิดน้ำท่วมในประเทศไทย": "น้ำท่วม",
        "Ο άνθρωπος": "ΑΝΘΡΩΠΟΣ",
        "قال أحمد": "احمد",
        "대통령이 말했다": "대통령",
        "\U0001e900\U0001e901\U0001e902": "\U0001e922\U0001e923\U0001e924",
        "Jonson’s": "jonson",
    }
    ids = add_lines(database, *lines)
    for passage_id, question in zip(ids, lines.values(), strict=True):
        assert find(database, question) == [passage_id], question


def test_languages_and_filters_narrow_together(database: Database) -> None:
    english = add_lines(database, "Panthers won", language="en", outlet="A")
    british = add_lines(database, "Panthers lost", language="en-GB", outlet="B")
    german = add_lines(database, "Panthers siegten", language="de", outlet="A")
    assert sorted(find(database, "panthers")) == sorted(english + british + german)
    assert sorted(find(database, "panthers", languages=("en",))) == sorted(english + british)
    assert find(database, "panthers", languages=("en",), filters=Filters(outlets=("a",))) == english
    assert find(database, "panthers", languages=("nl",)) == []


def test_what_was_removed_is_not_found(database: Database) -> None:
    stored = fill(database, range(4))
    database.remove(stored[2].article.id)
    assert find(database, "article2") == []
    assert len(find(database, "article1")) == 3
    assert database.check() == []


def test_common_words_are_not_read_in_a_large_library(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"common word{number}" for number in range(30)]
    ids = add_lines(database, *lines, "rare common")
    monkeypatch.setattr(fts5, "POSTINGS_READ", 10)
    assert find(database, "common rare word3") == [ids[3], ids[30]]
    assert len(find(database, "common")) == 20, "the rarest term is read however common it is"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Database:
    from tests.vectorstore.synthetic import EMBEDDER

    path = tmp_path_factory.mktemp("shared") / "library.db"
    database = Database.open(path, writable=True, embedder=EMBEDDER)
    add_lines(database, "foo and bar near col y", "or not")
    return database


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text(alphabet=st.sampled_from("abfoNEARORT \"'*():^-+{},.\\\x00;%_é東")) | st.text())
def test_no_question_is_syntax(shared: Database, question: str) -> None:
    shared.passages.find_by_terms(query_terms(question), limit=3)
    shared.passages.find_by_terms([question.replace("\x00", "") or "x"], limit=3)


@pytest.mark.parametrize(
    "question", ["foo AND", '"unbalanced', "col:y", "NEAR(foo bar)", "foo*", "-foo", "^foo", "NOT"]
)
def test_syntax_is_words(shared: Database, question: str) -> None:
    expected = [
        text
        for text in ("foo and bar near col y", "or not")
        if set(text.split()) & set(query_terms(question))
    ]
    hits = shared.passages.find_by_terms(query_terms(question), limit=3)
    assert len(hits) == len(expected)
