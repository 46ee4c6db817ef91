"""What an answer may still take: calls, tokens, seconds, money."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from agent.llm import TokenUsage
from agent.settings.sections import AgentSettings

LEAST_REPLY = 150
"""Tokens of a reply that are worth a call: two statements with their sentence ids."""
_FURTHER_CALL = 1.3
"""How much longer the prompt of the next call is than that of this one, a search's sentences added."""
_USUAL_REPLY = 400
_LAST_THIRD = 0.35
"""Share of the time that is left for writing the answer."""


class Limit(StrEnum):
    """Which part of a budget is used up; the value names the setting."""

    CALLS = "agent.max_calls"
    TOKENS = "agent.max_tokens"
    SECONDS = "agent.max_seconds"
    COST = "agent.max_cost"
    JUDGED = "checks.judge_calls"


LIMITS = {
    Limit.CALLS: "requests to the model",
    Limit.TOKENS: "tokens",
    Limit.SECONDS: "time",
    Limit.COST: "cost",
    Limit.JUDGED: "requests to the judge",
}


def explain_spent(limit: Limit) -> str:
    """Say that a part of the budget is used up, and the setting behind it."""
    return f"the limit on {LIMITS[limit]} is used up; `{limit}` sets it"


Price = Callable[[TokenUsage], Decimal | None]


@dataclass(slots=True)
class Account:
    """What one of the models of an answer has taken of its budget."""

    price: Price
    max_calls: int
    calls_limit: Limit
    """The setting behind `max_calls`."""
    calls: int = 0
    usage: TokenUsage = field(default_factory=TokenUsage)
    in_flight: int = 0
    """Tokens of prompts that are being answered: a judge is asked while the writer still writes."""

    @property
    def taken(self) -> TokenUsage:
        """What it has used and what it is reading."""
        return self.usage + TokenUsage(self.in_flight)


@dataclass(slots=True)
class _Call:
    """A request that is being answered."""

    prompt: int
    inner_seconds: float = 0.0
    """What requests begun within it took."""


class Budget:
    """Adds up what one answer takes and says when it is enough; only the calls are counted by model."""

    def __init__(
        self, settings: AgentSettings, price: Price, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Start the clock; `price` is that of the model which writes."""
        self._settings = settings
        self._clock = clock
        self._ends = clock() + settings.max_seconds
        self._longest_call = 0.0
        self._writer = Account(price, settings.max_calls, Limit.CALLS)
        self._accounts = [self._writer]
        self._open: list[_Call] = []
        self.model_seconds = 0.0
        self.hit: Limit | None = None
        """The limit that ended the answer, None while none did."""

    @property
    def seconds_left(self) -> float:
        """Never below zero."""
        return max(0.0, self._ends - self._clock())

    @property
    def calls(self) -> int:
        """Requests so far, those that failed included."""
        return sum(account.calls for account in self._accounts)

    @property
    def usage(self) -> TokenUsage:
        """Tokens so far."""
        return sum((account.usage for account in self._accounts), TokenUsage())

    @property
    def _taken(self) -> int:
        return sum(account.taken.total for account in self._accounts)

    @property
    def cost(self) -> Decimal | None:
        """US dollars so far, None where the price of a model that was used is not known."""
        used = [account for account in self._accounts if account.usage.total] or [self._writer]
        total = Decimal()
        for account in used:
            if (cost := account.price(account.usage)) is None:
                return None
            total += cost
        return total

    def open_account(self, price: Price, max_calls: int, calls_limit: Limit) -> Account:
        """Let one more model take its part, with a number of calls of its own."""
        self._accounts.append(Account(price, max_calls, calls_limit))
        return self._accounts[-1]

    def begin_call(self, account: Account | None = None, prompt: int = 0) -> float:
        """Count a request of `prompt` tokens, by default of the writer's; returns when it began."""
        account = account or self._writer
        account.calls += 1
        account.in_flight += prompt
        self._open.append(_Call(prompt))
        return self._clock()

    def end_call(self, began: float, usage: TokenUsage, account: Account | None = None) -> None:
        """Count what the request begun last took, whatever came of it."""
        seconds = self._clock() - began
        call = self._open.pop()
        # A statement is judged while the writer's reply streams in: that time is not the writer's as well.
        if self._open:
            self._open[-1].inner_seconds += seconds
        own = seconds - call.inner_seconds
        self.model_seconds += own
        self._longest_call = max(self._longest_call, own)
        account = account or self._writer
        account.in_flight -= call.prompt
        account.usage += usage

    def room_for_reply(self, prompt: int) -> int:
        """Return the tokens of a reply to a prompt of `prompt` tokens; may be below `LEAST_REPLY`."""
        left = self._settings.max_tokens - self._taken - prompt
        return min(self._settings.max_answer_tokens, left)

    def find_limit(
        self, prompt: int, reply: int = LEAST_REPLY, account: Account | None = None
    ) -> Limit | None:
        """Return what forbids a call of so many tokens; None when nothing does."""
        account = account or self._writer
        if account.calls >= account.max_calls:
            return account.calls_limit
        if self.seconds_left <= 0:
            return Limit.SECONDS
        if self._taken + prompt + reply > self._settings.max_tokens:
            return Limit.TOKENS
        return Limit.COST if self._is_too_dear(TokenUsage(prompt, reply), account) else None

    def find_next_limit(self, prompt: int) -> Limit | None:
        """Return what would forbid one more call after one with this prompt: then this one has to answer."""
        if self._writer.calls + 1 >= self._settings.max_calls:
            return Limit.CALLS
        left = self.seconds_left
        if left < _LAST_THIRD * self._settings.max_seconds or left < 2.5 * self._longest_call:
            return Limit.SECONDS
        both = TokenUsage(int(prompt * (1 + _FURTHER_CALL)), 2 * _USUAL_REPLY)
        if self._taken + both.total > self._settings.max_tokens:
            return Limit.TOKENS
        return Limit.COST if self._is_too_dear(both, self._writer) else None

    def _is_too_dear(self, more: TokenUsage, account: Account) -> bool:
        """Whether so much more by a model whose price is known costs more than may be spent."""
        if self._settings.max_cost is None or (cost := account.price(account.taken + more)) is None:
            return False
        for other in self._accounts:
            if other is not account:
                # What a model of an unknown price takes cannot be held to a limit in money.
                cost += other.price(other.taken) or 0
        return cost > self._settings.max_cost
