from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.vectorstore.store.test_receipts import keep, run_threads
from tests.vectorstore.synthetic import EMBEDDER
from vectorstore.model.filters import Filters
from vectorstore.store import Database, SessionHeader, Turn

FILTERS = Filters(
    since=datetime(2024, 1, 1, tzinfo=UTC),
    until=datetime(2024, 2, 1, 12, 30, tzinfo=UTC),
    outlets=("De Krant",),
    authors=("A. Ü.",),
    languages=("nl", "zh-Hant"),
    articles=("0123456789abcdef",),
)


def turn(asked: str, receipt: str | None = None) -> Turn:
    return Turn(asked, f"{asked} (Jonson)", FILTERS, receipt)


def append(
    database: Database, session: str, turn: Turn, keep: int = 9, keep_days: int = 30, keep_turns: int = 9
) -> None:
    database.sessions.append(session, turn, keep=keep, keep_days=keep_days, keep_turns=keep_turns)


def ids(database: Database) -> list[str]:
    return [header.id for header in database.sessions.headers()]


def test_a_session_gives_back_its_turns(database: Database) -> None:
    assert (database.sessions.turns("mine"), database.sessions.headers()) == ((), [])
    receipt = keep(database, "who?")
    turns = turn("who?", receipt), turn("when?"), Turn("", "", Filters(), None)
    for each in turns:
        append(database, "mine", each)
    append(database, "yours", turn("why?"))
    assert database.sessions.turns("mine") == turns
    at = [datetime(2026, 11, 24, 12, minute, tzinfo=UTC) for minute in range(10)]
    assert database.sessions.headers() == [
        SessionHeader("yours", at[6], at[6], 1, "why?"),
        SessionHeader("mine", at[3], at[5], 3, ""),
    ]


def test_a_turn_outlives_its_receipt(database: Database) -> None:
    receipt = keep(database, "who?", keep=1)
    append(database, "mine", turn("who?", receipt))
    keep(database, "something else?", keep=1)
    assert database.sessions.turns("mine") == (turn("who?"),)
    append(database, "mine", turn("when?", receipt))
    assert database.sessions.turns("mine") == (turn("who?"), turn("when?"))
    assert database.check() == []


def test_a_session_is_removed_with_its_turns_and_without_its_receipts(database: Database) -> None:
    append(database, "mine", turn("who?", keep(database, "who?")))
    append(database, "yours", turn("who?"))
    assert (database.sessions.remove("mine"), database.sessions.remove("mine")) == (True, False)
    assert (database.sessions.turns("mine"), ids(database), database.receipts.count()) == ((), ["yours"], 1)
    append(database, "mine", turn("again?"))
    assert database.sessions.turns("mine") == (turn("again?"),)


def test_the_oldest_turns_go_when_there_are_too_many(database: Database) -> None:
    for number in range(7):
        append(database, "mine", turn(f"{number}?"), keep_turns=3)
        kept = database.sessions.turns("mine")
        assert [each.asked for each in kept] == [f"{n}?" for n in range(max(0, number - 2), number + 1)]


def test_the_sessions_longest_idle_go_when_there_are_too_many(database: Database) -> None:
    for name in ("one", "two", "three"):
        append(database, name, turn("who?"), keep=3)
    append(database, "one", turn("when?"), keep=3)
    append(database, "four", turn("who?"), keep=3)
    assert ids(database) == ["four", "one", "three"]


def test_sessions_go_when_they_have_been_idle_too_long(path: Path) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    with Database.open(path, writable=True, embedder=EMBEDDER, now=lambda: moment) as database:
        append(database, "january", turn("who?"))
        append(database, "both", turn("who?"))
        moment += timedelta(days=20)
        append(database, "both", turn("when?"))
        moment += timedelta(days=20)
        append(database, "february", turn("who?"))
        assert ids(database) == ["february", "both"]
        moment -= timedelta(days=4000)
        append(database, "clock set wrong", turn("who?"), keep=1)
        assert "clock set wrong" in ids(database)


def test_threads_add_to_one_session_without_losing_a_turn(database: Database) -> None:
    run_threads(lambda number: append(database, "mine", turn(f"{number}?"), keep_turns=99), 40)
    assert {each.asked for each in database.sessions.turns("mine")} == {f"{n}?" for n in range(40)}
