"""Answers by a model: shown as they are checked, by whichever way Slack leaves open."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from agent.slack import delivery
from tests.agent.generative.conftest import find_label
from tests.agent.slack.conftest import FLOOD, Running, Start
from tests.peers.scripted_openai import Request, ScriptedOpenAI, Status, Text
from tests.peers.slack import Posted, SlackPeer

WARNED = "Anna Visser warned of flooding along the Maas."
SOLDIERS = "1,200 soldiers would fill sandbags."
VILLAGES = "Residents of three villages were asked to leave their homes."
SAID = (
    (WARNED, "warned of flooding along the Maas"),
    (SOLDIERS, "1,200 soldiers"),
    (VILLAGES, "three villages"),
)
NUMBERED = [f"{WARNED} [1]", f"{SOLDIERS} [2]", f"{VILLAGES} [3]"]


class Written:
    """A model that says these things, citing the sentence that has the words beside each."""

    def __init__(self, statements: Sequence[tuple[str, str]] = SAID) -> None:
        self.statements = statements

    def __call__(self, request: Request) -> Text:
        stated = [{"text": text, "labels": [find_label(request, words)]} for text, words in self.statements]
        return Text(json.dumps({"statements": stated, "missing": []}), piece=40)


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Statements are passed on at once, each alone."""
    monkeypatch.setattr(delivery, "GATHER_SECONDS", 0.0)


@pytest.fixture
def model() -> Iterator[ScriptedOpenAI]:
    with ScriptedOpenAI(Written()) as server:
        yield server


def settings(server: ScriptedOpenAI) -> dict[str, Any]:
    return {"name": "scripted", "base_url": server.url, "timeout_seconds": 60}


def ask(slack: SlackPeer, start: Start, model: ScriptedOpenAI, **fields: Any) -> Running:
    bot = start(model=settings(model), **fields)
    slack.mention("U1", FLOOD)
    slack.wait(lambda: bot.outcomes())
    return bot


def sources_of(posted: Posted) -> list[str]:
    return re.findall(r"(?m)^\[\d+\](?= .* · )", posted.shown)


def test_statements_are_streamed_and_their_sources_end_the_stream(
    slack: SlackPeer, start: Start, model: ScriptedOpenAI
) -> None:
    bot = ask(slack, start, model)
    (reply,) = slack.posted
    assert (reply.was_streamed, reply.is_streaming, bot.lines[-1]["way"]) == (True, False, "stream")
    assert reply.text.split("\n\n") == NUMBERED
    assert sources_of(reply) == ["[1]", "[2]", "[3]"]
    assert reply.shown.count("The minister of infrastructure, Anna Visser, warned of flooding") == 1
    assert reply.feedback is not None and list(reply.buttons) == ["passage-1", "passage-2", "passage-3"]
    assert slack.methods()[2] == "chat.startStream" and slack.methods()[-1] == "chat.stopStream"


def test_where_streaming_is_refused_the_message_is_edited_at_most_once_a_second(
    slack: SlackPeer, start: Start, model: ScriptedOpenAI
) -> None:
    slack.errors["chat.startStream"] = "method_not_supported_for_channel_type"
    bot = ask(slack, start, model)
    (reply,) = slack.posted
    assert (reply.was_streamed, bot.lines[-1]["way"]) == (False, "edits")
    assert reply.shown.split("\n")[:3] == NUMBERED
    assert sources_of(reply) == ["[1]", "[2]", "[3]"]
    assert reply.text.split("\n")[:3] == NUMBERED
    assert "chat.update" in slack.methods()


def test_where_edits_are_refused_too_every_piece_is_a_post(
    slack: SlackPeer, start: Start, model: ScriptedOpenAI, fast: None
) -> None:
    slack.errors |= {"chat.startStream": "unknown_method", "chat.update": "cant_update_message"}
    bot = ask(slack, start, model)
    assert bot.lines[-1]["way"] in ("posts", "edits")
    shown = "\n".join(posted.shown for posted in slack.posted)
    assert [line for line in shown.split("\n") if line in NUMBERED] == NUMBERED
    assert shown.count("> “The minister of infrastructure") == 1


@pytest.mark.parametrize("appends", [0, 1])
def test_a_stream_that_slack_cuts_goes_on_in_another_message(
    slack: SlackPeer, start: Start, model: ScriptedOpenAI, fast: None, appends: int
) -> None:
    slack.cut_streams_after = appends
    bot = ask(slack, start, model)
    assert bot.outcomes() == ["answered"]
    lines = [line for posted in slack.posted for line in posted.shown.split("\n") if line in NUMBERED]
    assert lines == NUMBERED
    assert not any(posted.is_streaming for posted in slack.posted)
    assert [number for posted in slack.posted for number in sources_of(posted)] == ["[1]", "[2]", "[3]"]


def test_without_its_model_it_answers_in_quotes_and_says_why(slack: SlackPeer, start: Start) -> None:
    with ScriptedOpenAI(Status(401, "Incorrect API key", code="invalid_api_key")) as server:
        bot = ask(slack, start, server, channels=[{"id": "C1", "outlets": ["The Courier"]}])
    (reply,) = slack.posted
    assert bot.outcomes() == ["answered"]
    assert reply.shown.startswith("1 quote from 1 article, word for word as it stands there.")
    assert "Quotes, because the model did not answer: " in reply.shown


def test_a_private_answer_is_not_streamed_and_seen_by_the_asker_alone(
    slack: SlackPeer, start: Start, model: ScriptedOpenAI
) -> None:
    bot = ask(slack, start, model, private_answers=True)
    (reply,) = slack.posted
    assert (reply.seen_by, reply.through, bot.lines[-1]["way"]) == ("U1", "chat.postEphemeral", "private")
    assert reply.shown.split("\n")[:3] == NUMBERED


def test_several_answers_are_written_at_a_time_each_into_its_own_thread(
    slack: SlackPeer, start: Start, model: ScriptedOpenAI
) -> None:
    bot = start(model=settings(model), concurrency=4)
    asked = [slack.mention(f"U{number}", FLOOD, f"C{number % 3}") for number in range(8)]
    slack.wait(lambda: bot.outcomes() == ["answered"] * 8, 90)
    assert {line["way"] for line in bot.lines[1:]} == {"stream"}
    answers = {str(reply.thread_ts): reply for reply in slack.posted if reply.seen_by is None}
    assert sorted(answers) == sorted(asked)
    for reply in answers.values():
        assert reply.text.split("\n\n") == NUMBERED
        assert sources_of(reply) == ["[1]", "[2]", "[3]"]
