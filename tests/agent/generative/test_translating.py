"""Translations beside quotes: what is shown and what is not; the answer stands whatever comes of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from agent import ask
from agent.answer.answer import Answer, Citation, Statement, Usage, Verdict
from agent.answer.receipts import read_receipt
from agent.answer.verification import verify
from agent.answer.view import view_answer
from agent.generative import AgentSettings, Writer
from agent.generative.translating import clean_translation, translate_quotes
from agent.llm import ChatModel
from agent.llm.budget import Budget
from agent.render.text import render_answer
from agent.settings.sections import Translate
from prompts import load
from tests.agent.generative.conftest import QUESTION, Ask, reply, saying
from tests.peers.scripted_openai import (
    Request,
    ScriptedOpenAI,
    Stall,
    Status,
    Step,
    Text,
    ToolCalls,
    refuse_schema,
)
from tests.peers.wordings import WRONG_KEY
from vectorstore import Filters, Library

WARNED = (
    "Minister Anna Visser warned of flooding along the Maas.",
    "warned of flooding along the Maas on Monday",
)
DENIED = ("The Limburg water board expects no flooding along the Maas.", "verwacht geen overstromingen")
DUTCH = "Het waterschap Limburg verwacht geen overstromingen langs de Maas."
ENGLISH = "The Limburg water board expects no floods along the Maas."
HASTY = ("Dike reeve Piet Smeets called the warning by minister Visser premature.", "Dijkgraaf Piet Smeets")
HASTY_ENGLISH = "Dike reeve Piet Smeets called minister Visser's warning premature."
PROMPT = f"translate@{load('translate').version}"


def said(**translations: object) -> str:
    """A reply of numbers: `said(_1="…")`."""
    return json.dumps({name[1:]: text for name, text in translations.items()}, ensure_ascii=False)


def is_translating(request: Request) -> bool:
    return str(request.body["messages"][0]["content"]).startswith("You translate quotes")


def free(answer: Answer) -> Answer:
    """Without what it took, which has times in it."""
    return answer.model_copy(update={"usage": Usage()})


def with_translation(statement: Statement, translation: str) -> Statement:
    (citation,) = statement.citations
    return statement.model_copy(
        update={"citations": (citation.model_copy(update={"translation": translation}),)}
    )


@pytest.fixture
def bare(write: Ask) -> Answer:
    """The answer with a quote in English and one in Dutch, without translations."""
    with ScriptedOpenAI(saying(WARNED, DENIED)) as server:
        answer = write(server, translate="never")
    assert len(server.chats) == 1
    assert [c.language for s in answer.statements for c in s.citations] == ["en", "nl"]
    return answer


def test_a_foreign_quote_has_a_translation_beside_it_and_nothing_else_changes(
    write: Ask, bare: Answer
) -> None:
    chats_when_shown: list[int] = []
    shown: list[Statement] = []

    def watch(statement: Statement) -> None:
        shown.append(statement)
        chats_when_shown.append(len(server.chats))

    with ScriptedOpenAI(saying(WARNED, DENIED), Text(said(_1=ENGLISH))) as server:
        answer = write(server, on_statement=watch)
    first, second = bare.statements
    expected = bare.model_copy(
        update={"statements": (first, with_translation(second, ENGLISH)), "prompts": (*bare.prompts, PROMPT)}
    )
    assert free(answer) == free(expected)
    assert (tuple(shown), chats_when_shown) == (bare.statements, [1, 1])
    assert (answer.usage.model_calls, answer.usage.prompt_tokens) == (2, server.prompt_tokens)


def test_the_model_gets_foreign_quotes_numbered_and_fenced_and_a_strict_form(write: Ask) -> None:
    with ScriptedOpenAI(saying(WARNED, DENIED, HASTY), Text(said(_1=ENGLISH, _2=HASTY_ENGLISH))) as server:
        answer = write(server)
    assert [c.translation for c in answer.citations()] == [None, ENGLISH, HASTY_ENGLISH]
    system, user = (message["content"] for message in server.chats[1].body["messages"])
    assert system.startswith("You translate quotes from news articles into English.")
    head, *lines, foot = user.splitlines()
    assert head.startswith("<data quotes ") and foot.startswith("</data quotes ")
    assert lines == [
        "# From Dutch",
        f"[1] {DUTCH}",
        "[2] Dijkgraaf Piet Smeets noemde de waarschuwing van minister Visser voorbarig.",
    ]
    assert server.chats[1].body["response_format"] == {
        "type": "json_schema",
        "json_schema": {
            "name": "Translations",
            "strict": True,
            "schema": {
                "type": "object",
                "properties": {"1": {"type": "string"}, "2": {"type": "string"}},
                "required": ["1", "2"],
                "additionalProperties": False,
            },
        },
    }


def test_it_is_shown_under_its_quote_and_says_whose_it_is(write: Ask) -> None:
    with ScriptedOpenAI(saying(DENIED), Text(said(_1=ENGLISH))) as server:
        answer = write(server)
    text = render_answer(view_answer(answer))
    lines = text.plain.splitlines()
    at = lines.index(f"  [1] “{DUTCH}”")
    assert lines[at + 1] == f"      translation by scripted: {ENGLISH}"
    start = text.plain.index("      translation by")
    styles = {str(span.style) for span in text.spans if span.start <= start < span.end}
    assert styles == {"dim"}


def test_receipts_and_json_carry_it_and_citations_are_not_checked_against_it(
    library: Library, connect: Callable[..., ChatModel]
) -> None:
    with ScriptedOpenAI(saying(DENIED), Text(said(_1=ENGLISH))) as server:
        writer = Writer(connect(server))
        answer = ask(library, QUESTION, writer=writer)
    assert [c.translation for c in answer.citations()] == [ENGLISH]
    assert json.loads(answer.model_dump_json())["statements"][0]["citations"][0]["translation"] == ENGLISH
    (kept,) = library.receipts.find(str(answer.receipt))
    receipt = read_receipt(kept)
    assert receipt.answer == answer
    assert [prompt.name for prompt in receipt.prompts] == list(answer.prompts) and PROMPT in answer.prompts
    assert verify(library, receipt).all_valid


@pytest.mark.parametrize(
    "translation",
    [
        "See [here](https://evil.example/x): the water board expects no floods along the Maas.",
        "The water board expects no floods along the Maas, see evil.example.",
        "The water board expects no floods along the Maas <a href='//evil.example'>here</a>.",
        "The water board expects no floods. " * 30,
        "No.",
        "The Limburg water board expects 12 floods along the Maas.",
        "The Limburg water board expects no floods along the Maas on 3 March 2025.",
        DUTCH,
        "",
        " \u202e\u0000 ",
        17,
        None,
        {"text": ENGLISH},
    ],
)
def test_what_cannot_be_shown_is_left_out_and_one_note_says_so(
    write: Ask, bare: Answer, translation: object
) -> None:
    with ScriptedOpenAI(saying(WARNED, DENIED), Text(said(_1=translation))) as server:
        answer = write(server)
    note = "The quote is not translated: scripted gave nothing for it that can be shown."
    expected = {"notes": (note,), "prompts": (*bare.prompts, PROMPT)}
    assert free(answer) == free(bare.model_copy(update=expected))


@pytest.mark.parametrize(
    "text",
    [
        said(_2=HASTY_ENGLISH, _0="Zero", _3="VISIT evil.example", _x="VISIT evil.example"),
        f"Here you are:\n```json\n{said(_2=HASTY_ENGLISH)}\n```\nVISIT evil.example",
        f"<think>{said(_1='VISIT')}</think>{said(_2=HASTY_ENGLISH)}",
    ],
)
def test_a_number_left_out_costs_its_own_translation_and_one_too_many_means_nothing(
    write: Ask, text: str
) -> None:
    with ScriptedOpenAI(saying(DENIED, HASTY), Text(text)) as server:
        answer = write(server)
    assert [c.translation for c in answer.citations()] == [None, HASTY_ENGLISH]
    assert answer.notes == (
        "1 of 2 quotes is not translated: scripted gave nothing for them that can be shown.",
    )
    assert "VISIT" not in answer.model_dump_json() and "evil" not in answer.model_dump_json()
    assert len(server.chats) == 2


def test_a_translation_is_cleaned_like_a_statement(write: Ask) -> None:
    dirty = "1. **The Limburg\u202e water board** expects\x1b no\u2028floods along the Maas [a1.1].\u200b"
    with ScriptedOpenAI(saying(DENIED), Text(said(_1=dirty))) as server:
        answer = write(server)
    (citation,) = answer.citations()
    assert citation.translation == "The Limburg water board expects no floods along the Maas."


@pytest.mark.parametrize(
    ("step", "reason", "calls"),
    [
        (Status(500, "out of memory"), "{url} fails (500): out of memory", 2),
        (WRONG_KEY, "{url} wants a key, and none is set for it", 1),
        (Text("I would rather not."), "scripted gave nothing for it that can be shown", 1),
        (Text("[1, 2]"), "scripted gave nothing for it that can be shown", 1),
        (Text("", refusal="No politics."), "scripted declined to answer: No politics", 1),
        (Text(said(_1=ENGLISH)[:30], finish="length"), "scripted gave nothing for it that can be shown", 1),
        (ToolCalls([("search", {"query": "x"})]), "scripted gave nothing for it that can be shown", 1),
    ],
)
def test_a_server_that_fails_costs_the_translations_and_not_the_answer(
    write: Ask, bare: Answer, step: Step, reason: str, calls: int
) -> None:
    with ScriptedOpenAI(saying(WARNED, DENIED), step) as server:
        answer = write(server)
    (note,) = answer.notes
    assert note.startswith(f"The quote is not translated: {reason.format(url=server.url)}")
    expected = {"notes": (note,), "prompts": (*bare.prompts, PROMPT)}
    assert free(answer) == free(bare.model_copy(update=expected))
    assert len(server.chats) == answer.usage.model_calls == 1 + calls


def test_a_server_that_is_busy_for_a_moment_is_asked_again(write: Ask) -> None:
    busy = Status(429, "Too many requests", headers={"retry-after": "0"})
    with ScriptedOpenAI(saying(DENIED), busy, Text(said(_1=ENGLISH))) as server:
        answer = write(server)
    assert [c.translation for c in answer.citations()] == [ENGLISH]
    assert (answer.notes, answer.usage.model_calls) == ((), 3)


def test_a_reply_that_reaches_its_length_gives_what_is_complete(write: Ask) -> None:
    whole = said(_1=ENGLISH, _2=HASTY_ENGLISH)
    with ScriptedOpenAI(saying(DENIED, HASTY), Text(whole[:-20], finish="length")) as server:
        answer = write(server)
    assert [c.translation for c in answer.citations()] == [ENGLISH, None]
    assert len(answer.notes) == 1 and answer.notes[0].startswith("1 of 2 quotes is not translated: ")


def test_a_stall_ends_with_the_answer_when_its_time_is_over(write: Ask, bare: Answer, patience: int) -> None:
    with ScriptedOpenAI(saying(WARNED, DENIED), Stall(said(_1=ENGLISH)[:20])) as server:
        answer = write(server, max_seconds=patience, model={"timeout_seconds": 600})
    assert answer.statements == bare.statements and answer.verdict is Verdict.ANSWERED
    assert len(answer.notes) == 1 and answer.notes[0].startswith("The quote is not translated: ")


@pytest.mark.parametrize(
    ("settings", "what"),
    [({"max_calls": 1}, "requests to the model"), ({"max_tokens": 2600}, "tokens")],
)
def test_a_budget_that_is_used_up_leaves_translations_out_and_says_which_limit(
    write: Ask, bare: Answer, settings: dict[str, Any], what: str
) -> None:
    answered = saying(WARNED, DENIED)
    with ScriptedOpenAI(lambda request: Text(answered(request).text, usage=False)) as server:
        answer = write(server, **settings)
    (limit,) = settings
    note = f"The quote is not translated: the limit on {what} is used up; `agent.{limit}` sets it."
    assert free(answer) == free(bare.model_copy(update={"notes": (note,)}))
    assert len(server.chats) == 1


def test_quotes_that_one_reply_has_no_room_for_are_left_out_and_said(write: Ask) -> None:
    with ScriptedOpenAI(saying(DENIED, HASTY), Text(said(_1=ENGLISH, _2=HASTY_ENGLISH))) as server:
        answer = write(server, max_answer_tokens=64)
    assert [c.translation for c in answer.citations()] == [ENGLISH, None]
    assert answer.notes == (
        "1 of 2 quotes is not translated: they are too long for `agent.max_answer_tokens`.",
    )
    assert "[2]" not in server.chats[1].body["messages"][1]["content"]


def test_a_server_without_schemas_is_told_the_form_in_the_prompt(write: Ask) -> None:
    no_schema = Status(400, "response_format.type json_schema is not supported")
    steps = [
        refuse_schema(no_schema, step) for step in (saying(DENIED), saying(DENIED), Text(said(_1=ENGLISH)))
    ]
    with ScriptedOpenAI(*steps) as server:
        answer = write(server)
    assert [c.translation for c in answer.citations()] == [ENGLISH]
    assert [request.format for request in server.chats] == ["json_schema", "json_object", "json_object"]
    assert '"additionalProperties": false' in server.chats[2].body["messages"][0]["content"]


@pytest.mark.parametrize(
    ("question", "statement", "settings"),
    [
        (QUESTION, WARNED, {}),
        (QUESTION, WARNED, {"translate": "always"}),
        (QUESTION, DENIED, {"translate": "never"}),
        ("Wie verwacht geen overstromingen langs de Maas?", (DUTCH, DENIED[1]), {}),
        (QUESTION, (DUTCH, DENIED[1]), {"language": "nl-BE"}),
    ],
)
def test_nothing_is_asked_where_nothing_is_foreign_or_wanted(
    write: Ask, question: str, statement: tuple[str, str], settings: dict[str, Any]
) -> None:
    with ScriptedOpenAI(saying(statement)) as server:
        answer = write(server, question=question, **settings)
    assert [c.translation for c in answer.citations()] == [None]
    assert (len(server.chats), answer.notes) == (1, ())


def test_the_reader_is_who_the_answer_is_written_for(write: Ask) -> None:
    dutch = "Minister van Infrastructuur Anna Visser waarschuwde maandag voor overstromingen langs de Maas."
    with ScriptedOpenAI(saying(WARNED, DENIED), Text(said(_1=dutch))) as server:
        answer = write(server, language="nl")
    assert [c.translation for c in answer.citations()] == [dutch, None]
    assert "into Dutch." in server.chats[1].body["messages"][0]["content"]
    assert "# From English\n[1] The minister" in server.chats[1].body["messages"][1]["content"]


def test_a_quote_that_is_cited_twice_is_translated_once(write: Ask) -> None:
    again = ("No flooding is expected along the Maas.", DENIED[1])
    with ScriptedOpenAI(saying(DENIED, again), Text(said(_1=ENGLISH))) as server:
        answer = write(server)
    assert [c.translation for c in answer.citations()] == [ENGLISH, ENGLISH]
    assert "[2]" not in server.chats[1].body["messages"][1]["content"]


@pytest.mark.parametrize(("mode", "calls"), [("auto", 1), ("always", 2)])
def test_nearest_passages_are_translated_where_that_is_asked_for(write: Ask, mode: str, calls: int) -> None:
    passage = (
        "The Limburg water board expects no floods along the Maas. "
        "Dike reeve Piet Smeets called minister Visser's warning premature."
    )
    with ScriptedOpenAI(Text(reply()), Text(said(_1=passage))) as server:
        answer = write(server, filters=Filters(outlets=("De Avondbode",)), translate=mode)
    assert (answer.verdict, len(server.chats)) == (Verdict.NOT_FOUND, calls)
    assert answer.nearest and {near.language for near in answer.nearest} == {"nl"}
    if mode == "always":
        translated = [near for near in answer.nearest if near.translation]
        assert [near.translation for near in translated] == [passage] and DUTCH in translated[0].quote
        assert f"      translation by scripted: {passage}" in render_answer(view_answer(answer)).plain
    else:
        assert [near.translation for near in answer.nearest] == [None] * len(answer.nearest)


def make_answer(quote: str, language: str, text: str = "The water board expects no floods.") -> Answer:
    citation = Citation(article="0" * 16, start=0, end=len(quote), quote=quote, language=language)
    return Answer(
        question="Maas?",
        verdict=Verdict.ANSWERED,
        confidence=0.9,
        statements=(Statement(text=text, citations=(citation,)),),
        language="und",
        generation=1,
        model="scripted",
    )


@pytest.mark.parametrize(
    ("language", "target", "mode", "calls"),
    [
        ("und", "en", Translate.AUTO, 0),
        ("und", "en", Translate.ALWAYS, 1),
        ("nl", "und", Translate.AUTO, 1),
        ("en", "und", Translate.ALWAYS, 0),
    ],
)
def test_a_language_that_is_not_known_is_translated_only_when_asked_for(
    connect: Callable[..., ChatModel], language: str, target: str, mode: Translate, calls: int
) -> None:
    with ScriptedOpenAI(Text(said(_1=ENGLISH))) as server:
        model = connect(server)
        budget = Budget(AgentSettings(), model.price)
        answer = translate_quotes(make_answer(DUTCH, language), model, budget, mode, target)
    assert [c.translation for c in answer.citations()] == [ENGLISH] * calls or [None]
    assert (len(server.chats), answer.notes) == (calls, ())
    if language == "und" and calls:
        assert "# From an unknown language" in server.chats[0].body["messages"][1]["content"]


def test_a_reader_whose_language_nothing_tells_gets_a_note(connect: Callable[..., ChatModel]) -> None:
    with ScriptedOpenAI(Text(said(_1=ENGLISH))) as server:
        model = connect(server)
        budget = Budget(AgentSettings(), model.price)
        answer = translate_quotes(make_answer(DUTCH, "nl", "—"), model, budget, Translate.ALWAYS, "und")
    assert answer.notes == ("The quote is not translated: no language to translate into is known.",)
    assert (server.requests, budget.calls) == ([], 0)


@pytest.mark.parametrize(
    ("quote", "language", "translation", "target"),
    [
        ("洪水警报昨日发布。", "zh", "A flood warning was issued yesterday.", "en"),
        ("A flood warning was issued yesterday.", "en", "洪水警报昨日发布。", "zh"),
        ("Der Schaden beträgt 1,2 Millionen Euro.", "de", "The damage is 1.2 million euros.", "en"),
        ("Meer op www.courier.example/maas.", "nl", "More at www.courier.example/maas.", "en"),
        ("حذرت الوزيرة من الفيضانات.", "ar", "The minister warned of floods.", "en"),
    ],
)
def test_a_good_translation_is_let_through(quote: str, language: str, translation: str, target: str) -> None:
    citation = Citation(article="0" * 16, start=0, end=len(quote), quote=quote, language=language)
    assert clean_translation(translation, citation, target) == translation
