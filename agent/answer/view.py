"""What a reader sees of an answer, without a format: text, Markdown, HTML and Slack are made of it.

All words here are safe to print (see `safe_text`); a format has only its own markup to escape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import attrgetter

from agent.answer.answer import Agreement, Answer, Citation, EventDate, Mode, Statement, Verdict
from agent.answer.citations import in_quotation_marks
from agent.terminal.safe_text import clean, squeeze
from vectorstore import Role, plural

ROLE_NAMES = {
    Role.TITLE: "headline",
    Role.REPEATED_TITLE: "headline",
    Role.CAPTION: "caption",
    Role.RELATED: "related coverage",
}
NO_DATE, NO_TITLE = "no date", "(no title)"
_HEADINGS = {
    Agreement.AGREED: "Several sources say",
    Agreement.SINGLE_SOURCE: "From one source",
    Agreement.CONFLICTING: "Sources contradict each other",
}
_identity = attrgetter("identity")
_SHORT_HEADINGS = {
    Agreement.AGREED: "several sources",
    Agreement.SINGLE_SOURCE: "one source",
    Agreement.CONFLICTING: "contradicted",
}


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement, the numbers of what it cites, each once, and what is put around it."""

    statement: Statement
    numbers: tuple[int, ...]
    before: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        """The statement's own words."""
        return clean(self.statement.text)

    @property
    def line(self) -> str:
        """The statement with what is around it, for a format that sets both the same way."""
        return f"{self.before}{self.text}{self.after}".strip()


@dataclass(frozen=True, slots=True)
class GroupView:
    """Statements under one heading; None where they need none."""

    heading: str | None
    statements: tuple[StatementView, ...]


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A quote under its number."""

    number: int
    citation: Citation
    words: str
    """On one line, in quotation marks."""
    role: str | None
    """What the quote is when it is not running text, such as "caption"."""
    translation: str | None
    """With the name of its translator."""


@dataclass(frozen=True, slots=True)
class SourceView:
    """An article with the quotes from it that follow each other."""

    title: str
    outlet: str | None
    published: str
    language: str
    article: str
    address: str
    """Where to read it: the link to the quote, else its address, file or id."""
    origin: str | None
    quotes: tuple[QuoteView, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """Outlet, date, language and article, as far as they are known."""
        return tuple(filter(None, (self.outlet, self.published, self.language, self.article)))


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer in the parts that every format shows, in this order."""

    lead: str | None
    """What kind of answer it is, in a sentence; None where a model's statements show it."""
    groups: tuple[GroupView, ...]
    has_own_words: bool
    """Whether the statements are more than the quotes under `sources`, and are shown before them."""
    sources: tuple[SourceView, ...]
    """What is cited; the nearest passages where nothing is."""
    notes: tuple[str, ...]
    """What is missing or withheld, then what else a reader must know."""
    answer: Answer

    @property
    def is_found(self) -> bool:
        """Whether the sources support an answer; else they are only near the question."""
        return self.answer.verdict is not Verdict.NOT_FOUND

    @property
    def shown_groups(self) -> tuple[GroupView, ...]:
        """The groups, where they are more than the quotes."""
        return self.groups if self.has_own_words else ()


def view_answer(answer: Answer, numbers: Sequence[int] = ()) -> AnswerView:
    """Return the view of `answer`; its citations have these `numbers` in their session, else count from 1."""
    citations = answer.citations()
    numbers = numbers or range(1, len(citations) + 1)
    is_written = answer.model is not None and bool(answer.statements)
    has_groups = any(statement.agreement or statement.event for statement in answer.statements)
    numbered = dict(zip(numbers, citations, strict=True))
    return AnswerView(
        lead=None if is_written else describe_verdict(answer),
        groups=view_statements(answer.statements, numbers),
        has_own_words=is_written or has_groups,
        sources=view_sources(numbered.items(), answer.model or "a model"),
        notes=(*list_gaps(answer), *map(clean, answer.notes)),
        answer=answer,
    )


def begins_with(answer: Answer, shown: Sequence[Statement]) -> bool:
    """Whether what is shown already is how the answer begins."""
    first = answer.statements[: len(shown)]
    return [*map(_identity, shown)] == [*map(_identity, first)]


def view_statements(statements: Sequence[Statement], numbers: Sequence[int]) -> tuple[GroupView, ...]:
    """Return the statements in their order: a timeline as one group, else a group a kind of agreement."""
    views = tuple(_number(statements, numbers))
    if any(statement.event for statement in statements):
        return (GroupView(None, tuple(map(_date, views))),)
    groups = []
    for agreement, members in groupby(views, key=lambda view: view.statement.agreement):
        heading = _HEADINGS[agreement] if agreement else None
        groups.append(GroupView(heading, tuple(_mark_versions(members))))
    return tuple(groups)


