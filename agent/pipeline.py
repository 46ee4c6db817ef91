"""The one road of an answer: a `Request` goes in, an `Answer` comes out, checked and stored.

Prepare what is asked, answer it by a model or in quotes, re-check and time it, store its receipt and its
turn of a session. The command line, the chat, Slack and the evaluation all take it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Self

from agent.answer.answer import Answer, Mode, Verdict
from agent.answer.articles import find_named, find_newest
from agent.answer.citations import recheck
from agent.answer.receipts import ReceiptDetails, UsedPrompt, store_answer
from agent.answer.request import AnswerStopped, Request
from agent.answer.styles import STATEMENTS, Length, Style
from agent.extractive.missing_names import note_missing_names
from agent.extractive.quotes import answer_with_quotes
from agent.generative import NotWrittenError, Writer, WritingStopped
from agent.llm import ModelError
from agent.question.reading import QuestionReading, merge, read_question
from agent.sessions.sessions import (
    Session,
    SessionQuestion,
    describe_filters,
    follow_up,
    open_session,
    recall_history,
    record_turn,
)
from agent.settings.loading import Settings
from agent.settings.sections import AnswerSettings, ReceiptSettings, SessionSettings
from agent.telemetry import describe_answer, search, span
from prompts import load
from vectorstore import (
    ANSWERABLE_AT,
    UNDETERMINED,
    Article,
    Filters,
    Library,
    PullquoteError,
    SearchResult,
    deferred_interrupts,
    plural,
)

if TYPE_CHECKING:
    from agent.answer.numbering import Numbering
    from agent.generative.rewriting import Rewriting


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A request, ready to be answered."""

    request: Request
    query: str = ""
    """What is searched for: the question, self-contained, or the query; empty where nothing is."""
    filters: Filters = field(default_factory=Filters)
    """Those in force, with what was inherited; of named articles their ids."""
    articles: Sequence[Article] = ()
    """What is summarized, where that is not searched for."""
    title: str | None = None
    """What the answer is called, in place of the question; None where that is plain."""
    notes: tuple[str, ...] = ()
    asked: SessionQuestion | None = None
    """The turn it becomes, of a question within a session."""
    rewriting: Rewriting | None = None
    reading: QuestionReading = field(default_factory=QuestionReading)
    """What the query itself asks of the articles."""
    found: SearchResult | None = None
    """What was found within the filters, where that had to be known before."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A library, and all that it takes to answer from it."""

    library: Library
    settings: AnswerSettings = field(default_factory=AnswerSettings)
    receipts: ReceiptSettings = field(default_factory=ReceiptSettings)
    sessions: SessionSettings = field(default_factory=SessionSettings)
    writer: Writer | None = None
    """Writes by a model; without one, and where it fails, answers are quotes."""
    numbering: Numbering | None = None
    """Numbers the citations of one answer after another; the receipts have these numbers."""
    today: date | None = None
    """The day of asking, from which "last week" counts; None: this machine's."""

    @classmethod
    def with_settings(
        cls,
        library: Library,
        settings: Settings,
        writer: Writer | None = None,
        numbering: Numbering | None = None,
    ) -> Self:
        """Take the library's collaborators from the settings in force."""
        return cls(library, settings.answer, settings.receipts, settings.sessions, writer, numbering)

    def answer(self, request: Request) -> Answer:
        """Return what the library's articles say, every citation re-read from the store, and store that.

        The answer has no receipt, and a session no turn, where the library cannot be written.

        Raises:
            PullquoteError: the question or the query is empty, the name cannot be a session's, or no
                article is named or more than `MOST_ARTICLES`.
            UnknownArticleError: no article has one of the ids.
            AnswerStopped: Ctrl-C, after some of an answer in a session had been shown. That is stored.
            KeyboardInterrupt: Ctrl-C before that; nothing is stored.
        """
        with span(f"pullquote.{request.kind}") as here:
            answer = self._answer(request)
            describe_answer(answer, here)
            return answer

    def _answer(self, request: Request) -> Answer:
        started = time.perf_counter()
        prepared = self._read_query(self._prepare(request))
        is_turn, is_stopped = prepared.asked is not None, False
        try:
            answer = self._compose(prepared)
        except WritingStopped as stop:
            if not is_turn:
                raise
            is_stopped, answer = True, stop.answer
        stored: Answer | None = None
        try:
            # What has been shown is stored. A receipt without its turn, or the other way round, would be of
            # a session that never was.
            with deferred_interrupts() if is_turn else nullcontext():
                stored = self._store(prepared, self._finish(prepared, answer, started))
        except KeyboardInterrupt:
            if stored is None:
                raise
            is_stopped = True
        if is_stopped:
            raise AnswerStopped(stored)
        return stored

    def _prepare(self, request: Request) -> _Prepared:
        if request.question is not None and request.session is not None:
            return self._prepare_turn(request, open_session(self.library, request.session))
        searched = request.query if request.question is None else request.question
        if searched is not None:
            return _Prepared(request, clean_question(searched), request.filters)
        if request.articles is not None:
            articles, notes = find_named(self.library, request.articles)
            filters = Filters(articles=tuple(article.id for article in articles))
            return _Prepared(request, filters=filters, articles=articles, notes=notes)
        articles, notes = find_newest(self.library, request.filters)
        title = f"summarize {describe_filters(request.filters)}".strip()
        return _Prepared(request, filters=request.filters, articles=articles, title=title, notes=notes)

    def _prepare_turn(self, request: Request, session: Session) -> _Prepared:
        """Make a question of a session self-contained: by the model, else by carrying names over."""
        question = clean_question(request.question or "")
        rewriting = self._rewrite(session, question)
        rewritten = rewriting.question if rewriting else None
        asked = follow_up(
            session, question, request.filters, rewritten, inherits_filters=request.inherits_filters
        )
        return _Prepared(
            request, asked.question, asked.filters, notes=asked.notes, asked=asked, rewriting=rewriting
        )

    def _read_query(self, prepared: _Prepared) -> _Prepared:
        """Add what the query itself asks of the articles to the filters, unless nothing answers within them.

        That is known before anything is written, so that an answer is made once, on one budget.
        """
        if not prepared.query or not self.settings.read_question:
            return prepared
        # No more than is searched for: a pasted page has a thousand words that might be names.
        query = prepared.query[: self.library.count_read(prepared.query)]
        today = self.today or datetime.now(UTC).astimezone().date()
        reading = read_question(query, self.library.articles, today, prepared.filters)
        if not reading.words:
            return prepared
        filters, found = merge(prepared.filters, reading.filters), None
        note = f"Read as: {reading.words}."
        if filters != prepared.filters:
            found = search(self.library, prepared.query, filters)
            if found.answerable < ANSWERABLE_AT:
                filters, found = prepared.filters, None
                note = f"Nothing that is {reading.words} answers this; all articles were searched."
        return replace(
            prepared,
            filters=filters,
            reading=reading,
            found=found,
            notes=(*prepared.notes, note),
        )

    def _rewrite(self, session: Session, question: str) -> Rewriting | None:
        """Return None where there is no model, or nothing that the question could lean on."""
        if self.writer is None or not session.turns:
            return None
        try:
            history = recall_history(
                self.library, session, self.writer.model.count_tokens, self.sessions.history_tokens
            )
        except ModelError:
            return None
        if not history:
            return None
        from agent.generative.rewriting import rewrite_question

        return rewrite_question(self.library, self.writer, question, history)

    def _compose(self, prepared: _Prepared) -> Answer:
        """Answer by the model; in quotes where there is none, and where it fails, with reason and cost."""
        request = prepared.request
        if request.question is None and request.query is None and not prepared.articles:
            return self._find_nothing(prepared)
        if self.writer is None:
            return self._quote(prepared)
        try:
            return self._write(prepared, self.writer)
        except NotWrittenError as error:
            self.writer.on_failure(error)
            quoted = self._quote(prepared)
            note = f"Quotes, because the model did not answer: {error}"
            return quoted.model_copy(
                update={"usage": error.usage + quoted.usage, "notes": (*quoted.notes, note)}
            )

    def _quote(self, prepared: _Prepared) -> Answer:
        request, library, settings = prepared.request, self.library, self.settings
        if request.question is not None:
            load, load_passages = cache(library.articles.get), cache(library.passages.of_article)
            found = self._search(prepared)
            asked = prepared.asked.asked if prepared.asked else None
            quoted = answer_with_quotes(found, load, settings, newest_first=prepared.reading.newest_first)
            read = prepared.reading.named
            return note_missing_names(quoted, library, load, load_passages, asked=asked, read=read)
        from agent.extractive.multi_article_summary import summarize_articles, summarize_found

        by_length = STATEMENTS[request.length] if request.length else settings.summary_sentences
        sentences, is_timeline = request.sentences or by_length, request.style is Style.TIMELINE
        if request.query is None:
            return summarize_articles(library, prepared.articles, sentences, is_timeline=is_timeline)
        found = self._search(prepared)
        # A summary may have more quotes than an answer.
        roomy = settings.model_copy(update={"quotes": sentences})
        return summarize_found(library, found, roomy, is_timeline=is_timeline)

    def _search(self, prepared: _Prepared) -> SearchResult:
        return prepared.found or search(self.library, prepared.query, prepared.filters)

    def _write(self, prepared: _Prepared, writer: Writer) -> Answer:
        # What writes imports langchain, which is not waited for without a model.
        request = prepared.request
        if request.question is not None:
            from agent.generative.answering import write_answer

            budget = prepared.rewriting.budget if prepared.rewriting else None
            nearest = self.settings.nearest
            return write_answer(
                self.library, prepared.query, prepared.filters, writer, nearest=nearest, budget=budget
            )
        from agent.generative.summarizing import Summarizer

        summarizer = Summarizer(self.library, writer, request.length or Length.MEDIUM, request.style)
        if request.query is not None:
            return summarizer.summarize_search(prepared.query, prepared.filters)
        return summarizer.summarize_articles(prepared.articles)

    def _find_nothing(self, prepared: _Prepared) -> Answer:
        """Answer for filters that no article passes."""
        return Answer(
            question=prepared.title or "",
            mode=Mode.SUMMARY,
            verdict=Verdict.NOT_FOUND,
            confidence=0.0,
            language=UNDETERMINED,
            generation=self.library.generation,
        )

    def _finish(self, prepared: _Prepared, answer: Answer, started: float) -> Answer:
        """Hold the answer against the store once more, add the notes, and time it."""
        notes = prepared.notes + self._note_limits(prepared)
        with span("pullquote.recheck", {"pullquote.citations": len(answer.citations())}):
            checked = recheck(answer, self.library.articles.get)
        elapsed = (time.perf_counter() - started) * 1000
        rewriting = prepared.rewriting
        return checked.model_copy(
            update={
                "question": prepared.title or checked.question,
                "usage": checked.usage.model_copy(update={"total_ms": round(elapsed, 1)}),
                "notes": checked.notes + notes,
                "prompts": (rewriting.prompts if rewriting else ()) + checked.prompts,
            }
        )

    def _note_limits(self, prepared: _Prepared) -> tuple[str, ...]:
        notes = []
        may_be_empty = not prepared.articles and not prepared.filters.is_empty
        if may_be_empty and not self.library.articles.has_any(prepared.filters):
            notes.append(
                "No article in the library passes the filters. `pullquote articles` lists what there is."
            )
        if may_be_empty and (prepared.filters.since or prepared.filters.until):
            undated = self.library.articles.count_undated(prepared.filters)
            if undated:
                was = "was" if undated == 1 else "were"
                notes.append(f"{plural(undated, 'article')} without a date {was} left out.")
        query = prepared.query
        read = self.library.count_read(query) if query else 0
        if read < len(query):
            notes.append(
                f"Only the first {read:,} characters of the question were read; it has {len(query):,}."
            )
        return tuple(notes)

    def _store(self, prepared: _Prepared, answer: Answer) -> Answer:
        """Store the receipt and, of a question in a session, the turn."""
        asked, request = prepared.asked, prepared.request
        is_written = self.writer is not None and answer.model is not None
        stored = store_answer(
            self.library,
            answer,
            self.receipts,
            ReceiptDetails(
                kind=request.kind,
                question=asked.asked if asked else None,
                session=asked.session.name if asked else request.session,
                filters=prepared.filters,
                endpoint=self.writer.model.endpoint if self.writer is not None and is_written else None,
                prompts=_hash_prompts(answer.prompts),
                numbers=self.numbering.numbers_of(answer) if self.numbering is not None else (),
            ),
        )
        if asked is None or record_turn(self.library, asked, stored, self.sessions):
            return stored
        lost = (
            f"The session “{asked.session.name}” does not remember this question: the library cannot be "
            "written to."
        )
        return stored.model_copy(update={"notes": (*stored.notes, lost)})


