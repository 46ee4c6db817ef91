from __future__ import annotations

import re
from html import unescape
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from eval.report.excerpts import AROUND, BEGINNING, WHOLE, Marks, Numbered, choose_windows, make_excerpt
from eval.report.rendering import environment
from eval.runs.rows import ArticleRow
from vectorstore import Span

SENTENCE = "The council met for the third time this week. "


def article(text: str, language: str = "en") -> ArticleRow:
    return ArticleRow(id="a" * 16, text=text, language=language, key="a.md", title="A <b>", outlet="O & P")


def bare(markup: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", markup))


def show(of: ArticleRow, marks: Marks) -> str:
    template = environment().get_template("article.html").module
    return str(template.show(make_excerpt(of, marks)))  # type: ignore[attr-defined]


def shown(text: str, cited: list[Numbered], gold: list[Span], language: str = "en") -> str:
    page = show(article(text, language), Marks(cited, gold, "1.1."))
    assert page.startswith(f'<article lang="{language}"><header><b dir="auto">A &lt;b&gt;</b>')
    return page.partition("</header>")[2].removesuffix("</article>")


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(st.text(alphabet="ab <&大\n", min_size=1, max_size=60)).strip("\n ") or "a"
    text = draw(st.sampled_from([text, (text + " ") * 90 + "end", f"{SENTENCE * 60}{text}{SENTENCE * 60}"]))
    edges = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(edges, edges), max_size=4))
    return text, [Span(min(pair), max(pair)) for pair in pairs if len(set(pair)) == 2]


@given(texts_with_spans())
def test_every_mark_is_shown_whole_and_windows_are_apart(drawn: tuple[str, list[Span]]) -> None:
    text, spans = drawn
    windows = choose_windows(text, spans)
    assert all(any(window.contains(span) for window in windows) for span in spans)
    assert all(one.end < other.start for one, other in pairwise(windows))
    assert all(0 <= window.start < window.end <= len(text) for window in windows)
    cited = [Numbered(number, span) for number, span in enumerate(spans, 1)]
    page = shown(text, cited, [])
    parts = [
        part for part in re.split(r'<p class="quiet gap" lang="en">… [\d,]+ characters …</p>', page) if part
    ]
    assert [bare(part) for part in parts] == [text[window.start : window.end] for window in windows]
    for number, span in enumerate(spans, 1):
        pieces = re.findall(rf'<mark data-cited="(?:\d+ )*{number}(?: \d+)*">(.*?)</mark>', page, re.DOTALL)
        words = "".join(unescape(piece) for piece in pieces)
        assert re.sub(r"\n", "", words) == re.sub(r"\n", "", text[span.start : span.end])


def test_cited_and_gold_words_are_told_apart() -> None:
    text = "One two three four."
    page = shown(text, [Numbered(3, Span(0, 7))], [Span(4, 13)])
    assert page == (
        '<p dir="auto"><a class="number" id="1.1.3" data-number="3"></a>'
        '<mark data-cited="3">One </mark><mark class="gold" data-cited="3">two</mark>'
        '<span class="gold" title="gold, and not cited"> three</span> four.</p>'
    )


def test_a_long_article_is_cut_between_words_and_says_how_much_is_left_out() -> None:
    text = SENTENCE * 200
    quote = Span(len(SENTENCE) * 100, len(SENTENCE) * 101 - 1)
    ((start, end),) = choose_windows(text, [quote])
    assert quote.start - start in range(AROUND, AROUND + 12) and end - quote.end in range(AROUND, AROUND + 12)
    assert text[start - 1].isspace() and (text[end - 1].isspace() or text[end].isspace())
    page = shown(text, [Numbered(1, quote)], [])
    assert re.findall(r"… ([\d,]+) characters …", page) == [f"{start:,}", f"{len(text) - end:,}"]
    assert (
        len(choose_windows(text, [])) == 1 and BEGINNING <= choose_windows(text, [])[0].end < BEGINNING + 40
    )
    assert choose_windows(text[:WHOLE], []) == [Span(0, WHOLE)]
    # Scripts without spaces are cut where they are.
    assert choose_windows("字" * 9_000, [Span(5_000, 5_010)]) == [Span(5_000 - AROUND, 5_010 + AROUND)]


def test_words_from_right_to_left_and_of_no_known_language_are_left_to_the_browser() -> None:
    assert shown("مرحبا", [], [], "ar") == '<p dir="auto">مرحبا</p>'
    # A date between names of another direction is not turned round.
    dated = article("x").model_copy(update={"outlet": "صوت الميناء", "published": "2025-09-10"})
    assert (
        '<span class="quiet"><bdi>صوت الميناء</bdi> · <bdi>2025-09-10</bdi> · <bdi>en</bdi> · <bdi>a.md</bdi>'
    ) in show(dated, Marks())
    page = show(article("x", "und"), Marks())
    assert page.startswith('<article><header><b dir="auto">')
