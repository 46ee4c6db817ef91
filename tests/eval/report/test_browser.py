"""The page in a real browser: it finds, narrows and marks, in any colours and on paper, and asks nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from eval.report.page import make_page
from eval.runs.folder import read_scored
from tests.eval.report.conftest import HARBOUR, Runs

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SHOWN = "[...document.querySelectorAll('.case')].filter(c => c.checkVisibility()).map(c => c.id.slice(5))"
ALL = ["bridge-when", "bridge/nl#1", "harbour", "dismissed", "ferry-until", "moon", "claim"]
MARKED = """id => {
    const anchor = document.getElementById(id);
    const number = anchor.dataset.number;
    const pieces = [...anchor.closest("article").querySelectorAll(`mark[data-cited~="${number}"]`)];
    const range = document.createRange();
    range.setStartBefore(pieces[0]);
    range.setEndAfter(pieces[pieces.length - 1]);
    return range.toString();
}"""


@pytest.fixture(scope="module")
def file(runs: Runs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(make_page([read_scored(runs.plain), read_scored(runs.written)]), "utf-8")
    return path


class Watched:
    """A page with what it said and asked for."""

    def __init__(self, browser: Browser, file: Path, **options: Any) -> None:
        self.page: Page = browser.new_page(**options)
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(file.as_uri())

    def shown(self) -> list[str]:
        found: list[str] = self.page.evaluate(SHOWN)
        return found

    def count(self) -> str:
        return self.page.locator("#count").inner_text()

    def wait_for(self, count: str) -> None:
        self.page.wait_for_function(
            "text => document.getElementById('count').textContent === text", arg=count
        )


@pytest.fixture
def opened(chromium: Browser, file: Path) -> Iterator[Watched]:
    watched = Watched(chromium, file)
    yield watched
    assert watched.said == []
    assert watched.asked == [file.as_uri()]
    assert watched.page.title() == "small: 2 runs – Pullquote evaluation"
    watched.page.close()


def test_search_finds_cases_by_all_of_its_words(opened: Watched) -> None:
    assert (opened.shown(), opened.count()) == (ALL, "7 of 7 cases")
    opened.page.fill("#search", "TARN  Lorries")
    opened.wait_for("1 of 7 cases")
    assert opened.shown() == ["bridge-when"]
    opened.page.fill("#search", "more <script>document.title='owned'</script>")
    opened.page.locator("#case-harbour").wait_for(state="visible")
    opened.page.fill("#search", "karin SMIT moon")
    opened.page.locator("#case-harbour").wait_for(state="hidden")
    opened.page.fill("#search", "no such words")
    opened.wait_for("0 of 7 cases")
    assert opened.shown() == []
    opened.page.fill("#search", " ")
    opened.wait_for("7 of 7 cases")


def test_filters_narrow_by_result_language_and_tag_together(opened: Watched) -> None:
    options = "select => [...select.options].map(option => option.value)"
    assert opened.page.eval_on_selector("#result", options) == ["", "failed", "passed", "lost", "gained"]
    assert opened.page.eval_on_selector("#language", options) == ["", "en", "nl"]
    assert opened.page.eval_on_selector("#tag", options) == ["", "bridge", "hostile"]
    opened.page.select_option("#result", "lost")
    assert opened.shown() == ["bridge-when", "bridge/nl#1", "harbour"]
    opened.page.select_option("#language", "nl")
    assert (opened.shown(), opened.count()) == (["bridge/nl#1"], "1 of 7 cases")
    opened.page.select_option("#tag", "hostile")
    assert opened.shown() == []
    opened.page.select_option("#language", "")
    assert opened.shown() == ["harbour"]
    opened.page.click("#unfold")
    opened.page.select_option("#tag", "")
    opened.page.select_option("#result", "")
    unfolded = "[...document.querySelectorAll('.case[open]')].map(c => c.id)"
    assert opened.page.evaluate(unfolded) == ["case-harbour"]
    opened.page.click("#fold")
    assert opened.page.evaluate(unfolded) == []


def test_a_flip_opens_its_case_though_a_filter_hides_it(opened: Watched) -> None:
    opened.page.select_option("#result", "gained")
    assert opened.shown() == ["dismissed"]
    opened.page.click("#comparison a[href='#case-bridge/nl%231']")
    opened.wait_for("7 of 7 cases")
    seen = opened.page.evaluate(
        "() => { const box = document.getElementById('case-bridge/nl#1').getBoundingClientRect();"
        " return box.top >= 0 && box.top < innerHeight / 2; }"
    )
    assert seen and opened.page.evaluate("document.getElementById('case-bridge/nl#1').open")


def test_what_is_marked_is_the_quote_to_the_letter(opened: Watched, runs: Runs) -> None:
    opened.page.click("#unfold")
    wanted = {}
    numbers = {case: number for number, case in enumerate(ALL, 1)}
    for place, folder in enumerate((runs.plain, runs.written), 1):
        for row in read_scored(folder).run.answers:
            if row.answer is not None:
                for number, citation in enumerate(row.answer.citations(), 1):
                    wanted[f"{numbers[row.case]}.{place}.{number}"] = citation.quote
    links = opened.page.eval_on_selector_all(
        ".attempt a.to", "links => links.map(link => link.getAttribute('href').slice(1))"
    )
    assert HARBOUR in wanted.values()
    found = {link: opened.page.evaluate(MARKED, link) for link in links}
    assert found == {link: wanted.get(link) for link in found}
    # What says the same in both runs is shown once.
    assert {link for link in wanted if ".1." in link} <= set(found) and len(found) > 12
    opened.page.locator("#case-dismissed .attempt a.to").first.click()
    target = opened.page.locator(":target + mark")
    assert target.count() == 1 and target.is_visible()


@pytest.mark.parametrize(
    ("scheme", "paper", "text"),
    [("light", "rgb(253, 253, 252)", "rgb(27, 27, 27)"), ("dark", "rgb(23, 24, 26)", "rgb(230, 230, 227)")],
)
def test_colours_follow_the_reader_and_can_be_read(
    chromium: Browser, file: Path, scheme: str, paper: str, text: str
) -> None:
    watched = Watched(chromium, file, color_scheme=scheme)
    style = "name => getComputedStyle(document.querySelector(name))"
    assert watched.page.evaluate(f"({style})('body').backgroundColor") == paper
    assert watched.page.evaluate(f"({style})('.chart text').fill") == text
    faint = watched.page.evaluate(CONTRASTS)
    assert [each for each in faint if each[1] < 4.5] == []
    assert {each[0] for each in faint} >= {"body", ".quiet", ".badge.failed", "mark", "a"}
    watched.page.close()


CONTRASTS = """() => {
    const light = (color) => {
        const [r, g, b] = color.match(/[\\d.]+/g).map(Number).map(c => c / 255)
            .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (part) => {
        for (let each = part; each; each = each.parentElement) {
            const color = getComputedStyle(each).backgroundColor;
            if (color !== "rgba(0, 0, 0, 0)") return color;
        }
    };
    return ["body", ".quiet", ".badge.failed", ".badge.passed", ".badge.lost", ".why", "mark", "a", "button",
            "article .quiet"].map(name => {
        const part = document.querySelector(name);
        const pair = [light(getComputedStyle(part).color), light(behind(part))].sort((a, b) => b - a);
        return [name, (pair[0] + 0.05) / (pair[1] + 0.05)];
    });
}"""


def test_paper_shows_all_of_it_in_light_colours(chromium: Browser, file: Path) -> None:
    watched = Watched(chromium, file, color_scheme="dark", viewport={"width": 720, "height": 1000})
    watched.page.emulate_media(media="print")
    assert watched.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not watched.page.locator(".controls").is_visible()
    assert watched.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    hidden = (
        "[...document.querySelectorAll('article mark')].filter(m => !m.getBoundingClientRect().height).length"
    )
    assert watched.page.evaluate(hidden) == 0
    watched.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    folded = "document.querySelectorAll('details:not([open])').length"
    assert watched.page.evaluate(folded) == 0
    watched.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert watched.page.evaluate(folded) == watched.page.locator("details").count()
    assert watched.page.pdf(format="A4").startswith(b"%PDF-")
    assert watched.said == []
    watched.page.close()


def test_a_phone_need_not_scroll_sideways_and_without_script_all_is_there(
    chromium: Browser, file: Path
) -> None:
    watched = Watched(
        chromium, file, viewport={"width": 360, "height": 640}, java_script_enabled=False
    )  # fmt: skip
    assert watched.page.locator(".case").count() == 7
    assert not watched.page.locator(".controls").is_visible()
    watched.page.close()
    watched = Watched(chromium, file, viewport={"width": 360, "height": 640})
    watched.page.click("#unfold")
    assert watched.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    watched.page.close()


def test_the_policy_stops_what_an_escape_would_have_missed(chromium: Browser, file: Path) -> None:
    watched = Watched(chromium, file)
    watched.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "document.title = 'owned'";
            document.body.append(script);
            const image = document.createElement("img");
            image.src = "https://evil.example/x";
            document.body.append(image);
            document.body.setAttribute("onclick", "document.title = 'owned'");
            document.body.click();
        }"""
    )
    watched.page.wait_for_timeout(100)
    assert watched.page.title() == "small: 2 runs – Pullquote evaluation"
    assert len([line for line in watched.said if "Content Security Policy" in line]) == 3
    watched.page.close()