def ask(
    library: Library,
    question: str,
    filters: Filters | None = None,
    settings: Settings | None = None,
    *,
    session: str | None = None,
    writer: Writer | None = None,
) -> Answer:
    """Return what the library's articles say to a question; see `Pipeline.answer`."""
    request = Request(question=question, filters=filters or Filters(), session=session)
    return _make_pipeline(library, settings, writer).answer(request)


def summarize(
    library: Library,
    articles: Sequence[str] | None = None,
    query: str | None = None,
    filters: Filters | None = None,
    settings: Settings | None = None,
    *,
    writer: Writer | None = None,
) -> Answer:
    """Return a summary of articles, of what they say about `query`, or of all that pass the filters."""
    named = None if articles is None else tuple(articles)
    request = Request(articles=named, query=query, filters=filters or Filters())
    return _make_pipeline(library, settings, writer).answer(request)


def _make_pipeline(library: Library, settings: Settings | None, writer: Writer | None) -> Pipeline:
    if settings is None:
        return Pipeline(library, writer=writer)
    return Pipeline.with_settings(library, settings, writer)


def clean_question(question: str) -> str:
    """Return the question on one line; raise PullquoteError for an empty one."""
    cleaned = " ".join(question.split())
    if not cleaned:
        raise PullquoteError('The question is empty. Try: pullquote ask "who warned about …?"')
    return cleaned


def _hash_prompts(names: Sequence[str]) -> tuple[UsedPrompt, ...]:
    """Return an answer's prompts with their whole hashes."""
    hashed = []
    for name in dict.fromkeys(names):
        prompt = load(name.partition("@")[0])
        hashed.append(UsedPrompt(name=name, sha256=hashlib.sha256(prompt.text.encode()).hexdigest()))
    return tuple(hashed)
