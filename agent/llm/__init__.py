"""The language model: connecting to it, counting and pricing its tokens, and its errors in our words.

Importing this package opens no socket and loads neither openai nor langchain.
"""

# What is imported here is what this package exports.
# ruff: noqa: F401
# mypy: implicit-reexport

from agent.llm.chat import DEFAULT_MODEL, ChatModel
from agent.llm.error_mapping import check_reply, map_model_errors
from agent.llm.errors import (
    ContextTooLongError,
    MalformedReplyError,
    ModelError,
    ModelRefusedError,
    ModelUnavailableError,
    ReplyCutError,
    SchemaRefusedError,
)
from agent.llm.memory import StructuredMode
from agent.llm.usage import TokenUsage
from agent.settings.sections import ModelSettings
