"""Asking a second model whether sentences support a statement."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from agent.answer.answer import Check, Statement
from agent.checks import Claim
from agent.generative.sanitize import sanitize
from agent.generative.wording import name_language
from agent.generative.writer import JudgeModel
from agent.llm import errors
from agent.llm.budget import LEAST_REPLY, Budget, Limit, explain_spent
from agent.llm.forms import FormRequest, SpentError, ask_form
from agent.llm.requests import Form, closed_object
from prompts import Messages, Sentence, Source, load, render
from vectorstore import UNDETERMINED, plural, primary_language

NAME = "judge"
_SHARE = 1 / 3
"""Of the seconds an answer has left: a judge that stalls must leave time for the answer."""
_TRIES = 2
_LONGEST_REASON = 300
"""Code points of a judge's reason that go back to the writer."""
_ABOUT_ONE_STATEMENT = (
    errors.ContextTooLongError,
    errors.MalformedReplyError,
    errors.ModelRefusedError,
    errors.ReplyCutError,
)
"""Failures after which the next statement may be judged nevertheless."""


class Judgement(StrEnum):
    """What the judge may say."""

    SUPPORTED = "supported"
    NOT_SUPPORTED = "not_supported"
    UNCLEAR = "unclear"


_VERDICTS = {"type": "string", "enum": list(map(str, Judgement))}
# The reason first, as the prompt asks: a verdict written before it could not rest on it.
_FORM = Form("Judgement", closed_object({"reason": {"type": "string"}, "verdict": _VERDICTS}))


class Judge:
    """One answer's judge, on the answer's budget; what it cannot judge neither fails nor passes by it."""

    def __init__(self, judge: JudgeModel, budget: Budget) -> None:
        self._model = judge.model
        self._budget = budget
        self._account = budget.open_account(judge.model.price, judge.max_calls, Limit.JUDGED)
        self._unjudged: Counter[str] = Counter()
        self._failures = 0
        self._given_up: str | None = None

    @property
    def prompts(self) -> tuple[str, ...]:
        """The prompt as `name@version`, once it was put."""
        return (f"{NAME}@{load(NAME).version}",) if self._account.calls else ()

    def say_unjudged(self, shown: Sequence[Statement]) -> tuple[str, ...]:
        """Say what of the statements `shown` was not judged, a sentence a reason."""
        reasons = Counter(self._unjudged)
        unjudged = sum(not _is_judged(statement) for statement in shown)
        if unjudged > reasons.total():
            reasons["it was not asked about what could not be merged"] = unjudged - reasons.total()
        return tuple(
            f"{plural(count, 'statement')} {'was' if count == 1 else 'were'} not judged by "
            f"{self._model.name}, which `checks.judge` sets: {reason}."
            for reason, count in reasons.items()
        )

    def judge(self, claim: Claim) -> Check | None:
        """Whether the cited sentences support the statement; None when that was not judged. Never raises."""
        if self._given_up is None:
            try:
                return self._ask(claim)
            except SpentError as error:
                reason = explain_spent(error.limit)
            except errors.ModelError as error:
                reason = errors.explain_briefly(error)
                self._count_failure(error, reason)
        else:
            reason = self._given_up
        self._unjudged[reason] += 1
        return None

    def _count_failure(self, error: errors.ModelError, reason: str) -> None:
        """A wrong key stays wrong; a server that does not serve now gets a second chance, and no third."""
        if isinstance(error, _ABOUT_ONE_STATEMENT):
            return
        self._failures += 1
        if self._failures > 1 or not isinstance(error, errors.ModelUnavailableError):
            self._given_up = reason

    def _ask(self, claim: Claim) -> Check | None:
        messages = word_judgement(claim)
        refused = errors.MalformedReplyError(f"{self._model.name} gave no verdict")
        for _ in range(_TRIES):
            asked = FormRequest(
                messages,
                _FORM,
                seconds=_SHARE * self._budget.seconds_left,
                reply=LEAST_REPLY,
                account=self._account,
                tries=_TRIES,
            )
            reply = ask_form(self._model, self._budget, asked)
            verdict = _read_verdict(reply or {})
            if verdict is not None:
                return self._conclude(verdict, str((reply or {}).get("reason", "")))
            if not self._model.degrade(refused):
                break
        raise refused

    def _conclude(self, verdict: Judgement, reason: str) -> Check | None:
        match verdict:
            case Judgement.SUPPORTED:
                return Check(name=NAME, passed=True, detail=f"supported, as {self._model.name} reads it")
            case Judgement.NOT_SUPPORTED:
                why = sanitize(reason)[:_LONGEST_REASON] or "no reason given"
                detail = f"a second model does not find it in what is cited: {why}"
                return Check(name=NAME, passed=False, detail=detail)
            case Judgement.UNCLEAR:
                self._unjudged["it could not tell"] += 1
                return None


def word_judgement(claim: Claim) -> Messages:
    """The prompt for one statement: numbered sentences under their articles, each with its passage."""
    sources = []
    for number, cited in enumerate(claim.cited, start=1):
        day = cited.published.isoformat() if cited.published else "no date"
        about = f"{_name(cited.language)}, {day}: {' | '.join(cited.about)}"
        context = (Sentence("context", cited.passage),) if cited.passage not in ("", cited.text) else ()
        sources.append(Source(about, (Sentence(str(number), cited.text), *context)))
    asked_in = claim.cited[0].language
    return render(
        load(NAME),
        language=_name(asked_in),
        sentences=tuple(sources),
        statement=claim.text,
        asked=ask_in(asked_in),
    )


@cache
def _load_questions() -> Mapping[str, str]:
    return tomllib.loads(files("agent.generative").joinpath("judge_questions.toml").read_text("utf-8"))


def ask_in(language: str) -> str:
    """Whether sentences support all of a statement, asked in `language`, a BCP 47 tag; else in English."""
    questions = _load_questions()
    return questions.get(primary_language(language), questions["en"])


def _is_judged(statement: Statement) -> bool:
    return any(check.name == NAME for check in statement.checks)


def _name(language: str) -> str:
    return "the language of the sentences" if language == UNDETERMINED else name_language(language)


def _read_verdict(reply: Mapping[str, Any]) -> Judgement | None:
    said = reply.get("verdict")
    return Judgement(said) if isinstance(said, str) and said in set(Judgement) else None
