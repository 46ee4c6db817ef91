"""How an answer looks to a person; CLI, REPL and others share it.

Everything here returns `rich.text.Text` built from plain strings, never from markup, so that nothing
in an article or a title can style, link or hide anything.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.text import Text

from agent.answer.answer import Answer, Citation, Mode, Statement, Verdict
from agent.answer.citations import format_published
from agent.answer.groups import group_statements, has_groups
from agent.answer.numbering import Numbering
from agent.answer.styles import Style
from agent.extractive.quotes import in_quotation_marks
from agent.sessions.followups import READ_AS
from agent.terminal.safe_text import clean, clean_lines
from vectorstore import Article, ArticleHeader, Provenance, Role, Span, plural

ROLE_NAMES = {
    Role.TITLE: "headline",
    Role.REPEATED_TITLE: "headline",
    Role.CAPTION: "caption",
    Role.RELATED: "related coverage",
}
_MARK = "bold reverse"


def render_answer(
    answer: Answer,
    *,
    is_last: bool = True,
    style: Style = Style.BULLETS,
    numbering: Numbering | None = None,
) -> Text:
    """The whole answer: verdict, quotes by article with their numbers, notes, the next command.

    `is_last` is whether that command, `pullquote show`, is about this answer; `style` sets a model's words.
    Without the `numbering` of a session its citations count from 1.
    """
    if answer.model is not None and answer.statements:
        words = render_statements(
            answer.statements, numbering=numbering, is_paragraph=style is Style.PARAGRAPH
        )
        return words.append_text(render_rest(answer, is_last=is_last, numbering=numbering))
    text = Text()
    _line(text, describe_verdict(answer), "bold")
    if has_groups(answer):
        text.append("\n")
        text.append_text(render_statements(answer.statements, numbering=numbering))
    text.append_text(render_rest(answer, is_last=is_last, numbering=numbering))
    return text


def render_statements(
    statements: Sequence[Statement],
    first: int = 1,
    *,
    numbering: Numbering | None = None,
    is_paragraph: bool = False,
) -> Text:
    """One line a statement, with the numbers of its citations; under headings where sources agree or not.

    The first of them is `first`, or they are those of the `numbering`, each said once a statement.
    `is_paragraph` sets the statements of a heading on one line.
    """
    text = Text()
    for group in group_statements(statements):
        if group.heading is not None:
            if text:
                text.append("\n")
            _line(text, group.heading, "bold")
        lines = []
        for line in group.lines:
            before = line.before.lstrip() if is_paragraph else line.before
            words = Text().append(before, "dim").append(clean(line.statement.text))
            numbers = range(first, first + len(line.statement.citations))
            own = dict.fromkeys(map(numbering.number, line.statement.citations)) if numbering else numbers
            for number in own:
                words.append(f" [{number}]", "cyan")
            lines.append(words.append(line.after, "dim"))
            first += len(line.statement.citations)
        text.append_text(Text(" " if is_paragraph else "\n").join(lines)).append("\n")
    return text


def number_citations(answer: Answer, numbering: Numbering | None = None) -> list[tuple[int, Citation]]:
    """The citations of an answer under their numbers, each number once."""
    if numbering is None:
        return list(enumerate(answer.citations(), start=1))
    return list({numbering.number(citation): citation for citation in answer.citations()}.items())


def render_rest(answer: Answer, *, is_last: bool = True, numbering: Numbering | None = None) -> Text:
    """What comes after an answer's words: quotes by article with their numbers, notes, the next command."""
    text = Text()
    previous: str | None = None
    for number, citation in number_citations(answer, numbering):
        if citation.article != previous:
            text.append("\n")
            text.append_text(render_source(citation))
            previous = citation.article
        text.append_text(_numbered(number, citation, is_proof=answer.verdict is not Verdict.NOT_FOUND))
        if citation.translation is not None:
            text.append_text(render_translation(citation.translation, answer.model))
    notes = [*list_gaps(answer), *answer.notes]
    if notes or answer.citations():
        text.append("\n")
    for note in notes:
        _line(text, clean(note), "dim" if note.startswith(READ_AS) else "")
    if answer.model is not None:
        _line(text, _describe_usage(answer), "dim")
    if answer.citations() and is_last:
        _line(text, "pullquote show 1  shows a quote in its place in the article.", "dim")
    return text


def render_source(citation: Citation) -> Text:
    """Two lines: the title, then outlet, date, language and where the article is."""
    text = Text()
    _line(text, clean(citation.title or "(no title)"), "bold")
    where = citation.link or citation.url or citation.origin or citation.article
    facts = (citation.outlet, citation.published or "no date", citation.language, citation.article, where)
    _line(text, " · ".join(clean(fact) for fact in facts if fact), "dim")
    return text


def render_translation(translation: str, model: str | None) -> Text:
    """One dim line that says whose the words are; they are no quote and stand in no quotation marks."""
    text = Text()
    _line(text, f"      translation by {clean(model or 'a model')}: {clean(translation)}", "dim")
    return text


