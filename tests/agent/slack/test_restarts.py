"""Every event is answered once or apologised for, whatever happens to the bot."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.slack import answering
from agent.slack.bot import RESUME_SECONDS
from agent.slack.events import RequestKind, SlackRequest
from agent.slack.journal import MEMORY_SECONDS, EventState, Journal
from tests.agent.slack.conftest import FLOOD, Start
from tests.peers.slack import TEAM, SlackPeer
from vectorstore import SetupError

STOPPING = "I am being stopped, so I cannot answer now. Please ask again in a minute."
STOPPED_BEFORE = "I was stopped before I could answer this. Please ask again."
STOPPED_WITHIN = "I was stopped while I answered this. If there is no whole answer above, please ask again."


def request(key: str = "Ev1", ts: str | None = "1700000000.000001", received: float = 1000.0) -> SlackRequest:
    return SlackRequest(
        key=key,
        kind=RequestKind.MENTION,
        team=TEAM,
        channel="C1",
        user="U1",
        text=FLOOD,
        ts=ts,
        received=received,
    )


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal(tmp_path / "bot" / "slack.db")
    yield opened
    opened.close()


class Gate:
    """Holds answers back until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_open = threading.Event()
        self.entered = threading.Semaphore(0)
        original = answering.Answering.answer

        def answer(*arguments: Any) -> Any:
            self.entered.release()
            assert self.is_open.wait(120)
            return original(*arguments)

        monkeypatch.setattr(answering.Answering, "answer", answer)


def test_the_journal_takes_an_event_once_and_a_message_once(journal: Journal) -> None:
    assert journal.accept(request())
    assert not journal.accept(request())
    assert not journal.accept(request(key="Ev2"))
    assert journal.accept(request(key="Ev3", ts="1700000000.000002"))
    assert journal.unfinished() == [
        (request(), EventState.ACCEPTED),
        (request(key="Ev3", ts="1700000000.000002"), EventState.ACCEPTED),
    ]


def test_the_journal_forgets_words_when_they_are_answered_and_events_after_two_days(
    journal: Journal, tmp_path: Path
) -> None:
    journal.accept(request())
    journal.mark("Ev1", EventState.ANSWERING)
    assert journal.unfinished() == [(request(), EventState.ANSWERING)]
    journal.mark("Ev1", EventState.DONE)
    assert journal.unfinished() == []
    assert not journal.accept(request())
    journal.close()
    data = b"".join(path.read_bytes() for path in (tmp_path / "bot").iterdir())
    assert b"Ev1" in data and b"flooding" not in data
    again = Journal(tmp_path / "bot" / "slack.db")
    again.prune(1000.0 + MEMORY_SECONDS + 1)
    assert again.accept(request())
    again.close()


def test_the_journal_is_its_owners_alone_and_says_when_it_cannot_be_used(tmp_path: Path) -> None:
    path = tmp_path / "slack.db"
    Journal(path).close()
    assert path.stat().st_mode & 0o777 == 0o600
    (tmp_path / "broken.db").write_text("no database" * 100)
    with pytest.raises(SetupError) as refused:
        Journal(tmp_path / "broken.db")
    assert str(refused.value) == (
        f"The bot's journal {tmp_path / 'broken.db'} cannot be used (file is not a database). Look at its "
        "permissions with `ls -la` and at free space with `df -h`; if you move it away, a new one is made."
    )


def test_what_was_accepted_before_a_kill_is_answered_or_apologised_for(
    slack: SlackPeer, start: Start, journal: Journal
) -> None:
    now = time.time()
    journal.accept(request("fresh", "1700000000.000001", now - 5))
    journal.accept(request("old", "1700000000.000002", now - RESUME_SECONDS - 5))
    journal.accept(request("begun", "1700000000.000003", now - 5))
    journal.mark("begun", EventState.ANSWERING)
    bot = start()
    slack.wait(lambda: len(bot.outcomes()) == 3)
    replies = {str(reply.thread_ts): reply for reply in slack.posted}
    assert len(slack.posted) == 3
    assert replies["1700000000.000001"].shown.startswith("1 quote from 1 article")
    assert replies["1700000000.000002"].text == STOPPED_BEFORE
    assert replies["1700000000.000003"].text == STOPPED_WITHIN
    assert journal.unfinished() == []


def test_a_repeated_event_is_answered_once_across_restarts(slack: SlackPeer, start: Start) -> None:
    event = {"type": "app_mention", "user": "U1", "text": FLOOD, "channel": "C1", "ts": slack.new_ts()}
    bot = start()
    slack.send_event(event, "Ev77", times=3)
    slack.wait(lambda: len(bot.outcomes()) == 3)
    bot.stop()
    again = start()
    slack.send_event(event, "Ev77")
    slack.wait(lambda: len(again.outcomes()) == 1)
    assert (sorted(bot.outcomes()), again.outcomes()) == (
        ["answered", "duplicate", "duplicate"],
        ["duplicate"],
    )
    assert len(slack.posted) == 1


