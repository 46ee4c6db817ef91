"""What can go wrong between us and a model, in the words of a user.

A class exists where a caller branches: pack less, fall back to quotes, use a weaker structured mode.
"""

from __future__ import annotations

from vectorstore import PullquoteError


class ModelError(PullquoteError):
    """A model call failed in a way that needs the user: a wrong key, an unknown model, a bad request."""


class ModelUnavailableError(ModelError):
    """The server cannot be reached or does not serve now: answer without it, or try again later."""


class ModelRefusedError(ModelError):
    """The model or the server's content filter declined to answer; asking again will not help."""


class SchemaRefusedError(ModelError):
    """The server does not take the `response_format` it was sent: `ChatModel.degrade` and ask again."""


class MalformedReplyError(ModelError):
    """The reply is complete and is not the JSON it was asked to be; also raised by what parses replies."""


class ReplyCutError(ModelError):
    """The reply reached the longest length allowed: what is complete in it can be used."""


class ContextTooLongError(ModelError):
    """The prompt is longer than the model's context: pack less and ask again."""

    def __init__(self, message: str, limit: int | None = None, requested: int | None = None) -> None:
        super().__init__(message)
        self.limit = limit
        """Tokens the server takes, when it said so."""
        self.requested = requested
        """Tokens it was sent, when it said so."""


def explain_briefly(error: ModelError) -> str:
    """Say what happened, without the advice on answers that follows it in every `ModelError`."""
    return str(error).partition(". ")[0].rstrip(".")
