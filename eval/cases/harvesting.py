"""`pullquote eval harvest`: answers that readers disliked, and answers that were saved, as draft cases."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from pydantic import ValidationError

from agent import Answer, Citation, Kind, Receipt, SavedSession, Verdict, find_receipt, read_receipt
from eval.cases.articles import find_article, key_of, make_gold
from eval.suites.cases import Case, CaseFilters, Gold
from eval.suites.hashing import shorten_hash
from eval.suites.reading import describe_first
from vectorstore import Article, Filters, Library, Opinion, PullquoteError, Span, identify, plural

_LONGEST_NOTE = 500
_SCHEMA = SavedSession.model_fields["schema_version"].default


@dataclass(slots=True)
class Harvest:
    """Draft cases, the articles they need, and what could not be made one."""

    cases: list[Case] = field(default_factory=list)
    articles: dict[str, Article] = field(default_factory=dict)
    """By id."""
    notices: list[str] = field(default_factory=list)

    def add(self, case: Case) -> None:
        """One more, unless there is one of the same answer."""
        if all(case.id != known.id for known in self.cases):
            self.cases.append(case)


@dataclass(frozen=True, slots=True)
class HarvestedAnswer:
    """An answer that may become a case."""

    id: str
    answer: Answer
    note: str
    filters: Filters = field(default_factory=Filters)
    is_disliked: bool = False


def harvest(library: Library, saved: Sequence[str]) -> Harvest:
    """Return drafts of every answer that a reader disliked, then of the answers that `saved` names.

    Those are ids of receipts, `last`, and files of `/save` or `pullquote receipts --json`. Raises
    PullquoteError if a name is of no answer, or of another version's.
    """
    found = Harvest()
    _take_disliked(found, library)
    for name in saved:
        session = _read_session(Path(name))
        if session is None:
            _take_receipt(found, library, find_receipt(library, name), "a saved answer")
            continue
        for number, entry in enumerate(session.entries, start=1):
            digest = shorten_hash(entry.answer.model_dump_json())
            note = f"saved in the session {session.session}, question {number}"
            _take(found, library, HarvestedAnswer(entry.answer.receipt or f"s-{digest}", entry.answer, note))
    return found


def _take_disliked(found: Harvest, library: Library) -> None:
    liked: Counter[str] = Counter()
    disliked: Counter[str] = Counter()
    questions = {}
    for each in library.feedback.all():
        (liked if each.opinion is Opinion.GOOD else disliked)[each.receipt] += 1
        questions[each.receipt] = each.question
    for receipt, count in disliked.items():
        note = f"{plural(count, 'reader')} called the answer bad"
        note += f", {liked[receipt]:,} good" if liked[receipt] else ""
        stored, problem = _find_receipt(library, receipt)
        if stored is None:
            found.notices.append(f"{receipt}: {problem}, so that only its question is left")
            question = questions[receipt]
            draft = Case(
                id=f"harvest:{receipt}",
                question=question,
                language=identify(question),
                tags=("harvest",),
                draft=True,
                note=f"{note}; {problem}"[:_LONGEST_NOTE],
            )
            found.add(draft)
            continue
        _take_receipt(found, library, stored, note, is_disliked=True)


def _find_receipt(library: Library, receipt: str) -> tuple[Receipt | None, str]:
    stored = [each for each in library.receipts.find(receipt) if each.id == receipt]
    if not stored:
        return None, "its receipt is no longer stored"
    try:
        return read_receipt(stored[0]), ""
    except PullquoteError:
        return None, "its receipt is of another version of Pullquote"


def _take_receipt(
    found: Harvest, library: Library, receipt: Receipt, note: str, *, is_disliked: bool = False
) -> None:
    if receipt.kind is Kind.SUMMARIZE:
        found.notices.append(f"{receipt.id}: left out, a summary answers no question")
        return
    harvested = HarvestedAnswer(receipt.id, receipt.answer, note, receipt.filters, is_disliked)
    _take(found, library, harvested)


def _take(found: Harvest, library: Library, harvested: HarvestedAnswer) -> None:
    answer = harvested.answer
    gold, lost = _find_gold(found, library, harvested)
    notes = [harvested.note]
    if harvested.is_disliked and gold:
        notes.append("gold is what was shown: keep what answers the question, or say what does")
    if lost:
        verb = "was" if len(lost) == 1 else "were"
        notes.append(f"{plural(len(lost), 'article')} it cites changed or {verb} removed")
        found.notices.append(f"{harvested.id}: {notes[-1]}")
    if harvested.filters.collections:
        notes.append("it was asked of some collections only, which a suite does not have")
    draft = Case(
        id=f"harvest:{harvested.id}",
        question=answer.question,
        language=answer.language or identify(answer.question),
        gold=tuple(gold),
        filters=_convert_filters(found, library, harvested.filters),
        unanswerable=answer.verdict is Verdict.NOT_FOUND and not harvested.is_disliked and not gold,
        tags=("harvest",),
        draft=True,
        note="; ".join(notes)[:_LONGEST_NOTE],
    )
    found.add(draft)


def _find_gold(found: Harvest, library: Library, harvested: HarvestedAnswer) -> tuple[list[Gold], set[str]]:
    """What the answer points at and its articles still say, each once; and ids of articles that changed."""
    gold: dict[tuple[str, Span], Gold] = {}
    lost: set[str] = set()
    for fact, citation in _list_candidates(harvested.answer, is_disliked=harvested.is_disliked):
        article = found.articles.get(citation.article) or find_article(library, citation.article)
        if article is None or article.slice(citation.span) != citation.quote:
            lost.add(citation.article)
            continue
        found.articles[article.id] = article
        # The same words under two facts are one place, and the first one's.
        place = article.id, citation.span
        gold.setdefault(place, make_gold(article, citation.span, fact))
    return list(gold.values()), lost


def _list_candidates(answer: Answer, *, is_disliked: bool) -> Iterator[tuple[str, Citation]]:
    """Return what may be gold, by fact: what statements cite, and of a disliked refusal what was near."""
    for number, statement in enumerate(answer.statements, start=1):
        for citation in statement.citations:
            yield f"f{number}", citation
    if is_disliked and not answer.statements:
        for number, nearest in enumerate(answer.nearest, start=1):
            yield f"f{number}", nearest


def _convert_filters(found: Harvest, library: Library, filters: Filters) -> CaseFilters:
    keys = []
    for reference in filters.articles:
        article = find_article(library, reference)
        if article is not None:
            found.articles[article.id] = article
            keys.append(key_of(article.id))
    return CaseFilters(
        since=filters.since.date() if filters.since else None,
        until=(filters.until - timedelta(microseconds=1)).date() if filters.until else None,
        outlets=filters.outlets,
        authors=filters.authors,
        languages=filters.languages,
        articles=tuple(keys),
    )


def _read_session(path: Path) -> SavedSession | None:
    """Return what `/save FILE.json` wrote; None for others. PullquoteError if the version is another."""
    try:
        found = json.loads(path.read_text("utf-8")) if path.is_file() else None
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or "entries" not in found:
        return None
    try:
        if found.get("schema_version") != _SCHEMA:
            raise PullquoteError(
                f"{path} was saved by another version of Pullquote: its format is "
                f"{found.get('schema_version')}, and this version reads {_SCHEMA}. Save it "
                "again: /save FILE.json"
            )
        return SavedSession.model_validate(found)
    except ValidationError as error:
        raise PullquoteError(
            f"{path} is no saved session: {describe_first(error)}. Save it again: /save FILE.json"
        ) from error
