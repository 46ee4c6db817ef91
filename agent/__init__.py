# mypy: implicit-reexport
# ruff: noqa: F401
"""Questions in, checked and cited answers out. The names below are the package's face.

Each is imported from its room when it is first used, so that `import agent` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.answer.answer import Answer, Check, Citation, Mode, Nearest, Statement, Usage, Verdict
    from agent.answer.citations import format_published
    from agent.answer.receipts import Kind, Receipt, find_receipt, read_receipt
    from agent.answer.request import AnswerStopped, Request
    from agent.answer.verification import verify
    from agent.answer.view import AnswerView, QuoteView, view_answer
    from agent.checks import Cited, Claim, NameMatcher, check_claim
    from agent.cli.options import open_library, read_settings
    from agent.extractive.quotes import state_quote
    from agent.generative import (
        HOW_TO_ADD,
        NotWrittenError,
        Writer,
        WriterOptions,
        connect_judge,
        connect_writer,
    )
    from agent.generative.judging import ask_in
    from agent.generative.sanitize import sanitize
    from agent.generative.wording import name_language
    from agent.llm import (
        ChatModel,
        ContextTooLongError,
        MalformedReplyError,
        ModelError,
        ModelRefusedError,
        ModelUnavailableError,
        ReplyCutError,
        TokenUsage,
    )
    from agent.llm.budget import LEAST_REPLY, Budget, explain_spent
    from agent.llm.errors import explain_briefly
    from agent.llm.forms import FormRequest, SpentError, ask_form
    from agent.llm.requests import Form, closed_object
    from agent.pipeline import Pipeline, ask, summarize
    from agent.render.transcript import SavedSession
    from agent.settings.loading import Settings
    from agent.settings.paths import DATA_VARIABLE, find_paths
    from agent.settings.sections import AgentSettings, AnswerSettings, ModelSettings
    from agent.terminal.safe_text import clean
    from vectorstore import replace_file

_MODULES = {
    "agent.answer.answer": "Answer Check Citation Mode Nearest Statement Usage Verdict",
    "agent.answer.citations": "format_published",
    "agent.answer.receipts": "Kind Receipt find_receipt read_receipt",
    "agent.answer.verification": "verify",
    "agent.answer.view": "AnswerView QuoteView view_answer",
    "agent.checks": "Cited Claim NameMatcher check_claim",
    "agent.cli.options": "open_library read_settings",
    "agent.extractive.quotes": "state_quote",
    "agent.generative": "HOW_TO_ADD NotWrittenError Writer WriterOptions connect_judge connect_writer",
    "agent.generative.judging": "ask_in",
    "agent.generative.sanitize": "sanitize",
    "agent.generative.wording": "name_language",
    "agent.llm": "ChatModel ContextTooLongError MalformedReplyError ModelError ModelRefusedError "
    "ModelUnavailableError ReplyCutError TokenUsage",
    "agent.llm.budget": "LEAST_REPLY Budget explain_spent",
    "agent.llm.errors": "explain_briefly",
    "agent.llm.forms": "FormRequest SpentError ask_form",
    "agent.llm.requests": "Form closed_object",
    "agent.answer.request": "AnswerStopped Request",
    "agent.pipeline": "Pipeline ask summarize",
    "agent.render.transcript": "SavedSession",
    "agent.terminal.safe_text": "clean",
    "vectorstore": "replace_file",
    "agent.settings.loading": "Settings",
    "agent.settings.paths": "DATA_VARIABLE find_paths",
    "agent.settings.sections": "AgentSettings AnswerSettings ModelSettings",
}
"""The names above, which are for type checkers, by the module that has them."""
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names.split()}

__all__ = list(_MODULE_OF)


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_MODULE_OF[name]), name)
    # Found without this function from now on.
    globals()[name] = value
    return value
