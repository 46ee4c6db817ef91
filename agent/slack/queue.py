"""Who is next: questions wait in a line of their user's, and the users take turns."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator

from agent.slack.events import Request


class FairQueue:
    """Requests that wait. Users take turns; of one session only one is out at a time, so that a follow-up
    finds the answer it leans on. For one event loop.
    """

    def __init__(self) -> None:
        """Empty."""
        self._lines: dict[str, deque[Request]] = {}
        self._turns: deque[str] = deque()
        self._out: set[str] = set()
        self._changed = asyncio.Condition()

    def __len__(self) -> int:
        return sum(map(len, self._lines.values()))

    def count(self, user: str) -> int:
        """How many a user has waiting."""
        return len(self._lines.get(user, ()))

    async def put(self, request: Request) -> None:
        """Add a request."""
        async with self._changed:
            if request.user not in self._lines:
                self._lines[request.user] = deque()
                self._turns.append(request.user)
            self._lines[request.user].append(request)
            self._changed.notify_all()

    def before(self, request: Request) -> int | None:
        """How many go before a request, when the turns go round; None when it does not wait any more."""
        line = self._lines.get(request.user)
        if line is None or request not in line:
            return None
        own = line.index(request)
        before = own
        has_passed = False
        for user in self._turns:
            if user == request.user:
                has_passed = True
            else:
                before += min(len(self._lines[user]), own if has_passed else own + 1)
        return before

    async def take(self) -> Request:
        """The next request, as soon as there is one; `release` it when it is answered."""
        async with self._changed:
            while True:
                if (request := self._next()) is not None:
                    self._out.add(_session_of(request))
                    return request
                await self._changed.wait()

    async def release(self, request: Request) -> None:
        """Let the next one of its session go."""
        async with self._changed:
            self._out.discard(_session_of(request))
            self._changed.notify_all()

    async def remove(self, message: str) -> Request | None:
        """Take out the request that a message is; None when it does not wait, or no more."""
        async with self._changed:
            found = next((request for request in self._all() if request.message == message), None)
            if found is not None:
                self._drop(found)
        return found

    async def clear(self) -> list[Request]:
        """Take out everything."""
        async with self._changed:
            waiting = list(self._all())
            self._lines.clear()
            self._turns.clear()
        return waiting

    def _all(self) -> Iterator[Request]:
        return (request for user in self._turns for request in self._lines[user])

    def _next(self) -> Request | None:
        for user in self._turns:
            request = self._lines[user][0]
            if _session_of(request) not in self._out:
                self._turns.remove(user)
                self._turns.append(user)
                self._drop(request)
                return request
        return None

    def _drop(self, request: Request) -> None:
        line = self._lines[request.user]
        line.remove(request)
        if not line:
            del self._lines[request.user]
            self._turns.remove(request.user)


def _session_of(request: Request) -> str:
    return request.session or request.key
