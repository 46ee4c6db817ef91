"""An end to a reply as a whole: a time-out of httpx is about silence, and a server may never be silent."""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx2

SECONDS = "x-pullquote-seconds"
"""How long a request may take, for `take_deadline`; it is never sent."""
_ENDS = "pullquote_ends"


def take_deadline(request: httpx2.Request) -> None:
    """For the event hook of requests: note when the reply has to be over, out of the header `SECONDS`."""
    seconds = request.headers.pop(SECONDS, None)
    if seconds is not None:
        request.extensions = {**request.extensions, _ENDS: time.monotonic() + float(seconds)}


def keep_deadline(response: httpx2.Response) -> None:
    """For the event hook of responses: reading on after the deadline raises `httpx2.ReadTimeout`."""
    # Comments in a stream of events (`: processing`), which some servers send while a model thinks, are
    # bytes too, and put off any other time-out for ever.
    ends = response.request.extensions.get(_ENDS)
    if ends is not None and isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = _Ending(response.stream, ends)


class _Ending(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream, ends: float) -> None:
        self._stream = stream
        self._ends = ends

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._stream:
            if time.monotonic() > self._ends:
                raise httpx2.ReadTimeout("the reply was not over in time")
            yield chunk

    def close(self) -> None:
        self._stream.close()
