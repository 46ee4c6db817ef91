"""An answer as text for a terminal or a pipe.

Everything here returns `rich.text.Text` built from plain strings, never from markup, so that nothing
in an article or a title can style, link or hide anything.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from agent.answer.answer import Answer
from agent.answer.styles import Style
from agent.answer.view import AnswerView, GroupView, SourceView, StatementView
from agent.sessions.followups import READ_AS
from agent.terminal.safe_text import clean
from vectorstore import plural


def render_answer(view: AnswerView, *, is_last: bool = True, style: Style = Style.BULLETS) -> Text:
    """Return the whole answer: verdict, statements, quotes by article with their numbers, notes."""
    text = Text()
    if view.lead is not None:
        append_line(text, view.lead, "bold")
        if view.shown_groups:
            text.append("\n")
    is_paragraph = style is Style.PARAGRAPH and view.lead is None
    text.append_text(render_statements(view.shown_groups, is_paragraph=is_paragraph))
    return text.append_text(render_rest(view, is_last=is_last))


def render_statements(groups: Iterable[GroupView], *, is_paragraph: bool = False) -> Text:
    """Return a line a statement, under the headings of the groups; `is_paragraph` joins those of a group."""
    text = Text()
    for group in groups:
        if group.heading is not None:
            if text:
                text.append("\n")
            append_line(text, group.heading, "bold")
        lines = [_render_statement(statement, is_paragraph=is_paragraph) for statement in group.statements]
        text.append_text(Text(" " if is_paragraph else "\n").join(lines)).append("\n")
    return text


def render_rest(view: AnswerView, *, is_last: bool = True) -> Text:
    """Return what comes after the statements: quotes by article with their numbers, and notes."""
    text = Text()
    answer = view.answer
    for source in view.sources:
        text.append("\n")
        text.append_text(render_source(source, is_proof=view.is_found))
    if view.notes or view.sources:
        text.append("\n")
    for note in view.notes:
        append_line(text, note, "dim" if note.startswith(READ_AS) else "")
    if answer.model is not None:
        append_line(text, _describe_usage(answer), "dim")
    if view.sources and is_last:
        append_line(text, "pullquote show 1  shows a quote in its place in the article.", "dim")
    return text


def render_source(source: SourceView, *, is_proof: bool = True) -> Text:
    """Return title, then outlet, date, language and where the article is, then its quotes."""
    text = Text()
    append_line(text, source.title, "bold")
    append_line(text, " · ".join((*source.facts, source.address)), "dim")
    for quote in source.quotes:
        text.append(f"  [{quote.number}] ", "cyan" if is_proof else "dim")
        if quote.role is not None:
            text.append(f"({quote.role}) ", "dim")
        append_line(text, quote.words, "" if is_proof else "dim")
        if quote.translation is not None:
            # Not between quotation marks: it is the model's wording, no quote.
            append_line(text, f"      {quote.translation}", "dim")
    return text


def append_line(text: Text, line: str, style: str = "") -> None:
    """Add a line and its end to `text`."""
    text.append(line, style)
    text.append("\n")


def _render_statement(view: StatementView, *, is_paragraph: bool) -> Text:
    line = Text().append(view.before.lstrip() if is_paragraph else view.before, "dim").append(view.text)
    for number in view.numbers:
        line.append(f" [{number}]", "cyan")
    return line.append(view.after, "dim")


def _describe_usage(answer: Answer) -> str:
    usage = answer.usage
    about = "about " if usage.tokens_are_estimated else ""
    tokens = f"{about}{usage.prompt_tokens + usage.completion_tokens:,} tokens"
    facts = [clean(answer.model or ""), plural(usage.model_calls, "request"), tokens]
    if usage.cost is not None:
        facts.append(f"${usage.cost:.4f}")
    return "Written by " + " · ".join(facts)
