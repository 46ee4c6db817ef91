"""The three tools a model has: `search`, `read_article`, `list_articles`. All of them only read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import wraps
from threading import Lock
from typing import Annotated, Any

from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, Field

from agent.answer.answer import Step
from agent.generative.evidence import Block, describe, pack, render
from agent.generative.run import Run
from agent.generative.sanitize import sanitize
from agent.generative.sentence_ids import IdentifiedSentence, group_by_article
from agent.telemetry import search, span
from prompts import Source, fence_sources
from vectorstore import Evidence, Filters, SearchResult, UnknownArticleError, plural

OnTrace = Callable[[Step], None]

_READ_AT_ONCE = 30
"""Sentences `read_article` gives, tokens permitting."""
_LISTED = 20
"""Articles `list_articles` gives."""
_LONGEST_QUERY = 500


class ToolFilters(BaseModel):
    """Conditions, besides those of the user."""

    model_config = ConfigDict(extra="forbid")

    since: date | None = Field(default=None, description="First day.")
    until: date | None = Field(default=None, description="Last day.")
    outlet: str | None = Field(default=None, description="As shown with the articles.")
    language: str | None = Field(default=None, description="Such as nl.")
    article: str | None = Field(default=None, description="Such as a3.")


class SearchArguments(BaseModel):
    """Find sentences that answer a query."""

    query: Annotated[str, Field(description="In any language.")]
    filters: ToolFilters | None = None


class ReadArguments(BaseModel):
    """Read on in an article."""

    id: Annotated[str, Field(description="Such as a3.")]
    from_sentence: int = Field(default=1, description="2 for a3.2.")


class ListArguments(BaseModel):
    """See which articles there are, newest first."""

    filters: ToolFilters | None = None


class SearchTools:
    """Searches and reads for one question, inside the user's filters, and records it."""

    def __init__(self, run: Run, filters: Filters, on_trace: OnTrace) -> None:
        self._run = run
        self._filters = filters
        self._settings = run.settings
        self._ids = run.ids
        self._load = run.load
        self._on_trace = on_trace
        self._lock = Lock()
        self._asked = 0
        self._given: set[str] = set()
        self.trace: list[Step] = []
        self.results: list[SearchResult] = []
        """What the searches found, the first for the question itself."""

    def search_first(self, question: str) -> Block:
        """Make the search that comes before the first request to the model."""
        return self._search(question, self._filters, is_inferred=False)

    def tools(self) -> list[BaseTool]:
        """Return the tools, for LangChain: content is what the model reads, the artifact a `Block`."""
        return [
            self._make_tool("search", SearchArguments, self.search),
            self._make_tool("read_article", ReadArguments, self.read_article),
            self._make_tool("list_articles", ListArguments, self.list_articles),
        ]

    def search(self, query: str, filters: ToolFilters | None = None) -> tuple[str, Block]:
        """Return further sentences for `query`; those the model has seen already are not repeated."""
        combined = self._combine(filters)
        if combined is None:
            return _say("Nothing: this lies outside what the user allowed.")
        is_inferred = combined != self._filters
        return self._render(self._search(query[:_LONGEST_QUERY], combined, is_inferred=is_inferred))

    def read_article(self, id: str, from_sentence: int = 1) -> tuple[str, Block]:
        """Return the sentences of an article in order, from one of them on."""
        article_id = self._ids.find_article(id)
        if article_id is None:
            return _say("There is no such article. Names of articles look like a3.")
        try:
            sentences = self._ids.of_article(article_id)[max(from_sentence, 1) - 1 :][:_READ_AT_ONCE]
            fitting = self._fit(sentences)
        except UnknownArticleError:
            return _say("This article is no longer there.")
        query = f"{self._ids.name_of(article_id)} from {max(from_sentence, 1)}"
        self._record(Step(tool="read_article", query=query, articles=(article_id,), found=len(fitting)))
        return self._render(Block(fitting, "" if fitting else "There is nothing from there on."))

    def list_articles(self, filters: ToolFilters | None = None) -> tuple[str, Block]:
        """Return headings of the newest articles."""
        combined = self._combine(filters)
        headers = self._run.library.articles.headers(combined) if combined is not None else []
        listed = []
        for header in headers[:_LISTED]:
            try:
                heading = describe(self._load(header.id), self._ids.name_of(header.id))
            except UnknownArticleError:
                continue
            listed.append(Source(heading, ()))
        in_force = combined or self._filters
        is_inferred = combined != self._filters
        self._record(_step("list_articles", "", in_force, len(headers), (), is_inferred))
        more = f", the newest {_LISTED}:" if len(headers) > _LISTED else ""
        content = fence_sources(listed) if listed else ""
        return f"{plural(len(headers), 'article')}{more}\n{content}".strip(), Block(())

    def _search(self, query: str, filters: Filters, *, is_inferred: bool) -> Block:
        result = search(self._run.library, query, filters)
        self.results.append(result)
        fresh = list(filter(self._is_new, result.evidence))
        room = self._settings.max_labels - len(self._given)
        sentences = pack(
            fresh,
            self._ids,
            self._load,
            self._run.count_tokens,
            most=min(self._settings.evidence, room),
            most_tokens=self._settings.evidence_tokens,
        )
        self._given.update(sentence.id for sentence in sentences)
        articles = tuple(group_by_article(sentences))
        self._record(_step("search", query, filters, len(sentences), articles, is_inferred))
        known = len(result.evidence) - len(fresh)
        note = "" if sentences else "Nothing further was found." if known else "Nothing was found."
        return Block(sentences, note)

    def _is_new(self, evidence: Evidence) -> bool:
        """Whether this is a sentence of an article that is still there, and the model has not seen it."""
        sentence = self._ids.at(evidence.article_id, evidence.span)
        return sentence is not None and sentence.id not in self._given

    def _fit(self, sentences: Iterable[IdentifiedSentence]) -> tuple[IdentifiedSentence, ...]:
        fitting: list[IdentifiedSentence] = []
        room = self._settings.evidence_tokens
        for sentence in sentences:
            is_new = sentence.id not in self._given
            if is_new and len(self._given) >= self._settings.max_labels:
                break
            words = self._load(sentence.article_id).slice(sentence.span)
            room -= self._run.count_tokens(f"{sentence.id} {words}\n")
            if fitting and room < 0:
                break
            fitting.append(sentence)
            self._given.add(sentence.id)
        return tuple(fitting)

    def _refuse(self) -> tuple[str, Block] | None:
        if self._asked >= self._settings.max_searches or len(self._given) >= self._settings.max_labels:
            return _say("No more searching is possible. Answer from what you have.")
        self._asked += 1
        return None

    def _combine(self, asked: ToolFilters | None) -> Filters | None:
        if asked is None:
            return self._filters
        article = None
        if asked.article:
            article = self._ids.find_article(asked.article)
            if article is None:
                return None
        return combine_filters(self._filters, asked, article)

    def _render(self, block: Block) -> tuple[str, Block]:
        return render(block, self._ids, self._load), block

    def _record(self, step: Step) -> None:
        self.trace.append(step)
        self._on_trace(step)

    def _make_tool(
        self, name: str, arguments: type[BaseModel], call: Callable[..., tuple[str, Block]]
    ) -> BaseTool:
        @wraps(call)
        def traced(**given: Any) -> tuple[str, Block]:
            attributes = {
                "gen_ai.operation.name": "execute_tool",
                "gen_ai.tool.name": name,
                "gen_ai.tool.type": "function",
            }
            # One call at a time: sentence ids must not depend on which thread came first.
            with span(f"execute_tool {name}", attributes) as here, self._lock:
                content, block = self._refuse() or call(**given)
                shown = {"gen_ai.tool.call.arguments": repr(given), "gen_ai.tool.call.result": content}
                here.set_content(shown)
                return content, block

        return StructuredTool.from_function(
            func=traced,
            name=name,
            description=arguments.__doc__ or name,
            args_schema=arguments,
            response_format="content_and_artifact",
            handle_validation_error="The arguments are wrong. Dates are written YYYY-MM-DD.",
        )


