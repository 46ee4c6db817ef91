from __future__ import annotations

from datetime import date

import pytest

from agent.answer.answer import Mode, Statement, Step, Verdict
from agent.generative import NotWrittenError
from agent.generative.wording import word_answer
from tests.agent.generative.conftest import Ask, find_label, reply, saying
from tests.peers.scripted_openai import Cut, Request, ScriptedOpenAI, Stall, Status, Text, ToolCalls
from vectorstore import Filters, Library

LEAD = "warned of flooding along the Maas on Monday"
WARNED = ("Minister Anna Visser warned of flooding along the Maas.", LEAD)
LEFT = ("Residents of three villages were asked to leave.", "Residents of three villages")
DENIED = ("De Limburg water board expects no flooding along the Maas.", "verwacht geen overstromingen")


def texts(statements: tuple[Statement, ...]) -> list[str]:
    return [statement.text for statement in statements]


def test_a_one_hop_question_costs_one_call(write: Ask, library: Library) -> None:
    with ScriptedOpenAI(saying(WARNED)) as server:
        answer = write(server)
    assert len(server.chats) == 1
    assert (answer.mode, answer.verdict, answer.model) == (Mode.AGENT, Verdict.ANSWERED, "scripted")
    (statement,) = answer.statements
    (citation,) = statement.citations
    assert statement.text == WARNED[0]
    assert citation.quote == (
        "The minister of infrastructure, Anna Visser, warned of flooding along the Maas on Monday."
    )
    assert library.articles.get(citation.article).text[citation.start : citation.end] == citation.quote
    assert all(check.passed for check in statement.checks) and statement.checks
    assert (answer.usage.model_calls, answer.usage.prompt_tokens) == (1, server.prompt_tokens)
    assert (answer.notes, answer.withheld, answer.nearest, answer.missing) == ((), 0, (), ())
    assert [step.tool for step in answer.trace] == ["search"]


def test_the_prompt_says_when_the_question_was_asked() -> None:
    asked = word_answer("Who warned?", "English", date(2024, 12, 3))
    assert asked.values["question"] == "Who warned?\n(Asked on 2024-12-03.)"


def test_the_schema_lists_exactly_the_labels_that_the_prompt_shows(write: Ask) -> None:
    with ScriptedOpenAI(saying(WARNED)) as server:
        write(server, evidence=3)
    body = server.chats[0].body
    shown = [
        line[1 : line.index("]")] for line in body["messages"][1]["content"].splitlines() if line[0] == "["
    ]
    form = body["response_format"]["json_schema"]
    enum = form["schema"]["$defs"]["Statement"]["properties"]["labels"]["items"]["enum"]
    assert form["strict"] is True
    assert sorted(enum) == sorted(shown) and len(enum) == 3


def test_a_second_hop_searches_again_and_the_schema_grows(write: Ask) -> None:
    steps: list[Step] = []
    search = {"query": "dike at Roermond", "filters": {"until": "2024-06-30"}}
    with ScriptedOpenAI(
        ToolCalls([("search", search)]),
        saying(("Anna Visser opened a new dike at Roermond in June.", "opened a new dike"), WARNED),
    ) as server:
        answer = write(
            server, question="What did Visser say before the flood?", evidence=2, on_trace=steps.append
        )
    first, second = (
        r.body["response_format"]["json_schema"]["schema"]["$defs"]["Statement"]["properties"]["labels"][
            "items"
        ]["enum"]
        for r in server.chats
    )
    assert len(first) == 2 and set(first) < set(second)
    assert [(s.query, s.until, s.is_inferred) for s in answer.trace] == [
        ("What did Visser say before the flood?", None, False),
        ("dike at Roermond", "2024-06-30", True),
    ]
    assert tuple(steps) == answer.trace
    assert answer.notes == ("One search was narrowed by the model to articles published until 2024-06-30.",)
    assert answer.verdict is Verdict.ANSWERED and len(answer.statements) == 2
    assert answer.usage.model_calls == 2
    assert answer.usage.prompt_tokens == server.prompt_tokens


def test_the_model_may_read_on_and_list(write: Ask) -> None:
    def read(request: Request) -> ToolCalls:
        article = find_label(request, LEAD).partition(".")[0]
        return ToolCalls(
            [("read_article", {"id": article, "from_sentence": 3}), ("list_articles", {"filters": None})]
        )

    with ScriptedOpenAI(read, saying(LEFT)) as server:
        answer = write(server, evidence=1)
    reading, listing = (m["content"] for m in server.chats[1].body["messages"] if m["role"] == "tool")
    assert "1,200 soldiers" in reading and LEAD not in reading
    assert listing.startswith("4 articles") and "Waterschap tegenspreekt minister" in listing
    assert [(s.tool, s.found) for s in answer.trace] == [
        ("search", 1),
        ("read_article", 2),
        ("list_articles", 4),
    ]
    assert texts(answer.statements) == [LEFT[0]]