def test_who_could_not_be_told_because_the_token_was_gone_is_told_with_the_next(
    slack: SlackPeer, start: Start
) -> None:
    bot = start()
    slack.errors["chat.postMessage"] = "token_revoked"
    asked = slack.mention("U1", FLOOD)
    slack.wait(lambda: bot.outcomes() == ["undelivered"])
    bot.stop()
    slack.errors.clear()
    again = start()
    slack.wait(lambda: again.outcomes() == ["apologised"])
    assert [(reply.thread_ts, reply.text) for reply in slack.posted] == [(asked, STOPPED_WITHIN)]


def test_stopping_finishes_what_is_under_way_and_apologises_for_the_rest(
    slack: SlackPeer, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    bot = start(concurrency=1)
    first, second = slack.mention("U1", FLOOD), slack.mention("U2", FLOOD)
    assert gate.entered.acquire(timeout=120)
    slack.wait(lambda: bot.bot is not None and bot.bot.waiting == 1)
    stopping = threading.Thread(target=bot.stop)
    stopping.start()
    slack.wait(lambda: bot.outcomes() == ["apologised"])
    third = slack.mention("U3", FLOOD)
    slack.wait(lambda: len(bot.outcomes()) == 2)
    gate.is_open.set()
    stopping.join(120)
    said = {str(reply.thread_ts): reply.text for reply in slack.posted if reply.seen_by is None}
    assert (said[second], said[third]) == (STOPPING, STOPPING)
    assert said[first].startswith("1 quote from 1 article")
    assert bot.outcomes() == ["apologised", "apologised", "answered"]


def test_an_answer_that_takes_too_long_is_apologised_for(
    slack: SlackPeer, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    bot = start(shutdown_seconds=0.2)
    asked = slack.mention("U1", FLOOD)
    assert gate.entered.acquire(timeout=120)
    stopping = threading.Thread(target=bot.stop)
    stopping.start()
    slack.wait(lambda: bot.outcomes() == ["apologised"])
    gate.is_open.set()
    stopping.join(120)
    assert {str(reply.thread_ts): reply.text for reply in slack.posted} == {asked: STOPPING}
    assert bot.outcomes() == ["apologised"]


def test_who_has_to_wait_is_told_the_place_in_line_and_too_many_are_refused(
    slack: SlackPeer, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    bot = start(concurrency=1, waiting_per_user=2)
    slack.mention("U1", FLOOD)
    assert gate.entered.acquire(timeout=120)
    for user in ("U1", "U1", "U2", "U1"):
        before = len(slack.posted)
        slack.mention(user, FLOOD)
        slack.wait(lambda: len(slack.posted) > before)  # noqa: B023
    assert [(reply.seen_by, reply.text) for reply in slack.posted] == [
        ("U1", "Your question is number 1 in line."),
        ("U1", "Your question is number 2 in line."),
        ("U2", "Your question is number 2 in line."),
        (None, "You have 2 questions waiting already. Ask this again when they are answered."),
    ]
    gate.is_open.set()
    slack.wait(lambda: sorted(bot.outcomes()) == ["answered"] * 4 + ["refused"])


def test_a_question_deleted_while_it_waits_is_not_answered(
    slack: SlackPeer, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    bot = start(concurrency=1)
    slack.mention("U1", FLOOD)
    assert gate.entered.acquire(timeout=120)
    asked = slack.mention("U2", FLOOD)
    slack.wait(lambda: bot.bot is not None and bot.bot.waiting == 1)
    slack.send_event({"type": "message", "subtype": "message_deleted", "channel": "C1", "deleted_ts": asked})
    slack.wait(lambda: bot.bot is not None and bot.bot.waiting == 0)
    gate.is_open.set()
    slack.wait(lambda: len(bot.outcomes()) == 3)
    assert sorted(bot.outcomes()) == ["answered", "ignored", "withdrawn"]
    assert [reply for reply in slack.posted if reply.thread_ts == asked and reply.seen_by is None] == []


def test_an_error_of_the_bots_own_is_apologised_for_and_logged_without_its_words(
    slack: SlackPeer, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise KeyError("a secret of the article")

    monkeypatch.setattr(answering.Answering, "answer", fail)
    bot = start()
    slack.mention("U1", FLOOD)
    slack.wait(lambda: bot.outcomes() == ["explained"])
    assert [reply.text for reply in slack.posted] == [
        "Something went wrong on my side, and it has been logged. Please ask again."
    ]
    assert bot.lines[-1]["error"] == "KeyError"
    assert "secret" not in "".join(bot.raw) and "flooding" not in "".join(bot.raw)


def test_a_journal_that_cannot_be_written_stops_no_answer(
    slack: SlackPeer, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = start()

    def refuse(*_: Any) -> bool:
        raise SetupError("The journal is full.")

    monkeypatch.setattr(Journal, "accept", refuse)
    event = {"type": "app_mention", "user": "U1", "text": FLOOD, "channel": "C1", "ts": slack.new_ts()}
    slack.send_event(event, times=2)
    slack.wait(lambda: sorted(bot.outcomes()) == ["answered", "duplicate"])
    assert len(slack.posted) == 1
