"""The interactive chat: questions and commands, on a terminal or, without prompt_toolkit, from a pipe."""

from agent.chat.chat_session import ChatSession, find_last_session
from agent.chat.loop import run_chat
from agent.terminal.output import Screen

__all__ = ["ChatSession", "Screen", "find_last_session", "run_chat"]