def test_both_sides_are_given_when_sources_disagree(write: Ask) -> None:
    with ScriptedOpenAI(saying(WARNED, DENIED)) as server:
        answer = write(server)
    assert [s.citations[0].outlet for s in answer.statements] == ["The Courier", "De Avondbode"]


def test_statements_are_shown_while_the_model_still_writes(write: Ask) -> None:
    shown: list[str] = []
    seen_at_cut: list[list[str]] = []

    def cut(request: Request) -> Cut:
        whole = reply((WARNED[0], [find_label(request, LEAD)]), (LEFT[0], [find_label(request, LEFT[1])]))
        return Cut(whole[: whole.index("Residents") + 20])

    with ScriptedOpenAI(cut) as server:
        answer = write(server, on_statement=lambda statement: shown.append(statement.text))
        seen_at_cut.append(list(shown))
    assert seen_at_cut == [[WARNED[0]]] == [texts(answer.statements)]
    assert answer.verdict is Verdict.PARTIAL
    assert len(answer.notes) == 1 and "broke off" in answer.notes[0]
    assert answer.usage.tokens_are_estimated and answer.usage.completion_tokens > 0


def test_what_fails_a_check_is_sent_back_once_and_put_right(write: Ask) -> None:
    wrong = ("Visser said that 9,900 soldiers would fill sandbags.", "1,200 soldiers")
    right = ("Visser said that 1,200 soldiers would fill sandbags.", "1,200 soldiers")
    shown: list[str] = []
    with ScriptedOpenAI(saying(wrong, WARNED), saying(right)) as server:
        answer = write(server, on_statement=lambda statement: shown.append(statement.text))
    assert len(server.chats) == 2
    sent = server.chats[1].body["messages"][1]["content"]
    assert wrong[0] in sent and "Reason: “9,900” is not in what is cited" in sent
    assert texts(answer.statements) == shown == [WARNED[0], right[0]]
    assert (answer.withheld, answer.verdict) == (0, Verdict.ANSWERED)
    assert [prompt.partition("@")[0] for prompt in answer.prompts] == ["answer", "repair"]
    assert answer.usage.prompt_tokens == server.prompt_tokens


def test_what_fails_twice_is_withheld_and_counted(write: Ask) -> None:
    wrong = ("Visser said that 9,900 soldiers would fill sandbags.", "1,200 soldiers")
    shown: list[str] = []
    with ScriptedOpenAI(saying(WARNED, wrong), saying(wrong)) as server:
        answer = write(server, on_statement=lambda statement: shown.append(statement.text))
    assert len(server.chats) == 2
    assert texts(answer.statements) == shown == [WARNED[0]]
    assert (answer.withheld, answer.verdict) == (1, Verdict.PARTIAL)


def test_a_statement_without_a_label_that_was_shown_is_withheld(write: Ask) -> None:
    with ScriptedOpenAI(Text(reply((WARNED[0], ["a9.9", "b1"]), (LEFT[0], [])))) as server:
        answer = write(server)
    assert len(server.chats) == 1
    assert (answer.statements, answer.withheld, answer.verdict) == ((), 2, Verdict.NOT_FOUND)
    assert len(answer.nearest) == 3


def test_a_label_never_shown_is_dropped_beside_one_that_was(write: Ask) -> None:
    def step(request: Request) -> Text:
        return Text(reply((WARNED[0], ["a9.9", find_label(request, LEAD)])))

    with ScriptedOpenAI(step) as server:
        answer = write(server)
    assert [len(s.citations) for s in answer.statements] == [1]


def test_saying_nothing_is_a_legal_answer(write: Ask) -> None:
    question = "Who won the chess match in Paris?"
    with ScriptedOpenAI(
        Text(reply(missing=["won the Chess match", "you must visit evil.example"]))
    ) as server:
        answer = write(server, question=question)
    assert (answer.verdict, answer.statements, answer.withheld) == (Verdict.NOT_FOUND, (), 0)
    assert answer.missing == ("won the chess match",)
    assert len(answer.nearest) == 3
    assert len(server.chats) == 1


def test_part_of_an_answer_is_partial_and_says_what_is_missing(write: Ask) -> None:
    question = "Who warned of flooding and how much did it cost?"
    with ScriptedOpenAI(saying(WARNED, missing=["how much did it cost"])) as server:
        answer = write(server, question=question)
    assert (answer.verdict, answer.missing) == (Verdict.PARTIAL, ("how much did it cost",))


def test_nothing_is_asked_of_the_model_when_nothing_is_found(write: Ask) -> None:
    with ScriptedOpenAI(saying(WARNED)) as server:
        answer = write(server, filters=Filters(outlets=("Nobody",)))
    assert (len(server.chats), answer.verdict, answer.model) == (0, Verdict.NOT_FOUND, None)
    assert answer.usage.model_calls == 0


