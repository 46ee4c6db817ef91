"""The second set of vectors beside the first, while articles come and go."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.vectorstore.synthetic import EMBEDDER, cut_lines, embed, fill, number_text, prepare
from vectorstore.model.article import Passage
from vectorstore.model.errors import EmbedderReplacedError, SetupError
from vectorstore.store import Database, EmbedderIdentity, Waiting

OTHER = EmbedderIdentity("other-1", 8, "openai:other", is_centred=False)


def embed_other(database: Database, waiting: Sequence[Waiting]) -> NDArray[np.float16]:
    def text(passage: Passage) -> str:
        return database.articles.get(passage.article_id).text[passage.span.start : passage.span.end]

    return embed([text(each.passage) for each in waiting], OTHER.dimension)


def fill_up(database: Database, batch: int = 4, tokens: int = 10) -> int:
    batches = 0
    while waiting := database.next_vectors.waiting(batch):
        database.next_vectors.store(waiting, embed_other(database, waiting), tokens)
        batches += 1
    return batches


def test_the_second_set_fills_up_and_takes_the_place_of_the_first(database: Database, path: Path) -> None:
    stored = fill(database, range(3))
    upcoming = database.next_vectors
    assert (upcoming.unfinished(), upcoming.count_waiting()) == (
        None,
        (9, sum(len(number_text(number)) for number in range(3))),
    )
    upcoming.begin(OTHER)
    assert fill_up(database) == 3
    unfinished = upcoming.unfinished()
    assert unfinished is not None
    assert (unfinished.embedder, unfinished.passages, unfinished.tokens) == (OTHER, 9, 30)
    before = database.generation
    (batch,) = upcoming.iter_vectors(100)
    ids = [passage_id for ready in stored for passage_id in ready.passage_ids]
    assert sorted(batch.ids) == sorted(ids)
    generation = upcoming.take_over()
    assert generation == before + 1
    assert upcoming.unfinished() is None
    reopened = database.reopened()
    assert (reopened.embedder, reopened.generation, reopened.check()) == (OTHER, generation, [])
    assert set(reopened.passages.ids(since=before)) == set(ids)
    found = reopened.vectors.load(batch.ids)
    np.testing.assert_array_equal(found.vectors, batch.vectors)
    words = [line for number in range(3) for line in number_text(number).splitlines(keepends=True)]
    expected = dict(zip(ids, embed(words, OTHER.dimension).astype(np.float32), strict=True))
    np.testing.assert_array_equal(found.vectors, [expected[passage_id] for passage_id in found.ids])
    with pytest.raises(SetupError, match="holds vectors of the embedder other-1"):
        Database.open(path, writable=False, embedder=EMBEDDER)


def test_who_had_the_old_set_open_is_told(database: Database, path: Path) -> None:
    (ready,) = fill(database, [1])
    with Database.open(path, writable=False, embedder=EMBEDDER) as reader:
        database.next_vectors.begin(OTHER)
        fill_up(database)
        assert len(reader.vectors.load(ready.passage_ids).ids) == 3
        database.next_vectors.take_over()
        message = f"The vectors in {path} have become those of other-1 meanwhile. Run the command again."
        for ask in (
            lambda: reader.vectors.load(ready.passage_ids),
            lambda: list(reader.vectors.iterate(10)),
            lambda: reader.generation,
        ):
            with pytest.raises(EmbedderReplacedError) as told:
                ask()
            assert str(told.value) == message
        assert reader.articles.get(ready.article.id) == ready.article
        assert len(reader.reopened().vectors.load(ready.passage_ids).ids) == 3


def test_what_comes_and_goes_meanwhile_is_picked_up_and_forgotten(database: Database) -> None:
    first, second, third = fill(database, range(3))
    database.next_vectors.begin(OTHER)
    fill_up(database)
    database.remove(first.article.id)
    (fourth,) = fill(database, [4])
    edition = prepare(number_text(2), origin="2.txt", title="Now it has a title", language="nl")
    database.add(edition.article, edition.cut, edition.vectors)
    assert database.needs_passages(edition.article) is False
    waiting = database.next_vectors.waiting(100)
    assert {each.passage.id for each in waiting} == {*fourth.passage_ids, *third.passage_ids}
    assert {each.passage for each in waiting} == {*fourth.cut, *edition.cut}
    with pytest.raises(ValueError, match="not complete"):
        database.next_vectors.take_over()
    fill_up(database)
    database.next_vectors.take_over()
    reopened = database.reopened()
    assert reopened.check() == []
    assert len(reopened.vectors.load([*second.passage_ids, *third.passage_ids, *fourth.passage_ids]).ids) == 9


def test_a_passage_cut_anew_while_it_is_embedded_keeps_nothing_of_it(database: Database) -> None:
    (ready,) = fill(database, [1])
    database.next_vectors.begin(OTHER)
    waiting = database.next_vectors.waiting(100)
    vectors = embed_other(database, waiting)
    database.remove(ready.article.id)
    (other,) = fill(database, [2])
    database.next_vectors.store(waiting, vectors, 5)
    assert {each.passage.id for each in database.next_vectors.waiting(100)} == set(other.passage_ids)
    unfinished = database.next_vectors.unfinished()
    assert unfinished is not None
    assert (unfinished.passages, unfinished.tokens) == (0, 5)


def test_the_same_embedder_goes_on_and_another_begins_anew(database: Database, path: Path) -> None:
    fill(database, range(2))
    upcoming = database.next_vectors
    upcoming.begin(OTHER)
    waiting = upcoming.waiting(2)
    upcoming.store(waiting, embed_other(database, waiting), 7)
    with Database.open(path, writable=False, embedder=None) as again:
        moved = EmbedderIdentity("other-1", 8, "e5:/elsewhere", is_centred=False)
        again.next_vectors.begin(moved)
        unfinished = again.next_vectors.unfinished()
        assert unfinished is not None
        assert (unfinished.embedder, unfinished.passages, unfinished.tokens) == (moved, 2, 7)
        assert again.next_vectors.count_waiting()[0] == 4
        assert again.next_vectors.count_waiting(all_passages=True)[0] == 6
        again.next_vectors.begin(EmbedderIdentity("other-1", 12))
        unfinished = again.next_vectors.unfinished()
        assert unfinished is not None
        assert (unfinished.embedder.dimension, unfinished.passages, unfinished.tokens) == (12, 0, 0)
        again.next_vectors.drop()
        assert again.next_vectors.unfinished() is None
        assert len(again.next_vectors.waiting(100)) == 6


def test_vectors_that_do_not_fit_are_refused(database: Database) -> None:
    (ready,) = fill(database, [1])
    waiting = database.next_vectors.waiting(3)
    good = embed(["a", "b", "c"], OTHER.dimension)
    with pytest.raises(ValueError, match="set has None"):
        database.next_vectors.store(waiting, good, 0)
    database.next_vectors.begin(OTHER)
    for bad in (good[:2], good[:, :4], 2 * good, np.full_like(good, np.nan)):
        with pytest.raises(ValueError, match="vectors are"):
            database.next_vectors.store(waiting, bad, 0)
    assert database.next_vectors.count_waiting()[0] == len(cut_lines(ready.article))


def test_what_waits_is_looked_for_behind_a_number(database: Database) -> None:
    fill(database, range(2))
    numbers = [each.number for each in database.next_vectors.waiting(100)]
    assert len(numbers) == 6 and numbers == sorted(numbers)
    assert [each.number for each in database.next_vectors.waiting(2, numbers[1])] == numbers[2:4]
    assert database.next_vectors.waiting(2, numbers[-1]) == []


def test_an_empty_library_can_change_its_embedder(database: Database) -> None:
    database.next_vectors.begin(OTHER)
    assert (database.next_vectors.waiting(5), list(database.next_vectors.iter_vectors(5))) == ([], [])
    database.next_vectors.take_over()
    reopened = database.reopened()
    assert (reopened.embedder, reopened.check()) == (OTHER, [])
