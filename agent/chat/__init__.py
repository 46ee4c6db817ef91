"""The REPL: questions in a sitting, on a terminal or from a pipe. prompt_toolkit waits for a terminal."""

from agent.chat.chat_session import Sitting, find_last_session
from agent.chat.loop import run_chat
from agent.chat.screen import Screen

__all__ = ["Screen", "Sitting", "find_last_session", "run_chat"]
