"""Readers' opinions as draft cases of an evaluation suite; the format is `eval/suites/case.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby

from pydantic import BaseModel

from agent.answer.answer import Answer, Citation, Verdict
from agent.answer.receipts import read_receipt
from vectorstore import UNDETERMINED, Feedback, Library, Opinion, PullquoteError, plural

GOOD_NOTE = "Readers found the answer good: what it cites is taken for gold."
BAD_NOTE = "Readers found the answer bad: put right what is taken for gold, which is what it showed."
GONE_NOTE = "The answer is not kept any more: say what has to hold."


class DraftGold(BaseModel):
    """Words that answer the question, until a person says otherwise."""

    article: str
    """`articles/ID.txt`, to be made with `pullquote show ID`."""
    quote: str


class DraftCase(BaseModel):
    """A case to be confirmed; runs leave it out until `draft` is taken off."""

    id: str
    question: str
    language: str = UNDETERMINED
    gold: tuple[DraftGold, ...] = ()
    unanswerable: bool = False
    tags: tuple[str, ...]
    draft: bool = True
    note: str


def draft_cases(library: Library) -> Iterator[str]:
    """A line of JSON for each answer that somebody had an opinion of, in the order of the first."""
    given = library.feedback.all()
    order = list(dict.fromkeys(opinion.receipt for opinion in given))
    given = sorted(given, key=lambda opinion: order.index(opinion.receipt))
    for receipt, opinions in groupby(given, key=lambda opinion: opinion.receipt):
        case = _draft(library, receipt, list(opinions))
        kept = case.model_dump(exclude_defaults=True) | {"language": case.language, "draft": True}
        yield json.dumps(kept, ensure_ascii=False)


def _draft(library: Library, receipt: str, opinions: Sequence[Feedback]) -> DraftCase:
    bad = sum(opinion.opinion is Opinion.BAD for opinion in opinions)
    note = BAD_NOTE if bad else GOOD_NOTE
    answer = _recall(library, receipt)
    if answer is None:
        note = GONE_NOTE
    counts = f"{plural(len(opinions) - bad, 'thumb')} up, {plural(bad, 'thumb')} down."
    cited = _gold(answer, is_bad=bad > 0)
    return DraftCase(
        id=f"slack-{receipt}",
        question=opinions[0].question,
        language=answer.language if answer is not None else UNDETERMINED,
        gold=tuple(DraftGold(article=f"articles/{each.article}.txt", quote=each.quote) for each in cited),
        unanswerable=not cited,
        tags=("slack", "bad" if bad else "good"),
        note=f"{note} {counts}",
    )


def _gold(answer: Answer | None, *, is_bad: bool) -> Sequence[Citation]:
    """What the answer cited; of one that found nothing and was bad, what was nearest."""
    if answer is None:
        return ()
    if answer.verdict is Verdict.NOT_FOUND and not is_bad:
        return ()
    return answer.citations()


def _recall(library: Library, receipt: str) -> Answer | None:
    found = library.receipts.find(receipt)
    try:
        return read_receipt(found[0]).answer if len(found) == 1 else None
    except PullquoteError:
        return None
