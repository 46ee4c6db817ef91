"""The queue: questions wait in a line of their user's, and the users take turns."""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import chain

from agent.slack.events import SlackRequest


class FairQueue:
    """Requests that wait, for one event loop: users take turns."""

    def __init__(self) -> None:
        # In the order of the turns: who had one is moved to the end.
        self._lines: dict[str, deque[SlackRequest]] = {}
        self._in_answer: set[str] = set()
        self._changed = asyncio.Condition()

    def __len__(self) -> int:
        return sum(map(len, self._lines.values()))

    def count(self, user: str) -> int:
        """Return how many a user has waiting."""
        return len(self._lines.get(user, ()))

    async def put(self, request: SlackRequest) -> None:
        """Add a request."""
        async with self._changed:
            self._lines.setdefault(request.user, deque()).append(request)
            self._changed.notify_all()

    def before(self, request: SlackRequest) -> int | None:
        """Return how many will be taken before a request; None when it does not wait any more."""
        own_line = self._lines.get(request.user, ())
        if request not in own_line:
            return None
        own = own_line.index(request)
        before, turns = own, own + 1
        for user, line in self._lines.items():
            if user == request.user:
                turns = own  # Users behind have one turn fewer before it.
            else:
                before += min(len(line), turns)
        return before

    async def take(self) -> SlackRequest:
        """Return the next request, as soon as there is one; `release` it when it is answered."""
        async with self._changed:
            while (request := self._next()) is None:
                await self._changed.wait()
            self._in_answer.add(_session_of(request))
            return request

    async def release(self, request: SlackRequest) -> None:
        """Allow the next request of its session to be taken."""
        async with self._changed:
            self._in_answer.discard(_session_of(request))
            self._changed.notify_all()

    def remove(self, message: str) -> SlackRequest | None:
        """Remove the request that a message made and return it; None when it does not wait."""
        for user, line in self._lines.items():
            for request in line:
                if request.message == message:
                    line.remove(request)
                    if not line:
                        del self._lines[user]
                    return request
        return None

    def clear(self) -> list[SlackRequest]:
        """Remove everything and return it."""
        waiting = list(chain(*self._lines.values()))
        self._lines.clear()
        return waiting

    def _next(self) -> SlackRequest | None:
        for user, line in self._lines.items():
            if _session_of(line[0]) not in self._in_answer:
                request = line.popleft()
                del self._lines[user]
                if line:
                    self._lines[user] = line
                return request
        return None


def _session_of(request: SlackRequest) -> str:
    return request.session or request.key
