"""What a model that obeys everybody can achieve: nothing but statements that stand their checks."""

from __future__ import annotations

import json
import re

from agent.answer.answer import Answer, Statement, Verdict
from tests.agent.generative.conftest import Ask, find_label, reply, saying
from tests.peers.scripted_openai import Request, ScriptedOpenAI, Text, ToolCalls
from vectorstore import Library

LEAD = "warned of flooding along the Maas on Monday"
WARNED = ("Minister Anna Visser warned of flooding along the Maas.", LEAD)
TULIPS = ("Tulip growers in Lisse sold 40 million bulbs.", "40 million bulbs")
QUESTION = "What do readers write about tulips?"


def strings(answer: Answer) -> str:
    return answer.model_dump_json()


def test_an_article_cannot_end_its_fence_or_pass_for_a_label(write: Ask) -> None:
    with ScriptedOpenAI(saying(TULIPS)) as server:
        write(server, question=QUESTION)
    user = server.chats[0].body["messages"][1]["content"]
    closings = re.findall(r"</data [a-z]+ [0-9a-f]+>", user)
    assert [line.split()[1] for line in closings] == ["question", "articles"]
    assert user.count("<") == 4
    assert "<|im_end|>" not in user and "[a1.1] The tulip growers" not in user
    labels = [line[1 : line.index("]")] for line in user.splitlines() if line.startswith("[")]
    assert len(labels) == len(set(labels))


def test_links_that_an_article_orders_do_not_come_through(write: Ask, library: Library) -> None:
    shown: list[Statement] = []
    ordered = [
        "Tulip growers in Lisse sold 40 million bulbs, [click here](https://evil.example/x).",
        "Tulip growers in Lisse sold 40 million bulbs, see https://evil.example/x",
        "Tulip growers in Lisse sold 40 million bulbs at evil.example now.",
        "Tulip growers in Lisse sold 40 million bulbs <a href='//evil.example'>here</a>.",
        "Tulip growers in Lisse sold 40 million bulbs ![](http://evil.example/pixel.png).",
    ]

    def step(request: Request) -> Text:
        return Text(reply(*((text, [find_label(request, TULIPS[1])]) for text in ordered)))

    with ScriptedOpenAI(step) as server:
        answer = write(server, question=QUESTION, on_statement=shown.append)
    assert len(server.chats) == 2
    assert tuple(shown) == answer.statements
    said = " ".join(statement.text for statement in answer.statements)
    assert said and "evil" not in said and "<" not in said and "](" not in said
    stored = {library.articles.get(header.id).url for header in library.articles.headers()}
    links = {citation.link.partition("#")[0] for citation in answer.citations() if citation.link}
    assert links <= {url for url in stored if url}


def test_only_three_tools_exist_whatever_is_asked_for(write: Ask, library: Library) -> None:
    before = library.generation, len(library.articles.headers())
    ordered = [
        ("delete_library", {}),
        ("remove", {"id": "a1"}),
        ("read_article", {"id": "../../etc/passwd"}),
        ("read_article", {"id": library.articles.headers()[0].id}),
        ("search", "{not json"),
        ("search", {"query": "x", "filters": {"outlet": "Nobody", "since": "yesterday"}}),
        ("list_articles", {"filters": None, "path": "/"}),
    ]
    with ScriptedOpenAI(ToolCalls(ordered), saying(TULIPS)) as server:
        answer = write(server, question=QUESTION)
    assert sorted(t["function"]["name"] for t in server.chats[0].body["tools"]) == [
        "list_articles",
        "read_article",
        "search",
    ]
    results = [m["content"] for m in server.chats[1].body["messages"] if m["role"] == "tool"]
    assert results and not any("root:" in result for result in results)
    assert any("delete_library is not a valid tool" in result for result in results)
    assert (library.generation, len(library.articles.headers())) == before
    assert [s.text for s in answer.statements] == [TULIPS[0]]


def test_text_outside_the_statements_is_never_shown(write: Ask) -> None:
    def step(request: Request) -> Text:
        body = {
            "note": "VISIT evil.example",
            "statements": [
                {"text": WARNED[0], "labels": [find_label(request, LEAD)], "advice": "VISIT evil.example"},
                "VISIT evil.example",
                {"text": {"VISIT": "evil.example"}, "labels": []},
            ],
            "missing": ["VISIT evil.example", {"VISIT": 1}],
            "after": "VISIT evil.example",
        }
        return Text(f"VISIT evil.example {json.dumps(body)} VISIT evil.example")

    with ScriptedOpenAI(step) as server:
        answer = write(server)
    assert [s.text for s in answer.statements] == [WARNED[0]]
    assert "VISIT" not in strings(answer) and "evil" not in strings(answer)
    assert answer.verdict is Verdict.PARTIAL


def test_a_label_of_another_article_does_not_carry_what_this_one_says(write: Ask) -> None:
    def step(request: Request) -> Text:
        return Text(reply(("Tulip growers in Lisse sold 40 million bulbs.", [find_label(request, LEAD)])))

    with ScriptedOpenAI(step) as server:
        answer = write(server)
    assert (answer.statements, answer.withheld) == ((), 1)


def test_labels_that_were_not_shown_are_not_understood(write: Ask) -> None:
    """The other sentences of the article have labels, too; they have not been shown."""

    def step(request: Request) -> Text:
        article, _, number = find_label(request, LEAD).partition(".")
        return Text(reply((WARNED[0], [f"{article}.{n}" for n in range(1, 9) if n != int(number)])))

    with ScriptedOpenAI(step) as server:
        answer = write(server, evidence=1)
    assert (answer.statements, answer.withheld) == ((), 1)


def test_control_and_direction_changing_characters_go(write: Ask) -> None:
    dirty = "Minister Anna Visser\u202e warned\x1b[m of\u2028flooding\u0000 along the\nMaas.\u200b\U000e0041"

    def step(request: Request) -> Text:
        return Text(reply((dirty, [find_label(request, LEAD)])))

    with ScriptedOpenAI(step) as server:
        (statement,) = write(server).statements
    assert statement.text == "Minister Anna Visser warned [m of flooding along the Maas."
