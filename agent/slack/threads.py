"""What was said in a thread before the bot was called into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import ValidationError

from agent.slack.events import Payload, Request, read_text
from agent.slack.web import SlackWeb

MOST_HEARD = 5
"""Messages, the last before the question: what a question in a thread may lean on."""
_PAGE = 200
"""Messages; Slack advises no more at once."""
_MOST_PAGES = 5
"""Of a thread longer than these, which is rare, the last messages of them are taken."""


class _Said(Payload):
    user: str | None = None
    bot_id: str | None = None
    subtype: str | None = None
    text: str = ""
    ts: str = ""


async def read_thread(web: SlackWeb, request: Request, bot_user: str) -> list[str]:
    """The last messages of people in the request's thread before it, oldest first.

    Raises:
        SlackError: Slack does not give them, for want of a scope for instance.
    """
    if request.thread_ts is None or request.ts is None or request.thread_ts == request.ts:
        return []
    said: list[str] = []
    cursor: str | None = None
    for _ in range(_MOST_PAGES):
        response = await web.read_thread(request.channel, request.thread_ts, request.ts, _PAGE, cursor)
        said += _list_said(response.get("messages") or (), request, bot_user)
        cursor = (response.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            break
    return said[-MOST_HEARD:]


def _list_said(messages: Iterable[object], request: Request, bot_user: str) -> Iterator[str]:
    for message in messages:
        try:
            found = _Said.model_validate(message)
        except ValidationError:
            continue
        is_person = found.user not in (None, bot_user) and found.bot_id is None and found.subtype is None
        if is_person and found.ts != request.ts and (text := read_text(found.text, bot_user)):
            yield text
