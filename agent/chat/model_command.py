"""`/model`: which model writes, or none."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches

from agent.chat.chat_session import ChatSession
from agent.generative import HOW_TO_ADD, Writer, connect_judge
from agent.llm import ChatModel
from agent.terminal.safe_text import clean
from vectorstore import PullquoteError

NONE = "none"
NO_MODEL = "quotes, no model (/model says how to have one)"


def choose_model(chat: ChatSession, words: str) -> None:
    """Take another model of the server, or none, or say which one writes."""
    name = words.strip()
    if not name:
        _show_writer(chat)
        return
    if name.casefold() == NONE:
        # With its limits and judge, for the next `/model NAME`.
        chat.former_writer, chat.writer = chat.writer or chat.former_writer, None
        chat.screen.say("No model: answers are quotes from now on.", "")
        return
    settings = chat.settings
    model = ChatModel.connect(settings.model.model_copy(update={"name": name}), settings.cache.expanduser())
    if model is None:
        raise PullquoteError(f"There is no server to ask a model of. Next: {HOW_TO_ADD}")
    offered = model.offered
    if offered and name not in offered:
        near = get_close_matches(name, offered, n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        raise PullquoteError(f"{model.endpoint} has no model “{name}”. {hint}It has {', '.join(offered)}.")
    if known := chat.writer or chat.former_writer:
        chat.writer = replace(known, model=model)
    else:
        judge = connect_judge(settings.checks, settings.model, settings.cache.expanduser())
        chat.writer = Writer(model, settings.agent, judge=judge)
    chat.screen.say(f"{clean(model.name)} at {model.endpoint} writes from now on.", "")


def describe_writer(writer: Writer | None) -> str:
    """Who writes the answers; asks no server."""
    return f"the model at {writer.model.endpoint} writes" if writer is not None else NO_MODEL


def _show_writer(chat: ChatSession) -> None:
    if chat.writer is None:
        configured = ChatModel.connect(chat.settings.model, chat.settings.cache.expanduser())
        how = "/model NAME lets one write" if configured else f"for a model {HOW_TO_ADD}"
        chat.screen.say(f"No model: answers are quotes; {how}.", "")
        return
    model = chat.writer.model
    chat.screen.say(f"{clean(model.name)} at {model.endpoint}. /model {NONE} answers in quotes.", "")
    if model.offered:
        chat.screen.say(f"It also has: {', '.join(map(clean, model.offered))}")
