"""Articles in and out of the library database."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.vectorstore.synthetic import DIMENSION, EMBEDDER, fill, number_text, prepare
from vectorstore.model.article import Boilerplate, Passage, Precision, Provenance, Published, Role, Span
from vectorstore.model.errors import SourceError, UnknownArticleError
from vectorstore.model.filters import Filters
from vectorstore.store import AddOutcome, AddResult, ArticleHeader, Database, Opinion

NOON = datetime(2024, 12, 3, 12, 0, tzinfo=UTC)
FULL = prepare(
    "Titel\nZin één. Zin twee.\nGerelateerd\n",
    language="nl-NL",
    origin="news/a.txt",
    location="/news/a.txt",
    title="Titel",
    subtitle="Onder",
    outlet="De Krant",
    authors=("Ann Öz", "Bo"),
    published=Published(NOON, Precision.MINUTE, Provenance.METADATA),
    url="https://example.org/a",
    boilerplate=(Boilerplate(Span(25, 37), Role.RELATED),),
)


def test_an_article_comes_back_whole(database: Database) -> None:
    result = database.add(FULL.article, FULL.cut, FULL.vectors)
    a, b, c = FULL.passage_ids
    assert result == AddResult(AddOutcome.ADDED, (a, b, c), ())
    assert database.articles.get(FULL.article.id) == FULL.article
    assert database.articles.load([FULL.article.id, "0"]) == {FULL.article.id: FULL.article}
    assert database.passages.load([c, "nonsense", a, f"{FULL.article.id}:9"]) == [FULL.cut[2], FULL.cut[0]]
    assert database.passages.of_article(FULL.article.id) == list(FULL.cut)
    batch = database.vectors.load([c, "0:x", a])
    assert (batch.ids, batch.languages) == ([c, a], ["nl-NL", "nl-NL"])
    assert batch.vectors.dtype == np.float32
    assert np.array_equal(batch.vectors, FULL.vectors[[2, 0]].astype(np.float32))
    assert database.passages.ids() == [a, b, c]
    assert database.passages.count() == 3
    assert database.articles.headers() == [
        ArticleHeader(
            id=FULL.article.id,
            title="Titel",
            subtitle="Onder",
            outlet="De Krant",
            authors=("Ann Öz", "Bo"),
            published=FULL.article.published,
            url="https://example.org/a",
            origin="news/a.txt",
            language="nl-NL",
            passages=3,
            added=datetime(2026, 11, 24, 12, 2, tzinfo=UTC),
            superseded_by=None,
        )
    ]
    assert database.check() == []


def test_adding_the_same_again_changes_nothing(database: Database) -> None:
    database.add(FULL.article, FULL.cut, FULL.vectors)
    before = database.revision, database.articles.headers()
    assert not database.needs_passages(FULL.article)
    assert database.add(FULL.article) == AddResult(AddOutcome.UNCHANGED)
    assert database.add(FULL.article, FULL.cut, FULL.vectors) == AddResult(AddOutcome.UNCHANGED)
    assert (database.revision, database.articles.headers()) == before


def test_the_same_text_from_elsewhere_is_merged(database: Database) -> None:
    first = prepare("One text.\n", origin="a.txt", location="/a.txt")
    database.add(first.article, first.cut, first.vectors)
    before = database.revision
    copy = replace(first.article, origin="b.html", location="https://b", url="https://b", outlet="B")
    assert not database.needs_passages(copy)
    assert database.add(copy) == AddResult(AddOutcome.MERGED)
    assert database.articles.get(copy.id) == replace(first.article, outlet="B", url="https://b")
    assert database.generation == before.generation + 1
    assert database.add(copy) == AddResult(AddOutcome.UNCHANGED)
    assert database.add(first.article) == AddResult(AddOutcome.UNCHANGED)
    plain = replace(first.article, origin="c.txt", location="/c.txt")
    assert database.add(plain) == AddResult(AddOutcome.MERGED)
    assert database.generation == before.generation + 1, (
        "where else it was read changes nothing that is found"
    )


def test_what_passages_were_made_with_calls_for_new_ones(database: Database) -> None:
    first = prepare("Un texte.\nDeux.\n", origin="a.txt", location="/a.txt", language="en")
    database.add(first.article, first.cut, first.vectors)
    french = prepare("Un texte.\nDeux.\n", origin="a.txt", location="/a.txt", language="fr")
    assert database.needs_passages(french.article)
    with pytest.raises(ValueError, match="without passages"):
        database.add(french.article)
    result = database.add(french.article, french.cut, french.vectors)
    assert result == AddResult(AddOutcome.MERGED, french.passage_ids, ())
    assert database.vectors.load(french.passage_ids).languages == ["fr", "fr"]
    assert np.array_equal(
        database.vectors.load(french.passage_ids).vectors, french.vectors.astype(np.float32)
    )
    assert database.passages.ids(since=database.generation - 1) == list(french.passage_ids)
    coarser = Passage(first.article.id, 0, Span(0, 16), (Span(0, 16),))
    titled = replace(french.article, title="Titre")
    result = database.add(titled, [coarser], french.vectors[:1])
    assert result == AddResult(AddOutcome.MERGED, french.passage_ids[:1], french.passage_ids[1:])
    assert database.check() == []


def test_a_new_edition_supersedes_the_old_one(database: Database) -> None:
    old = prepare("Old words.\nMore.\n", origin="a.txt", location="/a.txt")
    new = prepare("New words.\n", origin="a.txt", location="/a.txt")
    database.add(old.article, old.cut, old.vectors)
    result = database.add(new.article, new.cut, new.vectors)
    assert result == AddResult(AddOutcome.REPLACED, new.passage_ids, old.passage_ids)
    assert database.passages.ids() == list(new.passage_ids)
    assert database.passages.load(old.passage_ids) == []
    assert database.passages.find_by_terms(["old"], limit=5) == []
    assert database.articles.get(old.article.id) == old.article, "receipts must stay verifiable"
    assert database.articles.resolve(old.article.id) == old.article.id
    assert [header.id for header in database.articles.headers()] == [new.article.id]
    superseded = database.articles.headers(include_superseded=True)
    assert {header.id: (header.passages, header.superseded_by) for header in superseded} == {
        old.article.id: (0, new.article.id),
        new.article.id: (1, None),
    }
    assert database.check() == []


def test_a_text_that_comes_back_is_found_again(database: Database) -> None:
    old = prepare("Old words.\nMore.\n", location="/a.txt")
    new = prepare("New words.\n", location="/a.txt")
    for ready in (old, new):
        database.add(ready.article, ready.cut, ready.vectors)
    assert database.needs_passages(old.article)
    result = database.add(old.article, old.cut, old.vectors)
    assert result == AddResult(AddOutcome.REPLACED, old.passage_ids, new.passage_ids)
    elsewhere = replace(new.article, location="/b.txt")
    assert database.add(elsewhere, new.cut, new.vectors) == AddResult(AddOutcome.ADDED, new.passage_ids)
    assert {header.id for header in database.articles.headers()} == {old.article.id, new.article.id}
    assert database.articles.get(new.article.id).location == "/b.txt"
    assert database.check() == []


def test_a_text_that_still_stands_elsewhere_is_not_superseded(database: Database) -> None:
    shared = prepare("Agency text.\n", location="/a.txt", origin="a.txt")
    database.add(shared.article, shared.cut, shared.vectors)
    database.add(replace(shared.article, location="/b.txt", origin="b.txt"))
    update = prepare("Updated text.\n", location="/a.txt", origin="a.txt")
    result = database.add(update.article, update.cut, update.vectors)
    assert result == AddResult(AddOutcome.ADDED, update.passage_ids)
    assert database.articles.get(shared.article.id).location == "/b.txt"
    again = replace(update.article, location="/b.txt", origin="b.txt")
    assert database.add(again) == AddResult(AddOutcome.REPLACED, (), shared.passage_ids)
    assert database.check() == []


def test_removing_takes_the_earlier_editions_along(database: Database) -> None:
    editions = [prepare(f"Edition {n}.\n", location="/a.txt") for n in range(3)]
    other = prepare("Another.\n", location="/o.txt")
    for ready in [*editions, other]:
        database.add(ready.article, ready.cut, ready.vectors)
    first, second, third = (ready.article.id for ready in editions)
    assert database.remove(second) == ()
    by_id = {header.id: header.superseded_by for header in database.articles.headers(include_superseded=True)}
    assert by_id == {first: third, third: None, other.article.id: None}
    before = database.generation
    assert database.remove(third) == editions[2].passage_ids
    assert database.generation == before + 1
    assert [header.id for header in database.articles.headers(include_superseded=True)] == [other.article.id]
    assert database.check() == []
    again = editions[0]
    assert database.add(again.article, again.cut, again.vectors).outcome is AddOutcome.ADDED
    with pytest.raises(UnknownArticleError, match=f"begins with “{third}”"):
        database.remove(third)
    with pytest.raises(UnknownArticleError, match="pullquote articles"):
        database.articles.get(third)


def test_short_ids_are_completed(database: Database) -> None:
    stored = fill(database, range(40))
    ids = sorted(ready.article.id for ready in stored)
    assert database.articles.resolve(ids[7].upper() + " ") == ids[7]
    assert database.articles.resolve(ids[7][:12]) == ids[7]
    clash = next(a[0] for a, b in pairwise(ids) if a[0] == b[0])
    fitting = [one for one in ids if one.startswith(clash)]
    with pytest.raises(UnknownArticleError) as several:
        database.articles.resolve(clash)
    assert str(several.value).splitlines() == [
        f"Several articles' ids begin with “{clash}”; add a digit:",
        *[f"  {one}  (no title)" for one in fitting[:10]],
        *(["  …"] if len(fitting) > 10 else []),
    ]
    for nothing in ("", "zz", "%", "_"):
        with pytest.raises(UnknownArticleError, match="No article's id"):
            database.articles.resolve(nothing)


def test_vectors_come_in_batches_of_whole_articles(database: Database) -> None:
    stored = fill(database, range(7))
    expected = {
        id_: row for ready in stored for id_, row in zip(ready.passage_ids, ready.vectors, strict=True)
    }
    batches = list(database.vectors.iterate(7))
    assert [len(batch.ids) for batch in batches] == [6, 6, 6, 3]
    seen = {id_: row for batch in batches for id_, row in zip(batch.ids, batch.vectors, strict=True)}
    assert seen.keys() == expected.keys()
    assert all(np.array_equal(seen[id_], expected[id_].astype(np.float32)) for id_ in seen)
    assert all(batch.languages == ["en"] * len(batch.ids) for batch in batches)
    assert len(list(database.vectors.iterate(1))) == 7


def test_many_ids_are_more_than_one_statement_takes(database: Database) -> None:
    stored = fill(database, range(3))
    ids = [f"{n:016x}:0" for n in range(40_000)]
    ids[39_000] = stored[1].passage_ids[2]
    assert database.vectors.load(ids).ids == [ids[39_000]]
    assert database.passages.load(ids) == [stored[1].cut[2]]


def test_readers_give_feedback_and_remove_nothing(database: Database, path: Path) -> None:
    with Database.open(path, writable=False, embedder=EMBEDDER) as reader:
        reader.feedback.put("bcdfgh", "Why?", Opinion.GOOD, "me")
        with pytest.raises(ValueError, match="opened for reading"):
            reader.remove("0")
    assert [given.opinion for given in database.feedback.all()] == [Opinion.GOOD]


def test_what_does_not_fit_is_refused_whole(database: Database) -> None:
    good = prepare("Two lines.\nOf text.\n")
    gap = replace(good.cut[1], span=Span(12, 20))
    short = replace(good.cut[1], sentences=(Span(11, 19),))
    wrong_calls = [
        ((good.article, good.cut, good.vectors[:1]), "vectors are"),
        ((good.article, good.cut, good.vectors * 2), "unit length"),
        ((good.article, good.cut, good.vectors * np.float16("nan")), "unit length"),
        ((good.article, good.cut[:1], good.vectors[:1]), "end before its text"),
        ((good.article, (good.cut[0], gap), good.vectors), "sentences do not tile|does not follow"),
        ((good.article, (good.cut[0], short), good.vectors), "sentences do not tile"),
        ((replace(good.article, id="0" * 16), good.cut, good.vectors), "not the id of that text"),
        ((good.article,), "without passages"),
    ]
    for arguments, message in wrong_calls:
        with pytest.raises(ValueError, match=message):
            database.add(*arguments)
    assert database.articles.headers(include_superseded=True) == []
    assert database.generation == 0
    assert database.add(good.article, good.cut, good.vectors).outcome is AddOutcome.ADDED


def test_generation_counts_what_can_be_found(database: Database, path: Path) -> None:
    assert database.generation == 0
    fill(database, range(3))
    revision = database.revision
    assert revision.generation == 3
    assert database.has_revision(revision)
    assert not database.has_revision(replace(revision, token="0"))
    assert not database.has_revision(replace(revision, generation=99))
    assert not database.has_revision(replace(revision, library="another"))
    with Database.open(path, writable=False, embedder=None) as reader:
        assert reader.revision == revision
        fill(database, [3])
        assert reader.generation == 4
        assert reader.passages.ids(since=3) == list(prepare(number_text(3)).passage_ids)


def test_threads_share_a_database(database: Database) -> None:
    stored = fill(database, range(20))
    wrong: list[object] = []

    def read(seed: int) -> None:
        order = np.random.default_rng(seed).permutation(len(stored))
        for index in [*order, *order]:
            ready = stored[index]
            if database.passages.load(ready.passage_ids) != list(ready.cut):
                wrong.append(ready.article.id)
            if not np.array_equal(
                database.vectors.load(ready.passage_ids).vectors, ready.vectors.astype(np.float32)
            ):
                wrong.append(ready.article.id)
            if not database.passages.find_by_terms([f"article{index}"], limit=3):
                wrong.append(index)

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    writer = fill(database, range(20, 30))
    for thread in threads:
        thread.join()
    assert wrong == []
    assert database.passages.count() == 3 * (len(stored) + len(writer))


def test_check_finds_what_is_wrong(database: Database) -> None:
    one, two, three, four = fill(database, range(4))
    database.add(replace(four.article, location="/x"), four.cut, four.vectors)
    newer = prepare("Newer.\n", location="/y")
    database.add(newer.article, newer.cut, newer.vectors)
    assert database.check() == []
    with database._file.write() as connection:
        run = connection.exec_driver_sql
        run("UPDATE texts SET text = 'forged' WHERE article_id = ?", (one.article.id,))
        run("UPDATE passages SET start = start + 1 WHERE article_id = ? AND ordinal = 1", (two.article.id,))
        bad = np.zeros((3, DIMENSION), np.float16).tobytes()
        run("UPDATE vectors SET data = ? WHERE article_id = ?", (bad, three.article.id))
        run("UPDATE articles SET superseded_by = ? WHERE id = ?", (newer.article.id, four.article.id))
        run(
            "DELETE FROM lexical WHERE rowid IN (SELECT number FROM passages WHERE article_id = ?)",
            (newer.article.id,),
        )
    found = database.check()
    assert sorted(found) == sorted(
        [
            f"article {one.article.id}: its text is missing or not the one that was added",
            f"article {two.article.id}: passage {two.article.id}:1 does not follow on {two.article.id}:0",
            f"article {three.article.id}: its vectors are not finite and of unit length",
            f"article {four.article.id}: superseded, but can still be found",
            # The forged article's passages are not looked at, so their terms are left over.
            "lexical index: 1 passages are missing, 3 are left over",
        ]
    )


def test_the_lexical_index_is_made_again_from_the_texts(database: Database) -> None:
    stored = fill(database, range(5))
    with database._file.write() as connection:
        connection.exec_driver_sql("UPDATE lexical_data SET block = X'00' WHERE id > 10")
    assert database.check() != []
    database.rebuild_lexical()
    assert database.check() == []
    hits = database.passages.find_by_terms(["article3"], limit=5)
    assert set(hits) == set(stored[3].passage_ids)


def test_filters_choose_articles(database: Database) -> None:
    def at(day: int) -> Published:
        return Published(datetime(2024, 12, day, tzinfo=UTC), Precision.DAY, Provenance.GIVEN)

    made = {
        name: prepare(f"Text {name}.\n", origin=name, **metadata)
        for name, metadata in {
            "a": {"outlet": "NRC", "authors": ("Ann",), "language": "zh-CN", "published": at(3)},
            "b": {"outlet": "Straße", "authors": ("Ann", "BO"), "language": "zh", "published": at(4)},
            "c": {"outlet": "nrc", "authors": ("bo",), "language": "zho", "published": at(5)},
            "d": {"language": "EN-gb"},
            "/in/news/e": {"language": "fr", "location": "/in/news/e"},
            "/in/news.jsonl#line 2": {"language": "fr", "url": "https://x.example/50%/a"},
        }.items()
    }
    for ready in made.values():
        database.add(ready.article, ready.cut, ready.vectors)

    def chosen(**conditions: object) -> str:
        filters = Filters(**conditions)  # type: ignore[arg-type]
        listed = {header.origin for header in database.articles.headers(filters)}
        candidates = database.passages.ids(filters)
        assert {made[name].passage_ids[0] for name in listed} == set(candidates)
        hits = database.passages.find_by_terms(["text"], limit=9, filters=filters)
        assert set(hits) == set(candidates)
        return "".join(sorted(listed))

    assert chosen(outlets=("Nrc",)) == "ac"
    assert chosen(outlets=("STRASSE", "nobody")) == "b"
    assert chosen(authors=("bo",)) == "bc"
    assert chosen(authors=("bo",), outlets=("NRC",)) == "c"
    assert chosen(languages=("zh",)) == "ab"
    assert chosen(languages=("ZH-cn", "en")) == "ad"
    assert chosen(languages=("%",)) == ""
    assert chosen(since=at(4).at) == "bc"
    assert chosen(until=at(4).at) == "a"
    assert chosen(since=at(3).at, until=at(5).at) == "ab"
    assert chosen(articles=(made["d"].article.id, "0")) == "d"
    assert chosen(collections=("/in/news",)) == chosen(collections=("/in/news/",)) == "/in/news/e"
    assert chosen(collections=("/in/news.jsonl",)) == "/in/news.jsonl#line 2"
    assert chosen(collections=("https://x.example/50%",)) == "/in/news.jsonl#line 2"
    assert chosen(collections=("/in/new", "https://x.example/5")) == ""
    assert chosen(collections=("/in/news/e", "a")) == "/in/news/ea"
    assert len(database.passages.ids(Filters())) == len(made)
    assert [header.origin for header in database.articles.headers()] == [
        "c",
        "b",
        "a",
        "/in/news.jsonl#line 2",
        "/in/news/e",
        "d",
    ]


def test_a_hash_collision_is_refused(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = prepare("First.\n"), prepare("Other.\n")
    database.add(first.article, first.cut, first.vectors)
    monkeypatch.setattr("vectorstore.store.changing.id_of", lambda text: first.article.id)
    twin = replace(second.article, id=first.article.id, origin="twin.txt")
    cut = [replace(second.cut[0], article_id=first.article.id)]
    with pytest.raises(SourceError, match=f"twin.txt.*{first.article.id}"):
        database.add(twin, cut, second.vectors)
