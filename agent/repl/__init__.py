"""The REPL: questions in a sitting, on a terminal or from a pipe. prompt_toolkit waits for a terminal."""

from agent.repl.loop import run_chat
from agent.repl.screen import Screen
from agent.repl.sitting import Sitting, find_last_session

__all__ = ["Screen", "Sitting", "find_last_session", "run_chat"]
