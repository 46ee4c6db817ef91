"""The Assistant pane: prompts, status and title. Where a workspace has none, all of this is left out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from agent.render.slack.blocks import cut
from agent.slack.answering import Answering
from agent.slack.commands import Wish, read_order
from agent.slack.errors import SlackError
from agent.slack.events import Kind, Payload, Request
from agent.slack.permissions import Permissions
from agent.slack.web import SlackWeb
from vectorstore import ArticleHeader

STATUS = "is reading the articles…"
_MOST_PROMPTS = 4
_LONGEST_TITLE = 60
_PASSING = frozenset({"ratelimited", "unreachable"})
"""Refusals that say nothing about whether there is an Assistant."""


class _Thread(Payload):
    user_id: str
    channel_id: str
    thread_ts: str


class _Started(Payload):
    assistant_thread: _Thread


class _Body(Payload):
    event: _Started


class Assistant:
    """What the pane shows besides messages. Nothing of it is worth failing for."""

    def __init__(self, web: SlackWeb, permissions: Permissions, answering: Answering) -> None:
        self._web = web
        self._permissions = permissions
        self._answering = answering
        self._is_there = True

    async def show_work(self, request: Request) -> None:
        """Say that an answer is on its way, and name the conversation after its first question."""
        if request.kind is not Kind.DIRECT or request.thread is None or not self._is_there:
            return
        try:
            await self._web.set_status(request.channel, request.thread, STATUS)
            order = read_order(request)
            if request.thread_ts is not None and not isinstance(order, str) and order.wish is Wish.ASK:
                is_new = await asyncio.to_thread(self._answering.is_new, request)
                if is_new:
                    await self._web.set_title(
                        request.channel, request.thread, cut(request.text, _LONGEST_TITLE)
                    )
        except SlackError as error:
            self._is_there = error.code in _PASSING

    async def greet(self, body: Mapping[str, object]) -> None:
        """Suggest what could be asked, when somebody opens the pane."""
        try:
            thread = _Body.model_validate(body).event.assistant_thread
        except ValidationError:
            return
        if await self._permissions.refuse_place(thread.channel_id, thread.user_id) is not None:
            return
        filters = self._permissions.filters(thread.channel_id)
        headers = await asyncio.to_thread(self._answering.list_articles, filters)
        try:
            await self._web.suggest(thread.channel_id, thread.thread_ts, suggest_prompts(headers))
        except SlackError as error:
            self._is_there = error.code in _PASSING


def suggest_prompts(headers: Sequence[ArticleHeader]) -> list[tuple[str, str]]:
    """Up to four prompts: summaries of the newest articles, and what else there is."""
    titled = [header for header in headers if header.title][: _MOST_PROMPTS - 2]
    prompts = [
        (f"Summarize “{cut(header.title or '', _LONGEST_TITLE)}”", f"summarize {header.id}")
        for header in titled
    ]
    return [*prompts, ("Which articles are there?", "articles"), ("What can you do?", "help")]