def view_sources(
    numbered: Iterable[tuple[int, Citation]], translator: str | None = None
) -> tuple[SourceView, ...]:
    """Return numbered citations by article, in their order; translations only where there is a translator."""
    sources = []
    for _, members in groupby(numbered, key=lambda each: each[1].article):
        quotes = tuple(_view_quote(number, citation, translator) for number, citation in members)
        first = quotes[0].citation
        sources.append(
            SourceView(
                title=clean(first.title or NO_TITLE),
                outlet=clean(first.outlet) if first.outlet else None,
                published=first.published or NO_DATE,
                language=first.language,
                article=first.article,
                address=clean(first.link or first.url or first.origin or first.article),
                origin=clean(first.origin) if first.origin else None,
                quotes=quotes,
            )
        )
    return tuple(sources)


def describe_verdict(answer: Answer) -> str:
    """Say in a sentence what an answer in the articles' own words is."""
    is_summary = answer.mode is Mode.SUMMARY
    if answer.verdict is Verdict.NOT_FOUND:
        if answer.nearest:
            return "The articles do not say this. Nearest passages, which do not answer it:"
        return "Nothing to summarize." if is_summary else "The articles do not say this."
    count = len(answer.statements)
    articles = {citation.article for statement in answer.statements for citation in statement.citations}
    what = plural(count, "sentence" if is_summary else "quote")
    stand = "it stands" if count == 1 else "they stand"
    return f"{what} from {plural(len(articles), 'article')}, word for word as {stand} there."


def list_gaps(answer: Answer) -> list[str]:
    """Return what the answer does not say, and why."""
    gaps = []
    if answer.missing:
        parts = "; ".join(f"“{clean(part)}”" for part in answer.missing)
        gaps.append(f"Not answered: {parts}.")
    elif answer.verdict is Verdict.PARTIAL:
        gaps.append("This may be only part of the answer.")
    if answer.withheld and answer.model is not None:
        gaps.append(
            f"{plural(answer.withheld, 'statement')} of the model's withheld: not supported by what is cited."
        )
    elif answer.withheld:
        gaps.append(
            f"{answer.withheld} withheld: the stored text no longer has the quote. Try: pullquote doctor"
        )
    return gaps


def describe_event(event: EventDate | None) -> str:
    """Return a day, month or year, or first and last day; and whether it is only the day of publication."""
    if event is None:
        return NO_DATE
    if event.first == event.last:
        return f"{event.first}, published" if event.is_published else str(event.first)
    # The calendar has no day after 31 December 9999.
    after = event.last + timedelta(days=1) if event.last.year < 9999 else event.last
    if event.first.day == 1 and after.day == 1:
        if (event.first.month, after.month) == (1, 1) and after.year - event.first.year == 1:
            return f"{event.first:%Y}"
        if (after.year * 12 + after.month) - (event.first.year * 12 + event.first.month) == 1:
            return f"{event.first:%Y-%m}"
    return f"{event.first} to {event.last}"


def _number(statements: Sequence[Statement], numbers: Sequence[int]) -> Iterator[StatementView]:
    at = 0
    for statement in statements:
        end = at + len(statement.citations)
        yield StatementView(statement, tuple(dict.fromkeys(numbers[at:end])))
        at = end


def _date(view: StatementView) -> StatementView:
    statement = view.statement
    after = f" ({_SHORT_HEADINGS[statement.agreement]})" if statement.agreement else ""
    return StatementView(statement, view.numbers, f"{describe_event(statement.event)}: ", after)


def _mark_versions(views: Iterable[StatementView]) -> Iterator[StatementView]:
    """Join a statement to the one before it that it contradicts."""
    previous: int | None = None
    for view in views:
        conflict = view.statement.conflict
        is_other_version = conflict is not None and conflict == previous
        yield StatementView(view.statement, view.numbers, "  or: ") if is_other_version else view
        previous = conflict


def _view_quote(number: int, citation: Citation, translator: str | None) -> QuoteView:
    translation = None
    if translator and citation.translation is not None:
        translation = clean(f"translation by {translator}: {citation.translation}")
    return QuoteView(
        number=number,
        citation=citation,
        words=in_quotation_marks(squeeze(citation.quote)),
        role=ROLE_NAMES[citation.role] if citation.role else None,
        translation=translation,
    )
