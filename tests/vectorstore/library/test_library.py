from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from agent.settings.loading import load_settings
from vectorstore import AddOutcome, Filters, Given, Library, SetupError
from vectorstore.index import ChromaIndex
from vectorstore.library.library import ALWAYS_ENCODED, MOST_ENCODED


def open_library(*, writable: bool = False) -> Library:
    return Library.open(load_settings().for_library(), writable=writable)


def write(folder: Path, name: str, *paragraphs: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("\n\n".join(paragraphs) + "\n", "utf-8")
    return path


def test_what_was_stored_and_not_indexed_is_found_and_indexed_by_the_next_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = write(
        tmp_path / "in", "one.txt", "Ferry sinks", "A ferry sank off Texel on Monday; all were rescued."
    )
    two = write(
        tmp_path / "in", "two.txt", "Bridge opens", "The new bridge at Zaltbommel was opened on Tuesday."
    )
    with monkeypatch.context() as patch:
        patch.setattr(ChromaIndex, "apply", lambda *_: None)
        with open_library(writable=True) as library:
            library.add([one], Given())
    with open_library() as library:
        behind = [str(finding) for finding in library.doctor() if not finding.is_well]
        assert behind and all("searched without it" in line for line in behind)
        found = library.search("which ferry sank?").evidence[0]
        assert "ferry sank" in library.articles.get(found.article_id).text[found.span.start : found.span.end]
    with open_library(writable=True) as library:
        library.add([two], Given())
        assert [finding for finding in library.doctor() if not finding.is_well] == []


def test_a_new_edition_takes_the_place_of_the_old_which_stays_readable(tmp_path: Path) -> None:
    path = write(
        tmp_path / "in", "one.txt", "Ferry sinks", "A ferry sank off Texel on Monday; two are missing."
    )
    with open_library(writable=True) as library:
        library.add([path], Given())
        old = library.articles.headers()[0].id
        path.write_text(path.read_text("utf-8").replace("two are missing", "all were rescued"), "utf-8")
        report = library.add([path], Given())
        assert report.counts == {AddOutcome.REPLACED: 1}
        assert [header.id for header in library.articles.headers()] != [old]
        assert "two are missing" in library.articles.get(old).text
        texts = [library.articles.get(e.article_id).text for e in library.search("who is missing?").evidence]
        assert texts and all("two are missing" not in text for text in texts)


def test_sentences_are_encoded_in_order_and_cover_the_article(tmp_path: Path) -> None:
    sentences = [f"Report {number} says that district {number} voted for the plan." for number in range(12)]
    with open_library(writable=True) as library:
        library.add([write(tmp_path / "in", "one.txt", "Vote", " ".join(sentences))], Given())
        article = library.articles.get(library.articles.headers()[0].id)
        encoded = library.encode_sentences(article)
    words = [article.text[sentence.span.start : sentence.span.end] for sentence in encoded]
    assert words == ["Vote", *sentences]
    assert np.allclose([np.linalg.norm(sentence.vector) for sentence in encoded], 1, atol=1e-5)


def test_of_a_very_long_article_the_beginning_and_the_most_central_passages_are_encoded(
    tmp_path: Path,
) -> None:
    paragraphs = [
        " ".join(f"In part {part} the committee heard witness {part * 9 + n} on the dike." for n in range(9))
        for part in range(2 * MOST_ENCODED)
    ]
    with open_library(writable=True) as library:
        library.add([write(tmp_path / "in", "long.txt", "Dike inquiry", *paragraphs)], Given())
        article = library.articles.get(library.articles.headers()[0].id)
        passages = library.passages.of_article(article.id)
        encoded = {sentence.passage.ordinal for sentence in library.encode_sentences(article)}
    assert len(passages) > MOST_ENCODED
    assert len(encoded) == MOST_ENCODED
    assert set(range(ALWAYS_ENCODED)) <= encoded


def test_of_a_question_as_much_is_read_as_the_embedder_takes(tmp_path: Path) -> None:
    with open_library(writable=True) as library:
        assert library.count_read("who warned?") == len("who warned?")
        long = "who warned about the flood " * 400
        read = library.count_read(long)
        assert 0 < read < len(long)
        assert len(library.embedder.token_offsets(long[:read])) <= library.embedder.max_tokens


def test_a_library_of_another_embedder_is_refused_with_the_way_out(tmp_path: Path) -> None:
    import sqlite3

    with open_library(writable=True) as library:
        library.add(
            [write(tmp_path / "in", "one.txt", "Ferry", "A ferry sank off Texel on Monday.")], Given()
        )
    database = load_settings().library / "library.db"
    with sqlite3.connect(database) as connection:
        connection.execute("update library set embedder = 'another'")
    refusal = r"holds vectors of the embedder another .*pullquote reembed"
    with open_library(writable=True) as library:
        with pytest.raises(SetupError, match=refusal):
            library.add([tmp_path / "in"], Given())
        *others, embedder = library.doctor(repair=True)
        assert all(finding.is_well for finding in others)
        assert (embedder.what, embedder.is_well) == ("embedder", False)
    with open_library() as library, pytest.raises(SetupError, match="another"):
        library.search("which ferry?")
    with open_library() as library:
        assert len(library.articles.headers(Filters())) == 1
