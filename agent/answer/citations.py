"""Making citations, and checking them again against the store before they are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress

from agent.answer.answer import Agreement, Answer, Check, Citation, Statement, Verdict
from agent.answer.links import link_to_quote
from vectorstore import Article, Precision, Published, Role, Span, UnknownArticleError, article_id

LoadArticle = Callable[[str], Article]
_OPENING_MARKS = tuple("“„‚‘«‹»\"'「『《〈")


def cite(article: Article, span: Span, role: Role | None = None) -> Citation:
    """Return the citation of `span` in `article`; its quote is cut from the article's text."""
    return Citation(
        article=article.id,
        start=span.start,
        end=span.end,
        quote=article.slice(span),
        title=article.title,
        outlet=article.outlet,
        published=format_published(article.published),
        url=article.url,
        link=link_to_quote(article, span),
        origin=article.origin,
        language=article.language,
        role=role,
    )


def format_published(published: Published | None) -> str | None:
    """Return ISO 8601 at the precision that is known."""
    if published is None:
        return None
    shape = "%Y-%m-%d" if published.precision is Precision.DAY else "%Y-%m-%dT%H:%MZ"
    return published.at.strftime(shape)


def in_quotation_marks(quote: str) -> str:
    """Return the quote between marks, unless it opens with one of its own."""
    return quote if quote.startswith(_OPENING_MARKS) else f"“{quote}”"


def check_pointer(citation: Citation, article: Article) -> Check:
    """Check that the stored text is still the one cited, and has the quote at its place to the letter."""
    if article_id(article.text) != citation.article:
        return Check(name="pointer", passed=False, detail="the stored text is not the text that was cited")
    if article.slice(citation.span) != citation.quote:
        return Check(name="pointer", passed=False, detail="the quote is not at its place")
    return Check(name="pointer", passed=True)


def recheck(answer: Answer, load: LoadArticle) -> Answer:
    """Return the answer with every citation re-sliced from the store; what fails is withheld and counted.

    `load` must read the article again; one that has been removed by now supports nothing. An answer that
    loses a statement is `partial`, one that loses all of them `not_found`.
    """
    # Each article is read once, however often it is cited.
    articles: dict[str, Article] = {}
    for name in {citation.article for citation in answer.citations()}:
        with suppress(UnknownArticleError):
            articles[name] = load(name)

    def check(citation: Citation) -> Check:
        if citation.article not in articles:
            return Check(name="pointer", passed=False, detail="the article has been removed")
        return check_pointer(citation, articles[citation.article])

    supported: list[Statement] = []
    for statement in answer.statements:
        checks = tuple(map(check, statement.citations))
        if all(outcome.passed for outcome in checks):
            supported.append(statement.model_copy(update={"checks": statement.checks + checks}))
    withheld = len(answer.statements) - len(supported)
    verdict = answer.verdict
    if withheld:
        verdict = Verdict.PARTIAL if supported else Verdict.NOT_FOUND
    return answer.model_copy(
        update={
            "statements": drop_lone_versions(supported),
            "nearest": tuple(near for near in answer.nearest if check(near).passed),
            "withheld": answer.withheld + withheld,
            "verdict": verdict,
        }
    )


def drop_lone_versions(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Return the statements, one whose other version was withheld as what a single source says."""
    versions = Counter(statement.conflict for statement in statements)
    alone = {"agreement": Agreement.SINGLE_SOURCE, "conflict": None}
    checked = []
    for statement in statements:
        is_lone = statement.conflict is not None and versions[statement.conflict] == 1
        checked.append(statement.model_copy(update=alone) if is_lone else statement)
    return tuple(checked)
