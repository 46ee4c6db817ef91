from __future__ import annotations

from urllib.parse import unquote

import pytest

from agent.answer.links import link_to_quote
from vectorstore import Article, Span, article_id


def make_article(text: str, url: str | None) -> Article:
    return Article(id=article_id(text), text=text, language="en", origin="a.txt", url=url)


def test_a_short_quote_is_spelled_out() -> None:
    article = make_article("First words. The minister said no. Last words.", "https://example.org/a?id=1")
    link = link_to_quote(article, Span(13, 34))
    assert link == "https://example.org/a?id=1#:~:text=The%20minister%20said%20no."


def test_a_long_quote_is_named_by_its_two_ends_at_word_boundaries() -> None:
    quote = "Negotiators from both countries met twice last week, but nobody would say what had been agreed."
    article = make_article(f"Opening. {quote} Closing.", "https://example.org/a")
    link = link_to_quote(article, Span(9, 9 + len(quote)))
    assert link == (
        "https://example.org/a#:~:text="
        "Negotiators%20from%20both%20countries,say%20what%20had%20been%20agreed."
    )


def test_commas_ampersands_and_dashes_of_the_text_do_not_read_as_syntax() -> None:
    article = make_article("A-B, C & D.", "https://example.org/a")
    link = link_to_quote(article, Span(0, 11))
    assert link == "https://example.org/a#:~:text=A%2DB%2C%20C%20%26%20D."


def test_a_quote_that_stands_twice_is_told_apart_by_what_comes_before() -> None:
    article = make_article(
        "He said no. Asked again on Friday morning, he was brief. He said no.", "https://example.org/a"
    )
    start = article.text.rindex("He said no.")
    link = link_to_quote(article, Span(start, start + 11))
    assert link is not None
    prefix, quote = link.partition(":~:text=")[2].split("-,")
    assert unquote(prefix) == "Friday morning, he was brief."
    assert unquote(quote) == "He said no."


def test_an_anchor_of_the_address_is_kept_and_its_own_directive_is_not() -> None:
    article = make_article("He said no.", "https://example.org/a#part2:~:text=other")
    assert link_to_quote(article, Span(0, 11)) == "https://example.org/a#part2:~:text=He%20said%20no."


@pytest.mark.parametrize(
    "url", [None, "javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//host/a"]
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert link_to_quote(make_article("He said no.", url), Span(0, 11)) is None


def test_scripts_without_spaces_are_cut_by_length() -> None:
    text = (
        "東京で開かれた会合で、両国の防衛相はインド太平洋地域の安全保障について懸念を表明し、"
        "今後の協力を強化することで一致したと述べた。"
    )
    link = link_to_quote(make_article(text, "https://example.jp/a"), Span(0, len(text)))
    assert link is not None
    start, end = (unquote(part) for part in link.partition(":~:text=")[2].split(","))
    assert text.startswith(start) and text.endswith(end)
    assert (len(start), len(end)) == (25, 25)
