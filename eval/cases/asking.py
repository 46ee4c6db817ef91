"""Drafts by a model: a question, the sentences that answer it, and the answer, which has to be in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agent import AgentSettings, Budget, ChatModel, ModelError, explain_briefly, sanitize
from eval.cases.articles import GoldCandidate
from eval.judge.requests import ABOUT_ONE_REQUEST, TRIES, ask_once, explain_failure, make_form, name_written
from eval.metrics import contains_answer
from eval.suites.cases import Case
from prompts import Sentence, Source, load, render
from vectorstore import Article, SetupError

PROMPT = "eval_question"
_MOST_LABELS = 3


def draft_by_model(
    model: ChatModel, limits: AgentSettings, article: Article, candidates: Sequence[GoldCandidate]
) -> Case | str:
    """Return a draft of an article, or why there is none. Raises SetupError if the model cannot be asked."""
    if not candidates:
        return "it has no sentence to ask about"
    try:
        why = ""
        for _ in range(TRIES):
            made = _read(_ask(model, limits, article, candidates), model.name, article, candidates)
            if isinstance(made, Case):
                return made
            why = made
        return why
    except ABOUT_ONE_REQUEST as error:
        return explain_failure(error)
    except ModelError as error:
        raise SetupError(explain_briefly(error)) from error


def _ask(
    model: ChatModel, limits: AgentSettings, article: Article, candidates: Sequence[GoldCandidate]
) -> Mapping[str, Any]:
    facts = (article.title, article.outlet, str(article.published or ""))
    sentences = [Sentence(each.label, each.text) for each in candidates]
    shown = Source(" | ".join(filter(None, facts)), tuple(sentences))
    messages = render(load(PROMPT), language=name_written(article.language), articles=(shown,))
    labels = {"type": "array", "items": {"type": "string", "enum": [each.label for each in candidates]}}
    text = {"type": "string"}
    form = make_form("Question", question=text, labels=labels, answer=text)
    return ask_once(model, Budget(limits, model.price), limits, messages, form)


def _read(
    reply: Mapping[str, Any], author: str, article: Article, candidates: Sequence[GoldCandidate]
) -> Case | str:
    question, labels, said = (reply.get(name) for name in ("question", "labels", "answer"))
    asked = sanitize(question) if isinstance(question, str) else ""
    if not any(map(str.isalpha, asked)):
        return "the model wrote no question"
    named = labels if isinstance(labels, list) else []
    chosen = [each for each in candidates if each.label in named][:_MOST_LABELS]
    if not chosen:
        return "the model named no sentence of the article"
    answer = sanitize(said) if isinstance(said, str) else ""
    is_there = bool(answer) and _is_in(answer, " ".join(each.text for each in chosen))
    note = f"written by {author}"
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


def _is_in(answer: str, text: str) -> bool:
    try:
        return contains_answer(text, (answer,)) == 1
    except ValueError:
        return False
