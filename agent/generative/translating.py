"""Translations by the model beside quotes in another language than the reader's."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, TypeVar

from agent.answer.answer import Answer, Citation
from agent.checks import Cited, Claim, check_dates, check_numbers, fails
from agent.generative.sanitize import find_invented_addresses, sanitize
from agent.generative.wording import name_language
from agent.llm import ChatModel, ModelError
from agent.llm.budget import Budget, explain_spent
from agent.llm.errors import explain_briefly
from agent.llm.forms import FormRequest, SpentError, ask_form
from agent.llm.requests import Form, closed_object
from agent.settings.sections import Translate
from prompts import Messages, Sentence, Source, load, render
from vectorstore import UNDETERMINED, identify, is_same_language

_LONGER = 2.5
_ROOM = 20
_WIDE = 3
"""A translation may be so many times as long as its quote, or as many times shorter, and _ROOM more; a letter
of Chinese, Japanese or Korean counts as three. Of 2,838 pairs of translated news sentences in ten languages
(NTREX) 1 in 1,400 is longer, and 1 in 500 is shorter."""
_TOKENS_GROW = 2.0
_TOKENS_AROUND = 10
"""Tokens reckoned with for a translation: so many for one of its quote, and some for its number and the signs
around. Of 472 such pairs, counted in o200k_base, 1 in 100 takes more."""

_TRIES = 2

_AnyCitation = TypeVar("_AnyCitation", bound=Citation)
_Place = tuple[str, int, int]


def translate_quotes(
    answer: Answer, model: ChatModel, budget: Budget, mode: Translate, language: str
) -> Answer:
    """Return the answer with a translation beside each quote in a foreign language, where there is one.

    All of them are asked for in one request. Where that fails, or the budget is used up, the answer comes
    without, and one note says why. Usage is left to the caller: it is in `budget`. Nearest passages, which
    are long and no answer, are translated with `always` only. Where the answer's `language`, BCP 47, is not
    known, that of its statements counts.
    """
    if answer.model is None or mode is Translate.NEVER:
        return answer
    said = " ".join(statement.text for statement in answer.statements)
    target = language if language != UNDETERMINED else identify(said)
    foreign = _find_foreign(answer, mode, target)
    if not foreign:
        return answer
    if target == UNDETERMINED:
        return _with_note(answer, len(foreign), len(foreign), "no language to translate into is known")
    asked = _fit(foreign, model, budget.room_for_reply(0))
    prompt = load("translate")
    reply: Mapping[str, Any] | None = None
    # All numbers are required: a server that holds the schema skips none.
    numbers = map(str, range(1, len(asked) + 1))
    calls = budget.calls
    try:
        request = FormRequest(
            _word(asked, target),
            Form("Translations", closed_object({number: {"type": "string"} for number in numbers})),
            seconds=budget.seconds_left,
            reply=_estimate(asked, model),
            may_be_cut=True,
            tries=_TRIES,
        )
        reply = ask_form(model, budget, request)
        reason = f"{model.name} gave nothing for {'it' if len(foreign) == 1 else 'them'} that can be shown"
    except SpentError as error:
        reason = explain_spent(error.limit)
    except ModelError as error:
        reason = explain_briefly(error)
    if budget.calls > calls:
        answer = answer.model_copy(update={"prompts": (*answer.prompts, f"{prompt.name}@{prompt.version}")})
    found = _read(reply or {}, asked, target)
    if left := len(foreign) - len(found):
        if len(found) == len(asked):
            reason = "they are too long for `agent.max_answer_tokens`"
        answer = _with_note(answer, left, len(foreign), reason)
    return _put_beside(answer, found)


def _find_foreign(answer: Answer, mode: Translate, target: str) -> list[Citation]:
    """Each quote to be translated once, whichever statements cite it."""
    cited: list[Citation] = []
    for statement in answer.statements:
        cited += statement.citations
    if mode is Translate.ALWAYS:
        cited += answer.nearest
    foreign: dict[_Place, Citation] = {}
    for citation in cited:
        if _is_foreign(citation.language, target, mode):
            foreign.setdefault(citation.place, citation)
    return list(foreign.values())


def _is_foreign(language: str, target: str, mode: Translate) -> bool:
    """By the languages alone: `en-GB` is not foreign to a reader of `en`."""
    if UNDETERMINED in (language, target):
        return mode is Translate.ALWAYS
    return not is_same_language(language, target)


def _fit(foreign: Sequence[Citation], model: ChatModel, room: int) -> list[Citation]:
    """As many, from the first, as one reply has room for; the first whether it has or not."""
    for count in range(len(foreign), 1, -1):
        if _estimate(foreign[:count], model) <= room:
            return list(foreign[:count])
    return list(foreign[:1])


def _estimate(foreign: Sequence[Citation], model: ChatModel) -> int:
    """Tokens of a reply that translates these."""
    tokens = sum(model.count_tokens(citation.quote) for citation in foreign)
    return int(_TOKENS_GROW * tokens) + _TOKENS_AROUND * (len(foreign) + 1)


def _word(asked: Sequence[Citation], target: str) -> Messages:
    """The prompt: quotes numbered from 1, under the names of their languages."""
    sources = []
    for language, group in groupby(enumerate(asked, start=1), key=lambda pair: pair[1].language):
        named = "an unknown language" if language == UNDETERMINED else name_language(language)
        quotes = tuple(Sentence(str(number), citation.quote) for number, citation in group)
        sources.append(Source(f"From {named}", quotes))
    return render(load("translate"), language=name_language(target), quotes=tuple(sources))


def _read(reply: Mapping[str, Any], asked: Sequence[Citation], target: str) -> dict[_Place, str]:
    """What of a reply can be shown; numbers that were not asked for mean nothing."""
    found = {}
    for number, citation in enumerate(asked, start=1):
        said = reply.get(str(number))
        if isinstance(said, str) and (text := clean_translation(said, citation, target)):
            found[citation.place] = text
    return found


def clean_translation(said: str, citation: Citation, target: str) -> str | None:
    """Return a translation fit to be shown; None for what cannot be one.

    As a statement it has no markup and no control characters, and no web address that its quote has not.
    Neither its length nor its numbers and dates may be others than the quote's.
    """
    text = sanitize(said)
    if not text or text == sanitize(citation.quote) or find_invented_addresses(said, [citation.quote]):
        return None
    width, whole = _width(text), _width(citation.quote)
    if width > _LONGER * whole + _ROOM or whole > _LONGER * width + _ROOM:
        return None
    published = date.fromisoformat(citation.published[:10]) if citation.published else None
    cited = Cited(citation.quote, citation.language, published=published)
    claim = Claim(text, target, (cited,))
    return None if fails(check_numbers(claim), check_dates(claim)) else text


def _width(text: str) -> int:
    return sum(_WIDE if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _put_beside(answer: Answer, found: Mapping[_Place, str]) -> Answer:
    def put(citation: _AnyCitation) -> _AnyCitation:
        translation = found.get(citation.place)
        return citation.model_copy(update={"translation": translation}) if translation else citation

    statements = []
    for statement in answer.statements:
        citations = tuple(map(put, statement.citations))
        statements.append(statement.model_copy(update={"citations": citations}))
    nearest = tuple(map(put, answer.nearest))
    return answer.model_copy(update={"statements": tuple(statements), "nearest": nearest})


def _with_note(answer: Answer, left: int, count: int, reason: str) -> Answer:
    if left < count:
        what = f"{left} of {count} quotes {'is' if left == 1 else 'are'}"
    else:
        what = "The quote is" if count == 1 else "The quotes are"
    return answer.model_copy(update={"notes": (*answer.notes, f"{what} not translated: {reason}.")})
