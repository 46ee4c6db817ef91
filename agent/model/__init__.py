"""The language model: connecting to it, counting and pricing its tokens, and its errors in our words.

Importing this package opens no socket and loads neither openai nor langchain.
"""

from agent.model.chat import DEFAULT_MODEL, ChatModel
from agent.model.errors import (
    ContextTooLongError,
    MalformedReplyError,
    ModelError,
    ModelRefusedError,
    ModelUnavailableError,
    ReplyCutError,
    SchemaRefusedError,
)
from agent.model.mapping import check_reply, map_model_errors
from agent.model.memory import StructuredMode
from agent.model.settings import ModelSettings
from agent.model.usage import TokenCount, TokenUsage

__all__ = [
    "DEFAULT_MODEL",
    "ChatModel",
    "ContextTooLongError",
    "MalformedReplyError",
    "ModelError",
    "ModelRefusedError",
    "ModelSettings",
    "ModelUnavailableError",
    "ReplyCutError",
    "SchemaRefusedError",
    "StructuredMode",
    "TokenCount",
    "TokenUsage",
    "check_reply",
    "map_model_errors",
]
