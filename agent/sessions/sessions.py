"""Sessions: questions that follow each other, stored in the library so that any interface continues them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import timedelta

from agent.answer.answer import Answer
from agent.answer.receipts import read_receipt
from agent.sessions.followups import READ_AS, make_standalone, merge_filters
from agent.settings.sections import SessionSettings
from vectorstore import Filters, Library, LibraryLockedError, PullquoteError, SetupError, Turn

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it was when it was read."""

    name: str
    turns: tuple[Turn, ...] = ()
    """Oldest first."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what was answered to it, for a model to read."""

    question: str
    """Self-contained, without the questions before."""
    answer: str
    """The statements; empty when nothing was found, or the receipt has been removed."""


@dataclass(frozen=True, slots=True)
class SessionQuestion:
    """A question within a session, ready to be answered."""

    session: Session
    asked: str
    """As it was put."""
    question: str
    """Self-contained, without the questions before."""
    filters: Filters
    """Those given with it, and those of the question before about which nothing was given."""
    notes: tuple[str, ...] = ()
    """What was carried over, a sentence each."""


def open_session(library: Library, name: str) -> Session:
    """Return the session of that name, new or not; raise PullquoteError for what cannot be a name."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise PullquoteError(
            f"{name[:40]!r} cannot be a session's name: give 1 to {LONGEST_NAME} printable characters. "
            "`pullquote sessions` lists those there are."
        )
    return Session(name, library.sessions.turns(name))


def remove_session(library: Library, name: str) -> None:
    """Forget a session, which must exist; the receipts of its answers stay."""
    if not library.sessions.remove(" ".join(name.split())):
        raise PullquoteError(f"There is no session “{name}”. `pullquote sessions` lists those there are.")


def follow_up(
    session: Session,
    question: str,
    filters: Filters,
    rewritten: str | None = None,
    *,
    inherits_filters: bool = True,
) -> SessionQuestion:
    """Make a question of a session self-contained: as a model has `rewritten` it, else by `followups`."""
    if not session.turns:
        return SessionQuestion(session, question, question, filters)
    alone = rewritten if rewritten is not None else make_standalone(question, session.turns)[0]
    merged = merge_filters(filters, session.turns[-1].filters) if inherits_filters else filters
    return SessionQuestion(session, question, alone, merged, tuple(_notes(question, alone, filters, merged)))


def record_turn(library: Library, asked: SessionQuestion, answer: Answer, limits: SessionSettings) -> bool:
    """Add a turn to its session, within `limits`; False where the library cannot be written."""
    turn = Turn(asked.asked, asked.question, asked.filters, answer.receipt)
    try:
        library.sessions.append(
            asked.session.name, turn, keep=limits.keep, keep_days=limits.keep_days, keep_turns=limits.turns
        )
    except (SetupError, LibraryLockedError):
        return False
    return True


def recall_history(
    library: Library, session: Session, count_tokens: Callable[[str], int], budget: int
) -> tuple[Exchange, ...]:
    """Return the newest exchanges of a session that fit into `budget` tokens together, oldest first.

    An exchange that does not fit with its answer is taken without; what does not fit even so ends them.
    """
    history: list[Exchange] = []
    left = budget
    for turn in reversed(session.turns):
        left -= count_tokens(turn.question)
        if left < 0:
            break
        answer = _recall_answer(library, turn)
        cost = count_tokens(answer) if answer else 0
        # The question alone still shows what a later one refers to.
        if cost > left:
            answer, cost = "", 0
        left -= cost
        history.append(Exchange(turn.question, answer))
    return tuple(reversed(history))


def _recall_answer(library: Library, turn: Turn) -> str:
    found = library.receipts.find(turn.receipt) if turn.receipt else ()
    if len(found) != 1:
        # Dropped since: receipts have a limit of their own.
        return ""
    try:
        answer = read_receipt(found[0]).answer
    except PullquoteError:
        return ""
    return " ".join(statement.text for statement in answer.statements)


def describe_filters(filters: Filters) -> str:
    """Return filters in words: "from 2024-01-01, outlet De Krant"; empty when there are none."""
    parts = []
    if filters.since is not None:
        parts.append(f"from {filters.since:%Y-%m-%d}")
    if filters.until is not None:
        parts.append(f"until {filters.until - timedelta(microseconds=1):%Y-%m-%d}")
    for what in ("outlet", "author", "language", "article", "collection"):
        if values := getattr(filters, f"{what}s"):
            parts.append(f"{what} {' or '.join(values)}")
    return ", ".join(parts)


def _notes(question: str, alone: str, given: Filters, merged: Filters) -> list[str]:
    notes = []
    if alone != question:
        notes.append(f"{READ_AS} “{alone}”.")
    inherited = {}
    for field in fields(merged):
        value = getattr(merged, field.name)
        if value != getattr(given, field.name):
            inherited[field.name] = value
    if inherited:
        limits = describe_filters(Filters(**inherited))
        notes.append(f"As for the question before, only: {limits}. Another session asks all articles.")
    return notes