def combine_filters(user: Filters, asked: ToolFilters, article: str | None) -> Filters | None:
    """Return the user's filters and what the model asks besides, its `article` by id; None when at odds."""
    # What comes out never fits an article that `user` does not.
    since, until = user.since, user.until
    if asked.since is not None:
        since = max(filter(None, (since, _midnight(asked.since))))
    if asked.until is not None and asked.until < date.max:
        until = min(filter(None, (until, _midnight(asked.until + timedelta(days=1)))))
    if since is not None and until is not None and since >= until:
        return None
    outlets, languages, articles = user.outlets, user.languages, user.articles
    if asked.outlet:
        if outlets and asked.outlet.casefold() not in map(str.casefold, outlets):
            return None
        outlets = (asked.outlet,)
    if asked.language:
        varieties = tuple(tag for tag in languages if _is_variety(tag, asked.language))
        if not languages or any(_is_variety(asked.language, tag) for tag in languages):
            varieties = (asked.language,)
        if not varieties:
            return None
        languages = varieties
    if article is not None:
        if articles and article not in articles:
            return None
        articles = (article,)
    return replace(user, since=since, until=until, outlets=outlets, languages=languages, articles=articles)


def _is_variety(tag: str, of: str) -> bool:
    """Whether everything that fits `tag` fits `of`."""
    return tag.lower() == of.lower() or tag.lower().startswith(f"{of.lower()}-")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _step(
    tool: str, query: str, filters: Filters, found: int, articles: tuple[str, ...], is_inferred: bool
) -> Step:
    return Step(
        tool=tool,
        query=sanitize(query)[:200],
        since=filters.since.date().isoformat() if filters.since else None,
        until=(filters.until - timedelta(days=1)).date().isoformat() if filters.until else None,
        outlets=filters.outlets,
        languages=filters.languages,
        within=filters.articles,
        is_inferred=is_inferred,
        found=found,
        articles=articles,
    )


def _say(words: str) -> tuple[str, Block]:
    return words, Block(())
