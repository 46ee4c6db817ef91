"""Sessions: questions that follow each other, kept in the library so that any face can go on with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta

from agent.answer.answer import Answer
from agent.answer.receipts import read_receipt
from agent.sessions.followups import READ_AS, Carried, make_standalone, merge_filters
from agent.settings.loading import SessionSettings
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
    """As it stands alone."""
    answer: str
    """The statements; empty when nothing was found, or the receipt is gone."""


@dataclass(frozen=True, slots=True)
class SessionQuestion:
    """A question within a session, ready to be answered."""

    session: Session
    asked: str
    """As it was put."""
    question: str
    """As it stands alone."""
    filters: Filters
    """Those given with it, and those of the question before about which nothing was given."""
    notes: tuple[str, ...] = ()
    """What was carried over, a sentence each."""


def open_session(library: Library, name: str) -> Session:
    """The session of that name, without turns when it is new.

    Raises:
        PullquoteError: this cannot be a session's name.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise PullquoteError(
            f"{name[:40]!r} cannot be a session's name: give 1 to {LONGEST_NAME} printable characters. "
            "`pullquote sessions` lists those there are."
        )
    return Session(name, library.sessions.turns(name))


def remove_session(library: Library, name: str) -> None:
    """Forget a session; the receipts of its answers stay.

    Raises:
        PullquoteError: there is none of that name.
    """
    if not library.sessions.remove(" ".join(name.split())):
        raise PullquoteError(f"There is no session “{name}”. `pullquote sessions` lists those there are.")


def follow_up(
    session: Session,
    question: str,
    filters: Filters,
    rewritten: str | None = None,
    *,
    carries_filters: bool = True,
) -> SessionQuestion:
    """Make a question of a session stand alone.

    Args:
        session: What was asked before.
        question: As it was put.
        filters: Those given with it.
        rewritten: As a model has made it stand alone. Without it, what the question leans on is carried
            over; see `followups`.
        carries_filters: Whether filters of the question before hold where none are given.
    """
    if not session.turns:
        return SessionQuestion(session, question, question, filters)
    if rewritten is None:
        alone, carried = make_standalone(question, session.turns)
    else:
        alone, carried = rewritten, Carried(filters=session.turns[-1].filters)
    merged = merge_filters(filters, carried.filters) if carries_filters else filters
    return SessionQuestion(session, question, alone, merged, tuple(_notes(question, alone, filters, merged)))


def record_turn(library: Library, asked: SessionQuestion, answer: Answer, limits: SessionSettings) -> bool:
    """Add what was asked to its session, and drop what `limits` leaves no room for.

    Returns:
        False where the library cannot be written.
    """
    turn = Turn(asked.asked, asked.question, asked.filters, answer.receipt)
    try:
        library.sessions.append(
            asked.session.name,
            turn,
            keep=limits.keep,
            keep_days=limits.keep_days,
            keep_turns=limits.turns,
        )
    except (SetupError, LibraryLockedError):
        return False
    return True


def recall_history(
    library: Library, session: Session, count_tokens: Callable[[str], int], budget: int
) -> tuple[Exchange, ...]:
    """The newest exchanges of a session that fit into `budget` tokens together, oldest first.

    An exchange that does not fit with its answer goes without; what does not fit even so ends the history.

    Args:
        library: Where the receipts are.
        session: What was asked.
        count_tokens: Of a text, as the model counts.
        budget: Most tokens of all questions and answers.
    """
    kept: list[Exchange] = []
    left = budget
    for turn in reversed(session.turns):
        exchange = Exchange(turn.question, _recall_answer(library, turn))
        for candidate in (exchange, replace(exchange, answer="")):
            cost = count_tokens(candidate.question) + (
                count_tokens(candidate.answer) if candidate.answer else 0
            )
            if cost <= left:
                break
        else:
            break
        left -= cost
        kept.append(candidate)
    return tuple(reversed(kept))


def _recall_answer(library: Library, turn: Turn) -> str:
    found = library.receipts.find(turn.receipt) if turn.receipt else ()
    if len(found) != 1:
        return ""
    try:
        answer = read_receipt(found[0]).answer
    except PullquoteError:
        return ""
    return " ".join(statement.text for statement in answer.statements)


def describe_filters(filters: Filters) -> str:
    """Filters in words: "from 2024-01-01, outlet De Krant"; empty when there are none."""
    parts = []
    if filters.since is not None:
        parts.append(f"from {filters.since:%Y-%m-%d}")
    if filters.until is not None:
        parts.append(f"until {filters.until - timedelta(microseconds=1):%Y-%m-%d}")
    named: Sequence[tuple[str, tuple[str, ...]]] = (
        ("outlet", filters.outlets),
        ("author", filters.authors),
        ("language", filters.languages),
        ("article", filters.articles),
        ("collection", filters.collections),
    )
    parts += [f"{what} {' or '.join(values)}" for what, values in named if values]
    return ", ".join(parts)


def _notes(question: str, alone: str, given: Filters, merged: Filters) -> list[str]:
    notes = []
    if alone != question:
        notes.append(f"{READ_AS} “{alone}”.")
    kept = {field.name: getattr(merged, field.name) for field in fields(merged)}
    kept = {name: value for name, value in kept.items() if value != getattr(given, name)}
    if kept:
        narrowed = describe_filters(Filters(**kept))
        notes.append(f"As for the question before, only: {narrowed}. Another session asks all articles.")
    return notes
