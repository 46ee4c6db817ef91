from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vectorstore import Given, Library, LibrarySettings, article_id
from vectorstore.embedding import Embedder

Run = Callable[..., Any]
SEED = next((Path(__file__).parents[3] / "seeds").glob("*.txt"))
QUESTION = "who warned about Indo-Pacific security?"


@pytest.fixture(scope="module")
def seed_library(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Path:
    """A library of the seed, to be copied."""
    settings = LibrarySettings(path=tmp_path_factory.mktemp("seed") / "library", cache=cache)
    with Library.open(settings, writable=True, embedder=embedder) as library:
        library.add([SEED], Given())
    return settings.path


@pytest.fixture
def seeded(pullquote: Run, seed_library: Path, home: Path) -> Run:
    """The command, with the seed in its library."""
    shutil.copytree(seed_library, home / "library")
    return pullquote


def ask(run: Run, *words: str) -> dict[str, Any]:
    ran = run("ask", *words, "--json")
    assert ran.code == 0, ran.err
    answer: dict[str, Any] = json.loads(ran.out)
    return answer


def all_citations(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [c for statement in answer["statements"] for c in statement["citations"]] + answer["nearest"]


def test_the_seed_question_is_answered_by_jonson_kobayashi_and_the_g7(seeded: Run) -> None:
    answer = ask(seeded, QUESTION)
    assert answer["verdict"] == "answered"
    quotes = "\n".join(citation["quote"] for citation in all_citations(answer))
    assert "Jonson" in quotes and "Kobayashi" in quotes and "G7" in quotes
    assert {citation["published"] for citation in all_citations(answer)} == {"2024-12-03"}


@pytest.mark.parametrize(
    "question",
    [
        "wie waarschuwde voor de veiligheid in de Indo-Pacific?",
        "Wer warnte vor der Sicherheit im Indopazifik?",
        "Qui s'inquiète de la sécurité dans l'Indo-Pacifique ?",
        "Кто предупреждал об угрозе безопасности в Индо-Тихоокеанском регионе?",
        "インド太平洋の安全保障について警告したのは誰ですか？",
        "谁对印太安全发出了警告？",
    ],
)
def test_it_may_be_asked_in_any_language(seeded: Run, question: str) -> None:
    answer = ask(seeded, question)
    assert answer["verdict"] == "answered"
    assert "Indo-Pacific" in "\n".join(citation["quote"] for citation in all_citations(answer))


@pytest.mark.parametrize(
    "question",
    [
        "who won the 1998 World Cup?",
        "hoe maak je appeltaart?",
        "Wie hoch ist der Eiffelturm?",
        "как приготовить борщ?",
        "最も長い川はどこですか？",
        "what is the boiling point of water?",
    ],
)
def test_what_the_articles_do_not_say_is_not_found_and_the_nearest_are_shown(
    seeded: Run, question: str
) -> None:
    answer = ask(seeded, question)
    assert (answer["verdict"], answer["statements"]) == ("not_found", [])
    assert len(answer["nearest"]) == 3
    assert seeded("ask", question, "--fail").code == 1


def test_every_citation_of_every_answer_stands_in_the_seed_to_the_letter(seeded: Run) -> None:
    text = SEED.read_text("utf-8")
    for question in (QUESTION, "what did Ishiba say?", "who won the 1998 World Cup?", "NATO", "?"):
        for citation in all_citations(ask(seeded, question)):
            assert citation["quote"] in text
            assert citation["end"] - citation["start"] == len(citation["quote"])
            shown = seeded("show", citation["article"])
            assert citation["quote"].split("\n")[0] in shown.out


def test_asking_twice_gives_the_same_answer(seeded: Run) -> None:
    first, second = ask(seeded, QUESTION), ask(seeded, QUESTION)
    for answer in (first, second):
        answer["usage"] = {key: value for key, value in answer["usage"].items() if not key.endswith("_ms")}
        assert answer.pop("receipt")
    assert first == second


def test_filters_leave_out_what_does_not_fit_and_say_so_when_nothing_does(seeded: Run) -> None:
    assert ask(seeded, QUESTION, "--from", "2024-12-03", "--until", "2024-12-03")["verdict"] == "answered"
    assert ask(seeded, QUESTION, "--language", "nl")["verdict"] == "answered"
    for words in (["--until", "2024-12-02"], ["--language", "ja"], ["--outlet", "Nobody"], ["--author", "X"]):
        answer = ask(seeded, QUESTION, *words)
        assert (answer["verdict"], answer["nearest"]) == ("not_found", [])
        assert answer["notes"] == [
            "No article in the library passes the filters. `pullquote articles` lists what there is."
        ]


def test_one_article_can_be_asked_by_the_beginning_of_its_id(seeded: Run, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text(
        "Japan warns\n\nJapan warned about security in the Indo-Pacific on Friday, its minister said.\n",
        "utf-8",
    )
    seeded("add", str(tmp_path / "other.txt"))
    seed = article_id(SEED.read_text("utf-8").rstrip("\n"))
    rows = {row["title"]: row["id"] for row in json.loads(seeded("articles", "--json").out)}
    seed = next(value for title, value in rows.items() if title.startswith("De Noord"))
    answer = ask(seeded, QUESTION, "--article", seed[:6])
    assert {citation["article"] for citation in all_citations(answer)} == {seed}


def test_a_citation_is_shown_in_its_place(seeded: Run) -> None:
    citations = all_citations(ask(seeded, QUESTION))
    ran = seeded("show", "2")
    assert ran.code == 0
    assert f">>{citations[1]['quote']}<<" in ran.out
    assert f"[{citations[1]['start']}, {citations[1]['end']})" in ran.out
    assert "2024-12-03 (date read from the text)" in ran.out
    beyond = seeded("show", "99")
    assert beyond.code == 2
    assert beyond.err == (
        f"pullquote: There is no citation 99: the last answer has citations 1 to {len(citations)}.\n"
    )


def test_show_before_any_answer_says_what_to_do(seeded: Run) -> None:
    ran = seeded("show", "1")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == 'pullquote: No answer is stored in this library yet. Try: pullquote ask "…"\n'


@pytest.mark.parametrize("question", ["", "   ", "\n\t"])
def test_an_empty_question_is_refused(seeded: Run, question: str) -> None:
    ran = seeded("ask", question)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == 'pullquote: The question is empty. Try: pullquote ask "who warned about …?"\n'


def test_of_a_very_long_question_the_beginning_is_read_and_that_is_said(seeded: Run) -> None:
    answer = ask(seeded, f"{QUESTION} " + "and please tell me more about this " * 290)
    assert len(answer["notes"]) == 1
    assert answer["notes"][0].startswith("Only the first ")


def test_dates_the_wrong_way_round_and_no_dates_are_bad_usage(seeded: Run) -> None:
    wrong = seeded("ask", QUESTION, "--from", "2024-12-31", "--until", "2024-12-01")
    assert wrong.code == 2 and "The first day is after the last" in wrong.err
    assert seeded("ask", QUESTION, "--from", "yesterday").code == 2


def test_a_summary_of_the_article_is_its_own_sentences_in_order_without_boilerplate(seeded: Run) -> None:
    seed = json.loads(seeded("articles", "--json").out)[0]["id"]
    answer = json.loads(seeded("summarize", seed, "--sentences", "3", "--json").out)
    citations = all_citations(answer)
    assert (answer["verdict"], answer["mode"], len(citations)) == ("answered", "summary", 3)
    assert citations[0]["quote"].startswith("De Zweedse minister van Defensie Pal Jonson heeft")
    assert [citation["start"] for citation in citations] == sorted(
        citation["start"] for citation in citations
    )
    assert {citation["role"] for citation in citations} == {None}
    text = SEED.read_text("utf-8")
    assert all(citation["quote"] in text for citation in citations)


def test_a_search_can_be_summarized(seeded: Run) -> None:
    answer = json.loads(
        seeded("summarize", "--query", "North Korean troops", "--sentences", "2", "--json").out
    )
    assert (answer["verdict"], answer["mode"]) == ("answered", "summary")
    assert 1 <= len(answer["statements"]) <= 2


def test_summarize_wants_one_thing(seeded: Run) -> None:
    assert seeded("summarize").code == 2
    assert seeded("summarize", "abcd", "--query", "x").code == 2


def test_a_lost_or_damaged_index_is_made_again_and_gives_the_same_answer(
    seeded: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vectorstore.embedding import E5Embedder

    before = all_citations(ask(seeded, QUESTION))
    chroma = home / "library" / "chroma"

    def embed_again(*_: object) -> None:
        raise AssertionError("passages were embedded again")

    monkeypatch.setattr(E5Embedder, "embed_passages", embed_again)
    shutil.rmtree(chroma)
    assert all_citations(ask(seeded, QUESTION)) == before
    for path in sorted(chroma.rglob("*")):
        if path.is_file():
            path.write_bytes(b"garbage" * 100)
    assert all_citations(ask(seeded, QUESTION)) == before
    for path in sorted(chroma.rglob("*")):
        if path.is_file():
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert all_citations(ask(seeded, QUESTION)) == before


def test_doctor_finds_an_article_whose_stored_text_was_changed(seeded: Run, home: Path) -> None:
    import sqlite3

    assert seeded("doctor").code == 0
    with sqlite3.connect(home / "library" / "library.db") as connection:
        connection.execute("update texts set text = replace(text, 'Jonson', 'Janson')")
    ran = seeded("doctor")
    assert ran.code == 2
    assert "broken" in ran.out
    answer = ask(seeded, QUESTION)
    assert answer["statements"] == [] and answer["withheld"] > 0


def test_a_question_needs_no_quotation_marks(seeded: Run) -> None:
    words = "who warned about Indo-Pacific security?"
    assert ask(seeded, *words.split())["statements"] == ask(seeded, words)["statements"]


def test_a_filter_by_a_language_that_is_none_is_bad_usage(seeded: Run) -> None:
    ran = seeded("ask", "who warned?", "--language", "english")
    assert (ran.code, ran.out) == (2, "")
    assert "“english” is not a language code like nl." in ran.err
    assert ask(seeded, "who warned about Indo-Pacific security?", "--language", "nld")["statements"]
