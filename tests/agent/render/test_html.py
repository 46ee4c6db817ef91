from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.render.html import MarkedSpan, anchor, render_article_page
from tests.agent.chromium import open_chromium
from vectorstore import Article, Boilerplate, Role, Span, article_id

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FILLER = "\n\n".join(f"Paragraph {number} says little, and says it at some length." for number in range(60))
TEXT = (
    "Minister <b>warns</b> & leaves\n\n"
    'The minister, 大臣, warned of "flooding" on Monday.\nIt was her second warning.\n\n'
    f"{FILLER}\n\n"
    "Caption: sandbags at Roermond.\n\n"
    "Residents left their homes.\n\n\nNobody was hurt. </p><script>document.title='owned'</script>"
)


def make_article(text: str = TEXT, **known: object) -> Article:
    caption = Span(text.index("Caption"), text.index("Residents") - 2)
    fields: dict[str, object] = {
        "title": "Minister <b>warns</b> & leaves",
        "outlet": "The <i>Courier</i>",
        "url": "javascript:alert(1)",
        "boilerplate": (Boilerplate(caption, Role.CAPTION),),
    }
    return Article(article_id(text), text, "en", "news/flood.txt", **(fields | known))  # type: ignore[arg-type]


def cited(number: int, words: str) -> MarkedSpan:
    start = TEXT.index(words)
    return MarkedSpan(number, Span(start, start + len(words)))


QUOTES = [
    cited(3, 'The minister, 大臣, warned of "flooding" on Monday.'),
    cited(7, "Residents left their homes.\n\n\nNobody was hurt."),
    cited(8, "left their homes"),
    cited(9, "Caption: sandbags at Roermond."),
]


def text_of(page: str) -> str:
    (main,) = re.findall(r'<main class="text">(.*)</main>', page, re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", "", main))


def test_the_text_of_a_page_is_the_articles_and_nothing_in_it_is_markup() -> None:
    page = render_article_page(make_article(), QUOTES, successor="0123456789abcdef")
    assert text_of(page) == TEXT
    assert "<script" not in page and "<b>" not in page and "<i>" not in page and "javascript:" not in page
    assert "A later edition of this article is in the library: 0123456789abcdef." in page
    assert re.findall(r'id="(c\d+)"', page) == ["c3", "c9", "c7", "c8"]
    linked = render_article_page(make_article(url='https://news.example/?a="b"&c'), [])
    assert '<a href="https://news.example/?a=&#34;b&#34;&amp;c" rel="noopener noreferrer">' in linked
    assert "<nav" not in linked


@given(st.data())
def test_any_spans_of_any_text_are_marked_exactly(data: st.DataObject) -> None:
    text = data.draw(st.text(alphabet="ab <&\n", min_size=1, max_size=60)).strip("\n ") or "a"
    edges = st.integers(0, len(text))
    spans = [
        Span(*sorted(pair))
        for pair in data.draw(st.lists(st.tuples(edges, edges), max_size=4))
        if len(set(pair)) == 2
    ]
    article = Article(article_id(text), text, "en", "x")
    page = render_article_page(
        article, [MarkedSpan(number, span) for number, span in enumerate(spans, start=1)]
    )
    assert text_of(page) == text
    for number, span in enumerate(spans, start=1):
        pieces = re.findall(rf'<mark data-cited="(?:\d+ )*{number}(?: \d+)*">(.*?)</mark>', page, re.DOTALL)
        words = "".join(unescape(piece) for piece in pieces)
        assert words == re.sub(r"\n\n+", "", text[span.start : span.end]) or "\n\n" in text


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with open_chromium() as browser:
        yield browser


FIND_QUOTE = """number => {
    const pieces = [...document.querySelectorAll(`mark[data-cited~="${number}"]`)];
    const range = document.createRange();
    range.setStartBefore(pieces[0]);
    range.setEndAfter(pieces[pieces.length - 1]);
    const box = pieces[0].getBoundingClientRect();
    return {
        words: range.toString(),
        isOnScreen: box.top >= 0 && box.bottom <= window.innerHeight && box.height > 0,
        isMarked: getComputedStyle(pieces[0]).backgroundColor !== "rgba(0, 0, 0, 0)",
    };
}"""


def open_page(chromium: Browser, folder: Path, fragment: str, **options: object) -> Page:
    file = folder / "article.html"
    file.write_text(render_article_page(make_article(), QUOTES), "utf-8")
    page = chromium.new_page(**options)  # type: ignore[arg-type]
    page.goto(f"{file.as_uri()}#{fragment}")
    return page


@pytest.mark.parametrize("quote", QUOTES, ids=lambda quote: str(quote.number))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_opens_at_the_marked_quote(
    chromium: Browser, tmp_path: Path, quote: MarkedSpan, scheme: str
) -> None:
    page = open_page(
        chromium, tmp_path, anchor(quote.number), color_scheme=scheme, viewport={"width": 400, "height": 500}
    )
    found = page.evaluate(FIND_QUOTE, quote.number)
    assert found == {
        "words": TEXT[quote.span.start : quote.span.end], "isOnScreen": True, "isMarked": True
    }  # fmt: skip
    page.close()


def test_a_page_runs_nothing_asks_nobody_and_fits_a_phone(chromium: Browser, tmp_path: Path) -> None:
    page = open_page(chromium, tmp_path, "c3", viewport={"width": 360, "height": 640})
    assert page.title() == "Minister <b>warns</b> & leaves"
    assert page.evaluate("document.querySelector('.text').textContent") == TEXT
    assert page.evaluate("document.querySelectorAll('script, img, iframe, link, form').length") == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    # The page's own policy keeps out what an escape would have missed.
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "document.title = 'owned'";
            document.body.append(script);
            const image = document.createElement("img");
            image.src = "https://evil.example/x";
            document.body.append(image);
        }"""
    )
    page.wait_for_timeout(100)
    assert page.title() != "owned"
    assert len([line for line in said if "Content Security Policy" in line]) == 2
    page.close()