def test_the_model_cannot_widen_the_users_filters(write: Ask) -> None:
    searches = [
        {"query": "flooding", "filters": {"outlet": "The Courier"}},
        {"query": "overstromingen", "filters": {"since": "1999-01-01"}},
    ]
    with ScriptedOpenAI(ToolCalls([("search", s) for s in searches]), Text(reply())) as server:
        answer = write(server, filters=Filters(outlets=("De Avondbode",)), evidence=1)
    outside, inside = (m["content"] for m in server.chats[1].body["messages"] if m["role"] == "tool")
    assert "outside what the user allowed" in outside
    assert "The Courier" not in inside and "Avondbode" in inside
    assert all(step.outlets == ("De Avondbode",) for step in answer.trace)


def test_the_answer_is_written_in_the_language_asked_for(write: Ask) -> None:
    with ScriptedOpenAI(saying(WARNED), saying(WARNED)) as server:
        write(server)
        write(server, language="nl", translate="never")
    assert ["Write in English." in r.body["messages"][0]["content"] for r in server.chats] == [True, False]
    assert "Write in Dutch." in server.chats[1].body["messages"][0]["content"]


@pytest.mark.parametrize(
    ("settings", "limit"),
    [
        ({"max_calls": 2}, "agent.max_calls"),
        ({"max_tokens": 3200}, "agent.max_tokens"),
        ({"max_cost": "0.004", "price": 1.0}, "agent.max_cost"),
    ],
)
def test_a_budget_that_is_used_up_ends_in_an_answer_that_says_so(
    write: Ask, settings: dict[str, object], limit: str
) -> None:
    price = settings.pop("price", None) if (settings := dict(settings)) else None
    model = {"input_price": price, "output_price": price} if price else {}
    many = [ToolCalls([("search", {"query": f"flood {n}", "filters": None})]) for n in range(8)]

    def insist(request: Request) -> Text | ToolCalls:
        if request.body.get("tool_choice") == "none" or not request.body.get("tools"):
            return saying(WARNED, missing=["Maas"])(request)
        return many[len(server.chats) % 8]

    with ScriptedOpenAI(insist) as server:
        answer = write(server, model=model, **settings)
    assert texts(answer.statements) == [WARNED[0]]
    assert answer.verdict is Verdict.PARTIAL
    assert any(f"`{limit}`" in note for note in answer.notes)
    assert answer.usage.prompt_tokens + answer.usage.completion_tokens <= settings.get("max_tokens", 30_000)


def test_a_stall_ends_with_what_was_complete(write: Ask, patience: int) -> None:
    def stall(request: Request) -> Stall:
        return Stall(reply((WARNED[0], [find_label(request, LEAD)]), ("Resid", []))[:-30])

    with ScriptedOpenAI(stall) as server:
        answer = write(server, max_seconds=patience, model={"timeout_seconds": 600})
    assert texts(answer.statements) == [WARNED[0]]
    assert answer.verdict is Verdict.PARTIAL
    assert any("`agent.max_seconds`" in note for note in answer.notes)
    assert answer.usage.tokens_are_estimated


def test_a_stall_with_nothing_said_is_an_error_that_names_the_setting(write: Ask, patience: int) -> None:
    with (
        ScriptedOpenAI(Stall()) as server,
        pytest.raises(NotWrittenError, match=r"agent\.max_seconds") as failure,
    ):
        write(server, max_seconds=patience, model={"timeout_seconds": 600})
    assert failure.value.usage.model_calls == 1 and failure.value.usage.prompt_tokens > 0


def test_a_refusal_is_an_error_with_the_reason(write: Ask) -> None:
    refusal = Text("", refusal="I cannot talk about floods.")
    with ScriptedOpenAI(refusal) as server, pytest.raises(NotWrittenError, match="cannot talk about floods"):
        write(server)
    assert len(server.chats) == 1


def test_a_reply_that_used_up_its_length_keeps_what_was_complete(write: Ask) -> None:
    def long(request: Request) -> Text:
        whole = reply((WARNED[0], [find_label(request, LEAD)]), (LEFT[0], ["a1.1"]))
        return Text(whole[:-25], finish="length")

    with ScriptedOpenAI(long) as server:
        answer = write(server)
    assert texts(answer.statements) == [WARNED[0]]
    assert answer.verdict is Verdict.PARTIAL and answer.notes


def test_a_429_is_waited_for_and_counted(write: Ask) -> None:
    busy = Status(429, "Too many requests", headers={"retry-after": "0"})
    with ScriptedOpenAI(busy, saying(WARNED)) as server:
        answer = write(server)
    assert texts(answer.statements) == [WARNED[0]]
    assert answer.usage.model_calls == 2
    assert answer.usage.prompt_tokens == server.chats[1].prompt_tokens


def test_a_server_that_keeps_failing_is_an_error(write: Ask) -> None:
    broken = Status(500, "scripted", headers={"retry-after": "0"})
    with ScriptedOpenAI(broken) as server, pytest.raises(NotWrittenError, match="500"):
        write(server)
    assert len(server.chats) == 3
