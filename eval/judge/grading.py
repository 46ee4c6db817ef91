"""A judge: a model that grades whether sentences support a statement, asked twice in swapped order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from agent import (
    HOW_TO_ADD,
    AgentSettings,
    Budget,
    ChatModel,
    Form,
    MalformedReplyError,
    ModelError,
    Settings,
    TokenUsage,
    ask_in,
    connect_judge,
    explain_briefly,
    sanitize,
)
from eval.judge.requests import ABOUT_ONE_REQUEST, TRIES, ask_once, explain_failure, make_form, name_written
from eval.judge.rows import Grade, JudgeQuestion, Label, Said
from eval.runs.cache import RowCache
from eval.runs.rows import UsedJudge
from eval.suites.hashing import hash_text
from prompts import Messages, load, render
from vectorstore import SetupError

PROMPTS = ("eval_judge", "eval_judge_swapped")
"""Sentences first, and statement first; the second also names the labels the other way round."""
_LONGEST_REASON = 300
"""Code points of a reason that are stored."""
_LABELS = tuple(label.value for label in Label)


def _make_form(*labels: str) -> Form:
    return make_form("Grade", reason={"type": "string"}, label={"type": "string", "enum": list(labels)})


# The other order names the labels the other way round, so that a judge that prefers the first disagrees.
_FORMS = (_make_form(*_LABELS), _make_form(_LABELS[1], _LABELS[0], *_LABELS[2:]))


def hash_judge_prompts() -> str:
    """SHA-256 of the words of both orders: a judge is pinned by its model and by this."""
    text = "\0".join(load(name).text for name in PROMPTS)
    return hash_text(text)


class EvalJudge:
    """A model that grades, and what it has taken. What it said once is cached and not asked again."""

    def __init__(self, model: ChatModel, limits: AgentSettings, cache: Path) -> None:
        """Take the model, what one request may take, and the folder of what can be made again."""
        self._model = model
        self._limits = limits
        self._said = RowCache(cache / "eval" / "grades", Said)
        self._pin = [model.name, urlsplit(model.endpoint).netloc, hash_judge_prompts()]
        self.usage = TokenUsage()
        self.calls = 0
        """Requests, those that failed included."""
        self.grades = 0

    @property
    def identity(self) -> UsedJudge:
        return UsedJudge(name=self._model.name, endpoint=self._model.endpoint, prompt=hash_judge_prompts())

    @property
    def cost(self) -> Decimal | None:
        """US dollars so far; None where the model's prices are not known."""
        return self._model.price(self.usage)

    def grade(self, asked: JudgeQuestion) -> Grade:
        """Whether the sentences support the statement, as both orders say; unscored where they do not agree.

        Raises SetupError if the judge's server cannot be reached, or refuses every request.
        """
        said: list[Said] = []
        for order in range(len(PROMPTS)):
            key = [*self._pin, asked.model_dump(mode="json"), order]
            one = self._said.find(key)
            if one is None:
                try:
                    one = self._ask(asked, order)
                except ABOUT_ONE_REQUEST as error:
                    return _unscored(said, explain_failure(error))
                except ModelError as error:
                    raise SetupError(
                        f"The judge failed after {self.grades:,} grades, which are cached: "
                        f"{explain_briefly(error)}.\nRun the same command again to continue."
                    ) from error
                self._said.store(key, one)
            said.append(one)
        self.grades += 1
        return conclude(said)

    def _ask(self, asked: JudgeQuestion, order: int) -> Said:
        messages = word_grading(asked, order)
        refused = MalformedReplyError(f"{self._model.name} gave no grade that can be read")
        for _ in range(TRIES):
            budget = Budget(self._limits, self._model.price)
            try:
                reply = ask_once(self._model, budget, self._limits, messages, _FORMS[order])
            finally:
                self.usage += budget.usage
                self.calls += budget.calls
            said = _read(reply)
            if said is not None:
                return said
            if not self._model.degrade(refused):
                break
        raise refused


def open_judge(settings: Settings, name: str) -> EvalJudge:
    """Return a judge at `checks.judge_base_url`, else the model's server. Raises SetupError without one."""
    cache = settings.cache.expanduser()
    checks = settings.checks.model_copy(update={"judge": name})
    connected = connect_judge(checks, settings.model, cache)
    if connected is None:
        raise SetupError(f"There is no server to ask the judge {name} of. Next: {HOW_TO_ADD}")
    return EvalJudge(connected.model, settings.agent, cache)


def conclude(said: Sequence[Said]) -> Grade:
    """One grade of what both orders say: theirs, when it is the same and clear."""
    labels = {one.label for one in said}
    if len(labels) > 1:
        return _unscored(said, "the two orders disagree")
    (label,) = labels
    if label is Label.UNCLEAR:
        return _unscored(said, "it could not tell")
    return Grade(value=label is Label.SUPPORTED, orders=tuple(said))


def word_grading(asked: JudgeQuestion, order: int) -> Messages:
    """Return the prompt of one order."""
    return render(
        load(PROMPTS[order]),
        language=name_written(asked.language),
        sentences=asked.to_sources(),
        statement=asked.statement,
        asked=ask_in(asked.language),
    )


def _read(reply: Mapping[str, Any]) -> Said | None:
    label = reply.get("label")
    if not isinstance(label, str) or label not in _LABELS:
        return None
    return Said(label=Label(label), reason=sanitize(str(reply.get("reason", "")))[:_LONGEST_REASON])


def _unscored(said: Sequence[Said], why: str) -> Grade:
    return Grade(value=None, unscored=why, orders=tuple(said))
