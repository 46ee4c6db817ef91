"""`pullquote eval report` as a user meets it, and the page it writes, part by part."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from eval.report import rendering
from eval.report.page import make_page
from eval.report.tables import format_value
from eval.runs.folder import read_scored
from eval.runs.rows import MetricSummary
from tests.eval.report.conftest import HARBOUR, HOSTILE_QUESTION, LAID_UP, MARKUP, Runs

Run = Callable[..., Any]


def parse(runs: Runs, *folders: Path) -> Any:
    return html.fromstring(make_page([read_scored(each) for each in folders or (runs.plain, runs.written)]))


def words(element: Any) -> str:
    return " ".join(element.text_content().split())


def table(element: Any) -> list[list[str]]:
    return [[words(cell) for cell in row] for row in element.iter("tr")]


def test_one_run_is_one_page_of_summary_plots_and_cases(pullquote: Run, runs: Runs, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    ran = pullquote("eval", "report", str(runs.plain), "--html", str(page))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"{page}: a page of 1 run, {len(page.read_bytes()) / 1e6:.1f} MB\n"
    assert [each.name for each in tmp_path.iterdir() if each.name != "home"] == ["page.html"]
    document = html.fromstring(page.read_text("utf-8"))
    assert words(document.find(".//title")) == "small: 1 run – Pullquote evaluation"
    assert [words(each) for each in document.iter("h1", "h2", "h3")] == [
        "Evaluation: Three <b>articles</b>",
        "Summary",
        "Plots",
        "passed by language of the question",
        "hit@1 by language of the question",
        "Risk and coverage",
        "Rank of the first gold sentence",
        "Latency",
        "Cases",
    ]
    assert [words(each) for each in document.find_class("left-out")] == [
        "Cost against quality: left out. There is one run; give several to see what better answers cost."
    ]
    assert [each.get("id") for each in document.find_class("case")] == [
        "case-dismissed",
        *(
            f"case-{name}"
            for name in ("ferry-until", "bridge-when", "moon", "bridge/nl#1", "harbour", "claim")
        ),
    ]


def test_the_summary_has_every_metric_with_its_interval(runs: Runs) -> None:
    scored = read_scored(runs.plain)
    (summary,) = parse(runs, runs.plain).xpath("//section[@id='summary']")
    rows = table(summary)
    assert rows[0] == ["metric", "value", "what"]
    assert [row[0].removesuffix(" *") for row in rows[1:]] == [m.name for m in scored.summary.metrics]
    assert [row[0] for row in rows if row[0].endswith("*")] == ["passed *", "hit@1 *"]

    def show(metric: MetricSummary) -> str:
        value, low, high = (
            format_value(each, metric.name) for each in (metric.estimate, metric.low, metric.high)
        )
        between = f" [{low}, {high}]" if metric.low is not None else ""
        note = f"; {metric.note}" if metric.note not in ("", f"n = {metric.cases}") else ""
        return f"{value}{between} n = {metric.cases}{note}"

    assert [row[1] for row in rows[1:]] == [show(metric) for metric in scored.summary.metrics]
    assert "exact" in words(summary) and re.search(r"\[0\.\d{3}, 1\.000\]", words(summary))


def test_two_runs_have_their_differences_and_flips_and_what_answered(runs: Runs) -> None:
    document = parse(runs)
    header, who = (table(each) for each in document.xpath("/html/body/header//table"))
    assert [row[0] for row in header] == ["run", "A", "B"]
    assert header[1][1] == runs.plain.name and header[2][1] == runs.written.name
    assert header[1][3:] == ["no model; answers are quotes", "–", "7", "7", "0"]
    assert header[2][3].startswith("scripted at http://127.0.0.1:")
    model = next(row for row in who if row[0] == "model.name")
    assert model == ["model.name", "–", "scripted"]
    (comparison,) = document.xpath("//section[@id='comparison']")
    rows = {row[0]: row[1:] for row in table(comparison)}
    assert rows["metric"] == ["n", "A", "B", "difference", "p worse", "p better"]
    assert rows["passed *"][:3] == ["7", "0.857", "0.571"]
    assert rows["passed *"][3].startswith("-0.286 [")
    assert [words(each) for each in comparison.iter("h3", "h4")] == ["B beside A", "Lost: 3", "Gained: 1"]
    assert "As a gate: broken n = 7 on too few articles" in words(comparison)
    flips = [(each.get("href"), words(each.getparent())) for each in comparison.xpath(".//li/a")]
    assert flips == [
        (
            "#case-bridge-when",
            "bridge-when When does the bridge over the Tarn close for lorries? passed 1.000 → 0.000",
        ),
        (
            "#case-bridge/nl%231",
            "bridge/nl#1 Wanneer gaat de brug over de Tarn dicht voor vrachtwagens? passed 1.000 → 0.000",
        ),
        ("#case-harbour", f"harbour {HOSTILE_QUESTION} passed 1.000 → 0.000"),
        (
            "#case-dismissed",
            "dismissed Who said that nobody would be dismissed? passed 0.000 → 1.000",
        ),
    ]
    cases = document.find_class("case")
    assert [(each.get("id"), each.get("data-results")) for each in cases] == [
        ("case-bridge-when", "failed lost passed"),
        ("case-bridge/nl#1", "failed lost passed"),
        ("case-harbour", "failed lost passed"),
        ("case-dismissed", "failed gained passed"),
        ("case-ferry-until", "passed"),
        ("case-moon", "passed"),
        ("case-claim", "passed"),
    ]


def test_plots_say_what_they_show_and_have_their_numbers_as_tables(runs: Runs) -> None:
    document = parse(runs)
    figures = document.xpath("//figure")
    drawings = [each.find("svg") for each in figures]
    assert [each.get("aria-label") for each in drawings] == [words(each.find(".//h3")) for each in figures]
    assert all(words(each.find("title")) == each.get("aria-label") for each in drawings)
    axes = [[words(text) for text in each.find_class("axis")] for each in drawings]
    assert axes == [
        ["passed"],
        ["hit@1"],
        ["share of questions answered", "share of those wrong"],
        ["share of questions", "rank in the search; none: not among those looked at"],
        ["milliseconds"],
        ["dollars a question", "passed"],
    ]
    languages, _, risk, ranks, latency, cost = (table(each) for each in figures)
    assert [row[0] for row in languages] == ["language", "en", "nl"]
    assert languages[2] == ["nl", "1.000, n = 1", "0.000, n = 1"]
    assert [row[0] for row in risk] == ["run", "A", "B"]
    assert risk[1][1] == "0.833" and risk[2][1] == "0.333"
    assert ranks[1] == ["1", "1.000", "1.000"] and ranks[-1] == ["none", "0.000", "0.000"]
    assert [row[0] for row in latency] == ["stage", "embed", "index", "rerank", "model", "total"]
    assert cost[0] == ["run", "dollars", "passed"]
    assert cost[1][1] == "0" and float(cost[2][1]) > 0
    # Two runs by language: a mark and its words for each.
    notes = [words(each) for each in drawings[0].xpath("./g/title")]
    assert notes[2:] == ["A: 1.000, n = 1", "B: 0.000, n = 1"]


def test_a_case_has_question_answer_checks_and_why_it_failed(runs: Runs) -> None:
    document = parse(runs)
    case = document.get_element_by_id("case-dismissed")
    assert words(case.find("summary")) == (
        "A failed B passed gained Who said that nobody would be dismissed? dismissed · en"
    )
    quoted, written = case.find_class("attempt")
    assert [words(each) for each in quoted.find_class("why")[0]] == [
        "It says what must not be said: “nobody would be dismissed”."
    ]
    assert written.find_class("why") == []
    (statement,) = written.xpath(".//ol/li")
    assert words(statement) == (
        "Captain Berit Lund said that nobody is to be dismissed. [1]Checks: names passed; negation passed; "
        "attribution passed"
    )
    assert words(written.find("h4")) == (
        "B answered · confidence 1.00 · written by scripted · first gold sentence at rank 1"
    )
    lost = document.get_element_by_id("case-bridge-when").find_class("attempt")[1]
    assert [words(each) for each in lost.find_class("why")[0]] == [
        "Refused at a confidence of 1.00, and the articles say it."
    ]
    moon, claim = (document.get_element_by_id(f"case-{name}") for name in ("moon", "claim"))
    assert "The articles do not say it: to be refused." in words(moon)
    assert "A claim; the article supports it." in words(claim)
    assert words(claim.xpath(".//ol/li")[0]).startswith(f"{LAID_UP}Checks: ")
    assert [words(each.find("h4")) for each in claim.find_class("attempt")] == ["A", "B as in A"]


def test_nothing_of_an_article_a_question_or_a_suite_is_markup(runs: Runs) -> None:
    page = make_page([read_scored(runs.plain), read_scored(runs.written)])
    document = html.fromstring(page)
    assert MARKUP not in page and "<b>articles</b>" not in page and "<u>" not in page
    assert len(list(document.iter("script"))) == 1
    assert list(document.iter("img", "iframe", "object", "link", "base", "form", "u", "i")) == []
    allowed = {"id", "class", "lang", "dir", "href", "title", "name", "content", "charset", "http-equiv"}
    allowed |= {"scope", "type", "value", "placeholder", "hidden", "role", "aria-label", "aria-live"}
    allowed |= {"aria-hidden", "viewbox", "width", "height", "d", "x", "y", "cx", "cy", "r", "transform"}
    allowed |= {"text-anchor", "stroke-dasharray", "data-results", "data-language", "data-tags"}
    allowed |= {"data-narrows", "data-number", "data-cited"}
    assert {name for each in document.iter() for name in each.attrib} <= allowed
    assert {each.get("href")[0] for each in document.iter("a") if each.get("href")} == {"#"}
    (case,) = (each for each in document.find_class("case") if each.get("id") == "case-harbour")
    assert words(case.find_class("question")[0]) == HOSTILE_QUESTION
    marked = case.find_class("attempt")[0].xpath(".//mark[@data-cited='1']")
    assert [each.text_content() for each in marked] == [HARBOUR]
    assert "<u>underlined</u>" in words(case)


def test_every_link_in_the_page_has_somewhere_to_go_and_every_id_is_one(runs: Runs) -> None:
    from urllib.parse import unquote

    document = parse(runs)
    ids = [each.get("id") for each in document.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    links = {unquote(each.get("href")[1:]) for each in document.iter("a") if each.get("href")}
    assert len(links) > 10
    assert links <= set(ids)


def test_the_policy_lets_through_the_one_style_and_the_one_script(runs: Runs) -> None:
    document = parse(runs)

    def digest(name: str) -> str:
        (element,) = document.iter(name)
        return base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()

    (policy,) = document.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest('style')}'; script-src 'sha256-{digest('script')}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_a_file_that_is_there_is_left_alone_unless_told(pullquote: Run, runs: Runs, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("mine", "utf-8")
    ran = pullquote("eval", "report", str(runs.plain), "--html", str(page))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"pullquote: {page} exists already. Give another name with --html, or write over it with "
        "--overwrite.\n"
    )
    assert page.read_text("utf-8") == "mine"
    ran = pullquote("eval", "report", str(runs.plain), "--html", str(page), "--overwrite")
    assert ran.code == 0
    assert page.read_text("utf-8").startswith("<!doctype html>\n")
    nowhere = tmp_path / "no" / "page.html"
    ran = pullquote("eval", "report", str(runs.plain), "--html", str(nowhere))
    assert (ran.code, ran.err) == (
        2,
        f"pullquote: {nowhere} cannot be written (No such file or directory). Give another place with "
        "--html.\n",
    )


def test_bad_runs_are_refused_in_words(pullquote: Run, runs: Runs, tmp_path: Path) -> None:
    page = tmp_path / "page.html"

    def report(*folders: Path) -> str:
        ran = pullquote("eval", "report", *map(str, folders), "--html", str(page))
        assert (ran.code, ran.out, page.exists()) == (2, "", False)
        return str(ran.err)

    assert report(tmp_path) == (
        f"pullquote: {tmp_path} is no run: it has no run.json. `pullquote eval run` makes one.\n"
    )
    unscored = tmp_path / "unscored"
    shutil.copytree(runs.plain, unscored)
    (unscored / "summary.json").unlink()
    assert report(unscored) == (
        f"pullquote: {unscored} is not scored yet. Next: pullquote eval score {unscored}\n"
    )
    assert report(runs.plain, runs.plain) == (
        f"pullquote: Run {runs.plain.name} was given twice; name each run once.\n"
    )
    assert report(*[runs.plain] * 7) == "pullquote: A page has room for 6 runs, and 7 were given.\n"
    other = tmp_path / "other"
    shutil.copytree(runs.plain, other)
    manifest = json.loads((other / "run.json").read_text("utf-8"))
    manifest["suite"]["name"] = "large"
    (other / "run.json").write_text(json.dumps(manifest | {"id": "other"}), "utf-8")
    assert report(runs.plain, other) == (
        f"pullquote: {runs.plain.name} and other cannot be compared: one is of suite “small”, the other of "
        "“large”.\n"
    )


@pytest.mark.parametrize("name", ["page.css", "page.js"])
def test_what_is_put_into_the_page_unescaped_cannot_end_its_element(name: str) -> None:
    text = (Path(rendering.__file__).parent / name).read_text("utf-8")
    assert "</" not in text and "<!--" not in text and "http:" not in text and "https:" not in text
