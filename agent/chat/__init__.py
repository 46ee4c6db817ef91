"""The interactive chat: questions and commands, on a terminal or from a pipe.

prompt_toolkit is imported for a terminal only.
"""

from agent.chat.chat_session import ChatSession, find_last_session
from agent.chat.loop import run_chat
from agent.terminal.output import Screen

__all__ = ["ChatSession", "Screen", "find_last_session", "run_chat"]
