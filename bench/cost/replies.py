"""What a good model would say to each of the systems, so that each goes its whole way.

A good model finds the answering sentence when it is shown, and says so in English. Shown nothing of use, it
searches once more in the articles' language where it has a tool for that, and then says that it found
nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from bench.cost.cases import CostCase, find_case
from bench.cost.server import Body, Reply, ServedPrompt

_CONTEXT_KEY = re.compile(r"pqac-[0-9a-f]{8}")
_RELEVANT = 9
TRANSLATIONS = "Translations"
"""The form in which Pullquote asks for translations of quotes, by their numbers."""


def answer_as_asked(cases: Sequence[CostCase]) -> Callable[[Body], Reply]:
    """Replies to whoever asks one of `cases`."""

    def reply(body: Body) -> Reply:
        prompt = ServedPrompt.read(body)
        case = find_case(cases, prompt.text)
        if case is None:
            return Reply("Unknown.")
        form = body.get("response_format", {}).get("json_schema", {})
        if form.get("name") == TRANSLATIONS:
            return Reply(json.dumps(dict.fromkeys(form["schema"]["properties"], case.in_english)))
        if form:
            return reply_with_labels(body, prompt, case)
        if '"relevance_score"' in prompt.text:
            return reply_with_summary(prompt, case)
        if not case.is_shown_in(prompt.text) and case.statement not in prompt.text:
            return Reply("None of the sources is helpful.")
        keys = _CONTEXT_KEY.findall(prompt.text)
        return Reply(f"{case.statement} ({keys[-1]})" if keys else f"{case.statement} [1]")

    return reply


def reply_with_labels(body: Body, prompt: ServedPrompt, case: CostCase) -> Reply:
    """To Pullquote: a statement with the labels of its sentence."""
    labels = case.find_labels(prompt.text)
    if labels:
        return Reply(_state([{"text": case.statement, "labels": labels}], []))
    has_searched = any(message["role"] == "tool" for message in body["messages"])
    if body.get("tools") and body.get("tool_choice") != "none" and not has_searched:
        return Reply(tool="search", arguments=json.dumps({"query": case.in_language, "filters": None}))
    return Reply(_state([], [case.question]))


def reply_with_summary(prompt: ServedPrompt, case: CostCase) -> Reply:
    """To paper-qa, which has every passage summarized and scored before it answers."""
    if not case.is_shown_in(prompt.text):
        return Reply(json.dumps({"summary": "", "relevance_score": 0}))
    return Reply(json.dumps({"summary": case.statement, "relevance_score": _RELEVANT}))


def _state(statements: Sequence[dict[str, object]], missing: Sequence[str]) -> str:
    return json.dumps({"statements": statements, "missing": missing}, ensure_ascii=False)
