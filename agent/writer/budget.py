"""What an answer may still take: calls, tokens, seconds, money."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum

from agent.model import TokenUsage
from agent.writer.settings import AgentSettings

LEAST_REPLY = 150
"""Tokens of a reply that are worth a call: two statements with their labels."""
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


class Budget:
    """Adds up what one answer takes and says when it is enough."""

    def __init__(
        self,
        settings: AgentSettings,
        price: Callable[[TokenUsage], Decimal | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start the clock."""
        self._settings = settings
        self._price = price
        self._clock = clock
        self._ends = clock() + settings.max_seconds
        self._longest_call = 0.0
        self.calls = 0
        self.model_seconds = 0.0
        self.usage = TokenUsage()
        self.hit: Limit | None = None
        """The limit that ended the answer, None while none did."""

    @property
    def seconds_left(self) -> float:
        """Never below zero."""
        return max(0.0, self._ends - self._clock())

    @property
    def cost(self) -> Decimal | None:
        """US dollars so far, None where prices are not known."""
        return self._price(self.usage)

    def begin_call(self) -> float:
        """Count a request; returns when it began."""
        self.calls += 1
        return self._clock()

    def end_call(self, began: float, usage: TokenUsage) -> None:
        """Count what a request took, whatever came of it."""
        seconds = self._clock() - began
        self.model_seconds += seconds
        self._longest_call = max(self._longest_call, seconds)
        self.usage += usage

    def room_for_reply(self, prompt: int) -> int:
        """Tokens the model may write after a prompt of `prompt` tokens; may be below `LEAST_REPLY`."""
        left = self._settings.max_tokens - self.usage.total - prompt
        return min(self._settings.max_answer_tokens, left)

    def find_limit(self, prompt: int, reply: int = LEAST_REPLY) -> Limit | None:
        """What forbids a call of so many tokens; None when nothing does."""
        if self.calls >= self._settings.max_calls:
            return Limit.CALLS
        if self.seconds_left <= 0:
            return Limit.SECONDS
        if self.usage.total + prompt + reply > self._settings.max_tokens:
            return Limit.TOKENS
        if self._settings.max_cost is not None:
            cost = self._price(self.usage + TokenUsage(prompt, reply))
            if cost is not None and cost > self._settings.max_cost:
                return Limit.COST
        return None

    def find_next_limit(self, prompt: int) -> Limit | None:
        """What would forbid one more call after one with this prompt: then this one has to answer."""
        if self.calls + 1 >= self._settings.max_calls:
            return Limit.CALLS
        left = self.seconds_left
        if left < _LAST_THIRD * self._settings.max_seconds or left < 2.5 * self._longest_call:
            return Limit.SECONDS
        both = TokenUsage(int(prompt * (1 + _FURTHER_CALL)), 2 * _USUAL_REPLY)
        if self.usage.total + both.total > self._settings.max_tokens:
            return Limit.TOKENS
        if self._settings.max_cost is not None:
            cost = self._price(self.usage + both)
            if cost is not None and cost > self._settings.max_cost:
                return Limit.COST
        return None
