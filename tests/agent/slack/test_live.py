"""One growing message against Slack's limits, without the rest of the bot."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable

from pydantic import SecretStr

from agent.answer.answer import Answer, Citation, Mode, Statement, Verdict
from agent.slack.delivery import Delivery
from agent.slack.events import RequestKind, SlackRequest
from agent.slack.live import LiveMessage
from agent.slack.setup import Credentials
from agent.slack.web import SlackWeb
from tests.peers.slack import BOT_TOKEN, TEAM, SlackPeer

REQUEST = SlackRequest(
    key="Ev1",
    kind=RequestKind.MENTION,
    team=TEAM,
    channel="C1",
    user="U1",
    text="why?",
    ts="1700000000.000001",
)


def state(number: int, length: int = 40, quote: int = 60) -> Statement:
    words = f"Statement {number} says: ".ljust(length, "é")
    cited = f"Quote {number}: ".ljust(quote, "字")
    citation = Citation(
        article=f"{number:016x}", start=0, end=len(cited), quote=cited, title="A title", language="en"
    )
    return Statement(text=words, citations=(citation,))


def answer_of(*statements: Statement) -> Answer:
    return Answer(
        question="why?",
        mode=Mode.AGENT,
        verdict=Verdict.ANSWERED,
        confidence=0.9,
        statements=statements,
        language="en",
        generation=1,
        receipt="bcdfgh",
        model="scripted",
    )


def with_web(peer: SlackPeer, work: Callable[[SlackWeb], Awaitable[None]]) -> None:
    async def run() -> None:
        async with SlackWeb.open(peer.url, Credentials(SecretStr(BOT_TOKEN))) as web:
            await work(web)

    asyncio.run(run())


def numbers_in(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"Statement (\d+) says", text)]


def test_a_stream_ends_before_slack_ends_it_and_edits_go_on(slack: SlackPeer) -> None:
    now = [1000.0]
    statements = [state(number) for number in range(1, 5)]

    async def work(web: SlackWeb) -> None:
        live = LiveMessage(web, REQUEST, 240, clock=lambda: now[0])
        await live.show(statements[:1])
        now[0] += 239
        await live.show(statements[1:2])
        now[0] += 2
        await live.show(statements[2:3])
        now[0] += 2
        assert await live.finish(answer_of(*statements)) == []

    with_web(slack, work)
    first, second = slack.posted
    assert slack.methods() == [
        "chat.startStream",
        "chat.appendStream",
        "chat.stopStream",
        "chat.postMessage",
        "chat.update",
        "chat.update",
    ]
    assert (first.is_streaming, numbers_in(first.text), first.blocks) == (False, [1, 2], ())
    assert numbers_in(second.shown) == [3, 4]
    assert re.findall(r"(?m)^\[(\d+)\]", second.shown) == ["1", "2", "3", "4"]


def test_a_long_answer_is_split_at_statements_and_sources_with_numbers_that_go_on(slack: SlackPeer) -> None:
    statements = [state(number, length=500, quote=900) for number in range(1, 41)]

    async def work(web: SlackWeb) -> None:
        delivery = Delivery(web, REQUEST, is_private=False, stream_seconds=240, on_visible=lambda: None)
        queue: asyncio.Queue[Statement | None] = asyncio.Queue()
        for statement in statements:
            queue.put_nowait(statement)
        queue.put_nowait(None)
        await delivery.follow(queue)
        await delivery.finish(answer_of(*statements))

    with_web(slack, work)
    slack.require_no_violation()
    shown = "\n".join(posted.shown for posted in slack.posted)
    assert numbers_in(shown) == list(range(1, 41))
    assert re.findall(r"says: é+ \[(\d+)\]", shown) == [str(number) for number in range(1, 41)]
    assert re.findall(r"(?m)^\[(\d+)\] .* · ", shown) == [str(number) for number in range(1, 41)]
    assert [name for posted in slack.posted for name in posted.buttons] == [
        f"passage-{number}" for number in range(1, 41)
    ]
    assert [posted.feedback is not None for posted in slack.posted].count(True) == 1
    assert slack.posted[-1].feedback == ("good:bcdfgh", "bad:bcdfgh")
    assert not any(posted.is_streaming for posted in slack.posted)


def test_an_answer_whose_statements_were_taken_back_is_said_anew(slack: SlackPeer) -> None:
    async def work(web: SlackWeb) -> None:
        live = LiveMessage(web, REQUEST, 240)
        await live.show([state(1), state(2)])
        for message in await live.finish(answer_of(state(2), state(3))):
            await web.post("C1", REQUEST.thread, message)

    with_web(slack, work)
    first, second = slack.posted
    assert (numbers_in(first.text), numbers_in(second.shown)) == ([1, 2], [2, 3])
    assert first.is_streaming is False


def test_blocks_that_are_refused_come_as_plain_text(slack: SlackPeer) -> None:
    statements = [state(number, quote=1000) for number in range(1, 9)]
    answer = answer_of(*statements)

    class NoBlocks(SlackPeer):
        def _answer(self, method, body, authorization):  # type: ignore[no-untyped-def]
            if "blocks" in body:
                return 200, {"ok": False, "error": "invalid_blocks"}, {}
            return super()._answer(method, body, authorization)

    async def work(web: SlackWeb) -> None:
        delivery = Delivery(web, REQUEST, is_private=False, stream_seconds=240, on_visible=lambda: None)
        await delivery.finish(answer)

    with NoBlocks() as peer:
        with_web(peer, work)
        assert all(posted.blocks == () for posted in peer.posted)
        text = "\n".join(posted.text for posted in peer.posted)
        assert numbers_in(text) == list(range(1, 9))
        for statement in statements:
            assert statement.citations[0].quote in text.replace("\n", "")


def test_a_command_takes_five_messages_and_the_last_says_where_the_rest_is(slack: SlackPeer) -> None:
    command = SlackRequest(
        key="trigger.1",
        kind=RequestKind.COMMAND,
        team=TEAM,
        channel="C1",
        user="U1",
        text="why?",
        response_url=slack.url.replace("/api/", "/commands/1"),
    )
    statements = [state(number, length=500, quote=900) for number in range(1, 41)]

    async def work(web: SlackWeb) -> None:
        delivery = Delivery(web, command, is_private=False, stream_seconds=240, on_visible=lambda: None)
        await delivery.finish(answer_of(*statements))

    with_web(slack, work)
    assert len(slack.responses) == 5
    assert [numbers_in(response["text"])[:1] for response in slack.responses[:2]] == [[1], [9]]
    assert slack.responses[-1]["text"] == (
        "The rest does not fit into an answer to a command. Mention me, or write to me, and it does."
    )


def test_where_a_channel_takes_nothing_the_asker_gets_it_directly(slack: SlackPeer) -> None:
    class NotInChannel(SlackPeer):
        def _answer(self, method, body, authorization):  # type: ignore[no-untyped-def]
            if body.get("channel") == "C1":
                return 200, {"ok": False, "error": "not_in_channel"}, {}
            return super()._answer(method, body, authorization)

    async def work(web: SlackWeb) -> None:
        delivery = Delivery(web, REQUEST, is_private=False, stream_seconds=240, on_visible=lambda: None)
        await delivery.finish(answer_of(state(1)))

    with NotInChannel() as peer:
        with_web(peer, work)
        reason, answer = peer.posted
        assert (reason.channel, reason.text) == (
            "DU1",
            "You asked me in <#C1>, where I cannot post (not_in_channel):",
        )
        assert (answer.channel, numbers_in(answer.shown)) == ("DU1", [1])
