"""Readers' opinions as draft cases of an evaluation suite; the format is `eval/suites/case.schema.json`.

Runs leave a draft out until a person has confirmed it and removed `draft`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from agent.answer.answer import Answer, Verdict
from agent.answer.receipts import read_receipt
from vectorstore import UNDETERMINED, Feedback, Library, Opinion, PullquoteError, plural

GOOD_NOTE = "Readers found the answer good: what it cites is taken for gold."
BAD_NOTE = "Readers found the answer bad: correct what is taken for gold, which is what it showed."
GONE_NOTE = "The answer is no longer stored: add what a right answer has to cite."


def draft_cases(library: Library) -> Iterator[str]:
    """Yield a line of JSON for each answer that readers had an opinion of, in the order of the first."""
    by_receipt: dict[str, list[Feedback]] = {}
    for opinion in library.feedback.all():
        by_receipt.setdefault(opinion.receipt, []).append(opinion)
    for receipt, opinions in by_receipt.items():
        case = _draft(_find_answer(library, receipt), receipt, opinions)
        yield json.dumps(case, ensure_ascii=False)


def _draft(answer: Answer | None, receipt: str, opinions: Sequence[Feedback]) -> dict[str, object]:
    bad = sum(opinion.opinion is Opinion.BAD for opinion in opinions)
    note = BAD_NOTE if bad else GOOD_NOTE
    if answer is None:
        note = GONE_NOTE
    counts = f"{plural(len(opinions) - bad, 'thumb')} up, {plural(bad, 'thumb')} down."
    # The files are made with `pullquote show ID`.
    # Of an answer that found nothing and was bad, what was nearest.
    is_right_not_found = answer is not None and answer.verdict is Verdict.NOT_FOUND and not bad
    cited = () if answer is None or is_right_not_found else answer.citations()
    gold = [{"article": f"articles/{each.article}.txt", "quote": each.quote} for each in cited]
    return {
        "id": f"slack-{receipt}",
        "question": opinions[0].question,
        "language": answer.language if answer is not None else UNDETERMINED,
        **({"gold": gold} if gold else {"unanswerable": True}),
        "tags": ("slack", "bad" if bad else "good"),
        "note": f"{note} {counts}",
        "draft": True,
    }


def _find_answer(library: Library, receipt: str) -> Answer | None:
    found = library.receipts.find(receipt)
    try:
        return read_receipt(found[0]).answer if len(found) == 1 else None
    except PullquoteError:
        return None
