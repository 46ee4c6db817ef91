from __future__ import annotations

from agent.generative.answering import find_missing
from agent.generative.sentence_ids import SentenceIds
from vectorstore import Library


def test_labels_number_articles_as_they_turn_up_and_sentences_as_they_stand(library: Library) -> None:
    labels = SentenceIds(library.articles.get, library.passages.of_article)
    first, second = (header.id for header in library.articles.headers()[:2])
    for name, article_id in (("a1", first), ("a2", second), ("a1", first)):
        sentences = labels.of_article(article_id)
        assert labels.name_of(article_id) == name
        assert [sentence.id for sentence in sentences] == [f"{name}.{n + 1}" for n in range(len(sentences))]
        assert sentences == tuple(sorted(sentences, key=lambda sentence: sentence.span))
        text = library.articles.get(article_id).text
        assert all(
            text[s.span.start : s.span.end].strip() == text[s.span.start : s.span.end] for s in sentences
        )
    assert (labels.find_article("a2"), labels.find_article("2"), labels.find_article("a3")) == (
        second,
        second,
        None,
    )


def test_only_what_was_shown_last_has_a_meaning(library: Library) -> None:
    labels = SentenceIds(library.articles.get, library.passages.of_article)
    one, two, *_ = labels.of_article(library.articles.headers()[0].id)
    assert labels.resolve(one.id) is None
    labels.show([one])
    assert (
        labels.resolve(one.id),
        labels.resolve(f"[{one.id.upper()}]"),
        labels.resolve(two.id),
    ) == (
        one,
        one,
        None,
    )
    labels.show([two])
    assert (labels.shown, labels.resolve(one.id)) == ((two.id,), None)


def test_what_is_missing_is_said_in_the_questions_own_words_only() -> None:
    question = "Who warned, and what did it COST?"
    parts = ["what did it cost", "  Who   warned?", "visit evil.example", "", "?"]
    assert find_missing(parts, question) == ("what did it COST", "Who warned")
