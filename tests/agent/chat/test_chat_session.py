"""Whole transcripts of chat sessions without a model and without a terminal."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path

import pytest

from agent.chat.chat_session import find_last_session
from agent.settings.loading import load_settings
from tests.agent.chat.conftest import BRIDGE, COST, COST_QUESTION, OPENS, BeginChat, ChatDriver
from vectorstore import Given

HINT = "/quote 1 shows a quote in its place, /open 1 its article; /help lists more.\n"


def heading(driver: ChatDriver) -> str:
    article, path = driver.id_of("Bridge in Ghent"), driver.news / "bridge.md"
    return f"Bridge in Ghent\nDe Krant · 2024-05-02 · en · {article} · {path}\n"


def test_numbers_are_given_once_for_the_session(driver: ChatDriver) -> None:
    out, err = driver.do(COST_QUESTION)
    assert (out, err) == (
        "1 quote from 1 article, word for word as it stands there.\n\n"
        + heading(driver)
        + f"  [1] “{COST}”\n\n",
        HINT,
    )
    out, err = driver.do("and when does it open?")
    assert err == ""
    assert out == (
        "1 quote from 1 article, word for word as it stands there.\n\n"
        + heading(driver)
        + f"  [2] “{OPENS}”\n\nRead after the question before as “and when does it open? (Ghent)”.\n"
    )
    assert f"  [1] “{COST}”\n" in driver.do(COST_QUESTION)[0]
    out, err = driver.do("/sources")
    assert (out, err) == (heading(driver) + f"  [1] “{COST}”\n  [2] “{OPENS}”\n", "")


def test_a_quote_is_shown_in_its_paragraph(driver: ChatDriver) -> None:
    driver.do(COST_QUESTION)
    driver.do("and when does it open?")
    article = driver.id_of("Bridge in Ghent")
    start = driver.chat.library.articles.get(article).text.index(OPENS)
    shown = driver.do("/quote 2")
    assert shown[0].endswith(
        f"{COST} >>{OPENS}<<\n\nThe mayor of Ghent, Lies Peeters, calls it a gift.\n\n"
        f"[{start}, {start + len(OPENS)}) of {len(driver.chat.library.articles.get(article).text)} "
        f"in article {article}\n"
    )
    assert driver.do("/quote [2]") == shown
    assert driver.do("/quote 99") == ("", "There is no [99]: this session has [1] to [2].\n")
    assert driver.do("/quote")[1] == "Give the number of a citation: /quote 1. /sources lists them.\n"
    assert driver.do("/quote two")[1] == "“two” is not a number like 7. /sources lists what there is.\n"
    assert driver.do("/quote -1")[1] == "“-1” is not a number like 7. /sources lists what there is.\n"


def test_numbers_filters_and_sources_come_back_with_a_session(
    driver: ChatDriver, begin_chat: BeginChat
) -> None:
    driver.do("/filter language=en")
    driver.do(COST_QUESTION)
    driver.do("and when does it open?")
    driver.do(f"/summarize {driver.id_of('Minister warns of flooding')[:6]}")
    before = driver.do("/sources")[0]
    assert "  [3] “" in before
    session = find_last_session(load_settings())
    assert session == driver.chat.session
    again = begin_chat(session=session)
    assert again.do("/sources")[0] == before
    assert again.chat.filters == driver.chat.filters
    assert again.do("/quote 2") == driver.do("/quote 2")
    out, _ = again.do("and who calls it a gift?")
    last = max(int(number) for number in re.findall(r"^  \[(\d+)\]", before, re.MULTILINE))
    assert f"  [{last + 1}] “The mayor of Ghent, Lies Peeters, calls it a gift.”" in out
    assert "Read after the question before" in out


def test_new_starts_over(driver: ChatDriver, begin_chat: BeginChat) -> None:
    driver.do("/filter language=en")
    driver.do(COST_QUESTION)
    assert driver.do("/new") == (
        "", "A new session: no filters, nothing is carried over, numbers begin at [1].\n"
    )  # fmt: skip
    assert driver.do("/quote 1")[1] == "There is no [1]: nothing has been cited in this session yet.\n"
    assert driver.do("/sources") == ("", "Nothing has been cited in this session yet.\n")
    out, _ = driver.do("and when does it open?")
    assert "Read after" not in out
    for line in ("/why", "/verify", "/save x.md"):
        fresh = begin_chat()
        assert fresh.do(line)[1].startswith("Nothing has been ")


def test_what_has_no_address_is_opened_as_a_page_and_what_has_one_live(
    driver: ChatDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.do(COST_QUESTION)
    driver.do("and when does it open?")
    page = driver.chat.settings.cache / "pages" / f"{driver.id_of('Bridge in Ghent')}.html"
    page.parent.mkdir(exist_ok=True)
    old = page.with_name("0123456789abcdef.html")
    old.write_text("of the day before yesterday", "utf-8")
    os.utime(old, (0, 0))
    nowhere = "There is no browser to open it in here; this is where it is.\n"
    assert driver.do("/open 2") == (f"{page}\n", nowhere)
    assert not old.exists()
    text = page.read_text("utf-8")
    assert f'<mark data-cited="1">{COST}</mark>' in text and f'<mark data-cited="2">{OPENS}</mark>' in text
    driver.do("Who warned of flooding along the Maas?")
    live = next(
        (number, citation.link) for number, citation in driver.chat.numbering.numbered if citation.link
    )
    assert driver.do(f"/open {live[0]}") == (f"{live[1]}\n", nowhere)
    assert live[1].startswith("https://courier.example/flood#:~:text=")
    assert driver.do(f"/open {live[0]} page")[0].endswith(".html\n")

    opened = tmp_path / "opened"
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\nprintf %s "$1" > {opened}\n', "utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("BROWSER", f"{script} %s")
    monkeypatch.setattr("webbrowser._tryorder", None)
    assert driver.do("/open 2") == (f"{page}\n", "")
    assert opened.read_text() == f"{page.as_uri()}#c2"


def test_an_article_that_went_is_told_from_one_that_has_a_new_edition(driver: ChatDriver) -> None:
    driver.do(COST_QUESTION)
    article = driver.id_of("Bridge in Ghent")
    (driver.news / "bridge.md").write_text(BRIDGE.replace("gift", "present"), "utf-8")
    try:
        driver.change(lambda library: library.add([driver.news], Given()))
    finally:
        (driver.news / "bridge.md").write_text(BRIDGE, "utf-8")
    edition = driver.id_of("Bridge in Ghent")
    assert edition != article
    page = Path(driver.do("/open 1")[0].strip())
    assert f"A later edition of this article is in the library: {edition}." in page.read_text("utf-8")
    assert driver.do("/verify")[0].splitlines()[1] == (
        f"  [1] superseded by {edition} (Bridge in Ghent), which still has the quote, at "
        f"{driver.chat.library.articles.get(edition).text.index(COST)}: “{COST}”"
    )
    driver.do("Who warned of flooding along the Maas?")
    flood = driver.id_of("Minister warns of flooding")
    number = next(n for n, citation in driver.chat.numbering.numbered if citation.article == flood)
    driver.change(lambda library: (library.remove(edition), library.remove(flood)))
    for line in ("/open 1", "/quote 1"):
        assert driver.do(line) == (
            "", f"The article of [1], {article}, has been removed from the library.\n"
        )  # fmt: skip
    assert driver.do(f"/quote {number}")[1] == (
        f"The article of [{number}], {flood}, has been removed from the library. "
        "It was published at https://courier.example/flood\n"
    )
    assert f"  [1] article {article} has been removed: “{COST}”" in driver.do("/verify")[0]


def test_why_tells_scores_checks_and_what_it_took(driver: ChatDriver) -> None:
    driver.do(COST_QUESTION)
    driver.do("and when does it open?")
    out, err = driver.do("/why")
    masked = re.sub(
        r"\d+\.\d+", "0.0", re.sub(r"\b[bcdfghjkmnpqrstvwxz2-9]{6}$", "ID", out, flags=re.MULTILINE)
    )
    assert (masked, err) == (
        "“and when does it open?”\n"
        "  read as      and when does it open? (Ghent)\n"
        "  verdict      answered; chance that the articles answer it: 0.0\n"
        "  took         0.0 s, 10 passages found, 8 read again; no model\n"
        "  receipt      ID\n"
        "\n"
        f"[2] “{OPENS}”\n"
        "  scores       rank 1 of 17; chance that it answers: 0.0; score 0.0; passage 0.0\n"
        "  checks       pointer: passed (stands in the stored text, to the letter)\n"
        "\n",
        "",
    )
    out, _ = driver.do("/why 1")
    assert out.splitlines()[0] == f"“{COST_QUESTION}”"
    assert f"[1] “{COST}”" in out
    assert driver.do("/why 9")[1] == "There is no [9]: this session has [1] to [2].\n"


def test_summaries_of_an_article_a_topic_a_citation_and_of_what_was_asked(driver: ChatDriver) -> None:
    bridge = driver.id_of("Bridge in Ghent")
    assert driver.do("/summarize")[1] == (
        "Name an article or a topic: /summarize a1f5, or: /summarize the election\n"
    )
    out, _ = driver.do(f"/summarize {bridge[:5]}")
    assert out.startswith("3 sentences from 1 article, word for word as they stand there.\n")
    assert f"  [1] “{COST}”\n  [2] “{OPENS}”\n" in out
    assert driver.do("/summarize [2]")[0] == out
    assert "flooding along the Maas" in driver.do("/summarize flooding along the Maas")[0]
    driver.do(COST_QUESTION)
    assert f"  [1] “{COST}”\n" in driver.do("/summarize")[0]
    assert [entry.question for entry in driver.chat.entries] == [
        "summary of “Bridge in Ghent”",
        "summary of “Bridge in Ghent”",
        "summary: flooding along the Maas",
        COST_QUESTION,
        f"summary: {COST_QUESTION}",
    ]


def test_a_session_is_saved_and_saved_again_but_nothing_else_is_written_over(
    driver: ChatDriver, tmp_path: Path
) -> None:
    driver.do(COST_QUESTION)
    path = tmp_path / "my notes.json"
    assert driver.do(f'/save "{path}"') == ("", f"Saved 1 answer to {path}\n")
    driver.do("and when does it open?")
    assert driver.do(f'/save "{path}"') == ("", f"Saved 2 answers to {path}\n")
    assert [entry["numbers"] for entry in json.loads(path.read_text("utf-8"))["entries"]] == [[1], [2]]
    other = tmp_path / "other.md"
    other.write_text("mine", "utf-8")
    refusal = f"{other} exists already. Give another name, or write over it: /save --overwrite {other}\n"
    assert driver.do(f"/save {other}") == ("", refusal)
    assert driver.do(f"/save --overwrite {other}") == ("", f"Saved 2 answers to {other}\n")
    assert driver.do(f"/save {tmp_path}/out.pdf")[1] == (
        f"{tmp_path}/out.pdf has no suffix that says how to save: give a name in .md, .json or .html.\n"
    )
    assert driver.do("/save /proc/none/out.md")[1] == (
        "/proc/none/out.md cannot be written (No such file or directory). "
        "Give another place: /save ~/out.md\n"
    )
    assert driver.do("/save")[1] == "Name one file: /save FILE.md, .json or .html\n"


def test_verify_counts_the_session(driver: ChatDriver) -> None:
    driver.do(COST_QUESTION)
    driver.do("and when does it open?")
    driver.do(COST_QUESTION)
    assert driver.do("/verify") == (
        f"{driver.chat.session}  \n  [1] valid: “{COST}”\n  [2] valid: “{OPENS}”\n"
        "All 2 citations are valid.\n",
        "",
    )


def test_articles_are_listed_searched_and_added_while_the_library_is_read(
    driver: ChatDriver, tmp_path: Path
) -> None:
    out, err = driver.do("/articles")
    assert (len(out.splitlines()), err) == (10, "5 articles.\n")
    out, err = driver.do("/articles ghent krant")
    assert out.splitlines()[1] == "  Bridge in Ghent"
    assert err == "1 article.\n"
    tram = tmp_path / "a tram.txt"
    tram.write_text("Tram strike\n\nTrams in Antwerp stood still on Friday because of a strike.\n", "utf-8")
    out, err = driver.do(f"/add '{tram}' {tmp_path}/none.txt")
    assert out == ""
    lines = err.splitlines()
    assert lines[0].startswith("failed ") and "none.txt" in lines[0]
    assert lines[1] == f"added      {driver.id_of('Tram strike')}  {tram}"
    assert lines[2] == "1 added"
    assert lines[3] == "1 could not be read:"
    out, _ = driver.do("why did trams in Antwerp stand still?")
    assert "“Trams in Antwerp stood still on Friday because of a strike.”" in out
    assert driver.do("/add")[1] == "Name files or folders: /add PATH (.txt .md .html .jsonl)\n"


def test_another_process_that_writes_is_waited_for_by_the_user(driver: ChatDriver) -> None:
    said: list[str] = []
    driver.change(lambda library: said.append(driver.do(f"/add {driver.news}")[1]))
    assert re.fullmatch(
        r"Process \d+ \(since .*\) is writing to the library in .*\. Run the command again once it is done; "
        r"asking questions works meanwhile\.\n",
        said[0],
    )


def test_a_paste_of_forty_thousand_characters_is_one_question(driver: ChatDriver) -> None:
    paste = f"{COST_QUESTION}\n" + "and more of the same, line upon line\n" * 1100
    assert len(paste) > 40_000
    out, _ = driver.do(paste)
    assert re.search(r"Only the first [\d,]+ characters of the question were read; it has 4\d,\d\d\d\.", out)
    assert len(driver.chat.entries) == 1