def render_quote(article: Article, around: Span, quote: Span) -> Text:
    """The passage `around` with the `quote` marked; `>>` and `<<` mark it where there is no colour."""
    text = Text()
    text.append_text(render_heading(article))
    text.append("\n")
    text.append(clean_lines(article.text[around.start : quote.start]))
    text.append(">>", "dim")
    text.append(clean_lines(article.text[quote.start : quote.end]), _MARK)
    text.append("<<", "dim")
    text.append(clean_lines(article.text[quote.end : around.end]).rstrip())
    _line(text, f"\n\n[{quote.start}, {quote.end}) of {len(article.text)} in article {article.id}", "dim")
    return text


def render_article(article: Article) -> Text:
    """The whole article; stretches that are not its running text are dim."""
    text = render_heading(article)
    text.append("\n")
    end = 0
    for mark in article.marks:
        text.append(clean_lines(article.text[end : mark.span.start]))
        text.append(clean_lines(article.text[mark.span.start : mark.span.end]), "dim")
        end = mark.span.end
    text.append(clean_lines(article.text[end:]))
    text.append("\n")
    return text


def render_heading(article: Article) -> Text:
    """Title, and what is known of the article, with where the date comes from when it was not given."""
    text = Text()
    _line(text, clean(article.title or "(no title)"), "bold")
    facts = [
        article.outlet,
        ", ".join(article.authors) or None,
        _describe_date(article),
        article.language,
        article.id,
        article.url or article.origin,
    ]
    _line(text, " · ".join(clean(fact) for fact in facts if fact), "dim")
    return text


def describe_header(header: ArticleHeader) -> str:
    """One line on an article in the library."""
    facts = (header.outlet, str(header.published) if header.published else "no date", header.language)
    known = " · ".join(clean(fact) for fact in facts if fact)
    first = f"{header.id}  {known} · {plural(header.passages, 'passage')}"
    return f"{first}\n  {clean(header.title or '(no title)')}"


def headers_as_json(headers: Sequence[ArticleHeader]) -> str:
    """The articles of a library as a JSON list."""
    rows = [
        {
            "id": header.id,
            "title": header.title,
            "outlet": header.outlet,
            "authors": list(header.authors),
            "published": format_published(header.published),
            "language": header.language,
            "passages": header.passages,
            "url": header.url,
            "origin": header.origin,
        }
        for header in headers
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False)


def describe_verdict(answer: Answer) -> str:
    """What an answer in the articles' own words is, in a sentence."""
    articles = len({citation.article for statement in answer.statements for citation in statement.citations})
    if answer.verdict is Verdict.NOT_FOUND:
        if answer.nearest:
            return "The articles do not say this. Nearest passages, which do not answer it:"
        return "The articles do not say this." if answer.mode is not Mode.SUMMARY else "Nothing to summarize."
    count = len(answer.statements)
    what = plural(count, "sentence" if answer.mode is Mode.SUMMARY else "quote")
    stand = "it stands" if count == 1 else "they stand"
    return f"{what} from {plural(articles, 'article')}, word for word as {stand} there."


def list_gaps(answer: Answer) -> list[str]:
    """What the answer does not say, and why."""
    gaps = []
    if answer.missing:
        gaps.append(f"Not answered: {'; '.join(f'“{clean(part)}”' for part in answer.missing)}.")
    elif answer.verdict is Verdict.PARTIAL:
        gaps.append("This may be only part of the answer.")
    if answer.withheld and answer.model is not None:
        gaps.append(
            f"{plural(answer.withheld, 'statement')} of the model's withheld: not borne out by what is cited."
        )
    elif answer.withheld:
        gaps.append(
            f"{answer.withheld} withheld: the stored text no longer has the quote. Try: pullquote doctor"
        )
    return gaps


def _describe_usage(answer: Answer) -> str:
    usage = answer.usage
    about = "about " if usage.tokens_are_estimated else ""
    tokens = f"{about}{usage.prompt_tokens + usage.completion_tokens:,} tokens"
    facts = [clean(answer.model or ""), plural(usage.model_calls, "request"), tokens]
    if usage.cost is not None:
        facts.append(f"${usage.cost:.4f}")
    return "Written by " + " · ".join(facts)


def _numbered(number: int, citation: Citation, *, is_proof: bool) -> Text:
    text = Text()
    text.append(f"  [{number}] ", "cyan" if is_proof else "dim")
    if citation.role is not None:
        text.append(f"({ROLE_NAMES[citation.role]}) ", "dim")
    text.append(in_quotation_marks(clean(" ".join(citation.quote.split()))), "" if is_proof else "dim")
    text.append("\n")
    return text


def _describe_date(article: Article) -> str:
    if article.published is None:
        return "no date"
    if article.published.provenance is Provenance.TEXT:
        return f"{article.published} (date read from the text)"
    return str(article.published)


def _line(text: Text, line: str, style: str = "") -> None:
    text.append(line, style)
    text.append("\n")
