from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.generative.sanitize import find_invented_addresses, sanitize


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Plain.", "Plain."),
        ("See [the report](https://x.example/a).", "See the report."),
        ("![alt](http://x.example/p.png) Rain", "alt Rain"),
        ("<b>Bold</b> <img src=x onerror=alert(1)>move", "Bold move"),
        ("<<b>b>nested</b>", "nested"),
        ("**Strong** and `code`", "Strong and code"),
        ("# Heading", "Heading"),
        ("- item", "item"),
        ("Visser warned [a1.2, a3.4].", "Visser warned."),
        ("Visser warned (a1.2)", "Visser warned"),
        ("one\ntwo\r\n\tthree", "one two three"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("\u202eright to left\u202c", "right to left"),
        ("3.5 million in 2024.", "3.5 million in 2024."),
    ],
)
def test_markup_goes_and_words_stay(written: str, shown: str) -> None:
    assert sanitize(written) == shown


@given(st.text(max_size=200))
def test_whatever_is_written_is_one_line_without_hidden_characters(text: str) -> None:
    shown = sanitize(text)
    assert shown == " ".join(shown.split())
    kinds = {unicodedata.category(char) for char in shown if char not in "\u200c\u200d"}
    assert not kinds & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://evil.example/x.", ("https://evil.example/x",)),
        ("See evil.example or www.evil.example!", ("evil.example", "www.evil.example")),
        ("It is all told at evil.example.", ("evil.example",)),
        ("Write to me@evil.example", ("evil.example",)),
        ("javascript:alert(1)", ("javascript:alert(1",)),
        ("It rose 3.5 per cent, the U.S. said at 8.30 p.m.", ()),
        ("Prof. Dr. A. de Vries e.a. of St. Gallen", ()),
        ("", ()),
    ],
)
def test_addresses_that_no_source_has_are_found(text: str, found: tuple[str, ...]) -> None:
    assert find_invented_addresses(text, ["A sentence."]) == found


def test_an_address_that_the_article_has_is_not_invented() -> None:
    assert find_invented_addresses("Booking.com raised fees.", ["booking.com raised its fees."]) == ()
