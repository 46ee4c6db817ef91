"""Drafts by a model: a question, the sentences that answer it, and the answer, which has to be in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agent import (
    LEAST_REPLY,
    AgentSettings,
    Budget,
    ChatModel,
    ContextTooLongError,
    Form,
    FormRequest,
    MalformedReplyError,
    ModelError,
    ModelRefusedError,
    ReplyCutError,
    SpentError,
    ask_form,
    explain_briefly,
    explain_spent,
    name_language,
    sanitize,
)
from eval.cases.sentences import GoldCandidate
from eval.metrics import contains_answer
from eval.suites.cases import Case
from prompts import Sentence, Source, load, render
from vectorstore import UNDETERMINED, Article, SetupError

PROMPT = "eval_question"
_TRIES = 2
_MOST_LABELS = 3
_ABOUT_ONE_ARTICLE = (ContextTooLongError, MalformedReplyError, ModelRefusedError, ReplyCutError)


class ModelDrafter:
    """Asks a model for a question on an article."""

    def __init__(self, model: ChatModel, limits: AgentSettings) -> None:
        """Take the model, and what one request may take."""
        self._model = model
        self._limits = limits

    def draft(self, article: Article, candidates: Sequence[GoldCandidate]) -> Case | str:
        """A draft of an article, or why there is none.

        Raises:
            SetupError: the model's server cannot be reached, or refuses every request.
        """
        if not candidates:
            return "it has no sentence to ask about"
        try:
            why = ""
            for _ in range(_TRIES):
                made = self._read(self._ask(article, candidates), article, candidates)
                if isinstance(made, Case):
                    return made
                why = made
            return why
        except SpentError as error:
            return explain_spent(error.limit)
        except _ABOUT_ONE_ARTICLE as error:
            return explain_briefly(error)
        except ModelError as error:
            raise SetupError(explain_briefly(error)) from error

    def _ask(self, article: Article, candidates: Sequence[GoldCandidate]) -> Mapping[str, Any]:
        heading = " | ".join(
            part for part in (article.title, article.outlet, str(article.published or "")) if part
        )
        shown = Source(heading, tuple(Sentence(each.label, each.text) for each in candidates))
        messages = render(
            load(PROMPT),
            language="the language of the sentences"
            if article.language == UNDETERMINED
            else name_language(article.language),
            articles=(shown,),
        )
        asked = FormRequest(
            messages,
            _make_form([each.label for each in candidates]),
            seconds=self._limits.max_seconds,
            reply=LEAST_REPLY,
            tries=_TRIES,
        )
        reply = ask_form(self._model, Budget(self._limits, self._model.price), asked)
        return reply or {}

    def _read(
        self, reply: Mapping[str, Any], article: Article, candidates: Sequence[GoldCandidate]
    ) -> Case | str:
        question, labels, told = (reply.get(name) for name in ("question", "labels", "answer"))
        asked = sanitize(question) if isinstance(question, str) else ""
        if not any(map(str.isalpha, asked)):
            return "the model wrote no question"
        named = labels if isinstance(labels, list) else []
        chosen = [each for each in candidates if each.label in named][:_MOST_LABELS]
        if not chosen:
            return "the model named no sentence of the article"
        answer = sanitize(told) if isinstance(told, str) else ""
        is_there = bool(answer) and _stands_in(answer, " ".join(each.text for each in chosen))
        note = f"written by {self._model.name}"
        if answer and not is_there:
            note += "; its answer is not in the gold and was left out"
        return Case(
            id=f"new:{article.id}",
            question=asked,
            language=article.language,
            gold=tuple(each.to_gold(article) for each in chosen),
            answers=(answer,) if is_there else (),
            tags=("model",),
            draft=True,
            note=note,
        )


def _stands_in(answer: str, text: str) -> bool:
    try:
        return contains_answer(text, (answer,)) == 1
    except ValueError:
        return False


def _make_form(labels: Sequence[str]) -> Form:
    return Form(
        "Question",
        {
            "type": "object",
            "properties": {
                "question": {"type": "string"},
                "labels": {"type": "array", "items": {"type": "string", "enum": list(labels)}},
                "answer": {"type": "string"},
            },
            "required": ["question", "labels", "answer"],
            "additionalProperties": False,
        },
    )
