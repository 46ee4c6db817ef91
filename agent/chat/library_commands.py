"""Commands on library and session: `/add`, `/articles`, `/filter`, `/summarize`, `/save`, `/verify`."""

from __future__ import annotations

import re
import shlex
from contextlib import suppress
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from rich.text import Text

from agent.answer.receipts import find_receipt
from agent.answer.verification import Verification, VerifiedCitation, verify
from agent.chat.chat_session import ChatSession
from agent.render.articles import describe_header
from agent.render.receipts import render_verification
from agent.render.transcript import Transcript, save
from agent.sessions.sessions import describe_filters
from agent.sessions.typed_filters import KEYS, change_filters
from vectorstore import ArticleHeader, Filters, Given, Library, PullquoteError, UnknownArticleError, plural

CLEAR = "none"
_EXAMPLE = '/filter from=2024-12-01 until=2024-12-31 outlet="De Krant" language=nl'
_ARTICLE = re.compile(r"[0-9a-f]{4,16}")
_MOST_LISTED = 50
_OVERWRITE = "--overwrite"


def add_articles(chat: ChatSession, words: str) -> None:
    """Add files and folders, by a handle of their own: the chat's continues to read, and follows."""
    from agent.terminal.progress import AddDisplay, describe_counts

    paths = [Path(part).expanduser() for part in _split(words)]
    if not paths:
        raise PullquoteError("Name files or folders: /add PATH (.txt .md .html .jsonl)")
    settings, reading = chat.settings.for_library(), chat.find_library()
    with (
        Library.open(settings, writable=True, beside=reading, notice=chat.screen.say) as writing,
        AddDisplay(chat.screen.err) as display,
    ):
        try:
            report = writing.add(
                paths, Given(), on_added=display.show_added, on_progress=display.show_progress
            )
        except KeyboardInterrupt:
            display.close()
            chat.screen.say("What is listed above is in the library; the same /add continues from there.")
            raise
        finally:
            # The library has just been made: from now on there is one to read.
            if reading is None:
                chat.use_library(Library.open(settings, beside=writing, notice=chat.screen.say))
    chat.screen.say(describe_counts(report) or "Nothing to add.")
    if report.failures:
        failures = "\n".join(f"  {failure}" for failure in report.failures)
        raise PullquoteError(f"{len(report.failures)} could not be read:\n{failures}")


def list_articles(chat: ChatSession, words: str) -> None:
    """List the articles that pass the filters, newest first; those with `words` in title, outlet or id."""
    wanted = words.casefold().split()
    headers = [header for header in chat.library.articles.headers(chat.filters) if _has(header, wanted)]
    text = "".join(f"{describe_header(header)}\n" for header in headers[:_MOST_LISTED])
    chat.screen.show(Text(text))
    only = f" Only {describe_filters(chat.filters)}." if not chat.filters.is_empty else ""
    rest = len(headers) - _MOST_LISTED
    count = f"{rest:,} more; /articles WORDS lists those with these words" if rest > 0 else ""
    chat.screen.say(f"{count or plural(len(headers), 'article')}.{only}")


def filter_articles(chat: ChatSession, words: str) -> None:
    """Set, take off or show the filters, which stay as they were where a word is none."""
    library = chat.library
    if words.strip():
        chat.filters = parse_filters(library, words, chat.filters)
    if chat.filters.is_empty:
        chat.screen.say(f"No filters: all articles are asked. An example: {_EXAMPLE}")
        return
    passing = len(library.articles.headers(chat.filters))
    line = f"Only {describe_filters(chat.filters)}: {plural(passing, 'article')}."
    hint = "" if passing else " /articles lists what there is."
    chat.screen.say(f"{line}{hint} /filter {CLEAR} asks all again.", "")


def parse_filters(library: Library, words: str, before: Filters) -> Filters:
    """Return `before` with what `words` say; a key without a value is taken off, and `none` takes off all."""
    try:
        parts = shlex.split(words)
    except ValueError as error:
        raise PullquoteError(f"A quotation mark is not closed. Write: {_EXAMPLE}") from error
    if [part.casefold() for part in parts] in (["none"], ["clear"], ["off"]):
        return Filters()
    given: dict[str, list[str]] = {}
    for part in parts:
        key, separator, value = part.partition("=")
        key = key.casefold()
        if not separator or key not in KEYS:
            near = get_close_matches(key, KEYS, n=1)
            hint = f"Did you mean {near[0]}=…? " if near else ""
            there = f"There are {', '.join(f'{each}=' for each in KEYS)} and {CLEAR}."
            raise PullquoteError(f"“{part}” is no filter. {hint}{there}")
        given.setdefault(key, []).extend([value] if value else [])
    return change_filters(library, before, given)


def summarize(chat: ChatSession, words: str) -> None:
    """Summarize an article by its id, the article of a citation, a topic, or the last question's topic."""
    what = " ".join(words.split())
    if not what:
        if not chat.entries:
            raise PullquoteError("Name an article or a topic: /summarize a1f5, or: /summarize the election")
        chat.summarize_topic(chat.entries[-1].answer.question)
    elif what.startswith("[") and what.endswith("]"):
        chat.summarize(chat.find(what)[1].article)
    elif _ARTICLE.fullmatch(what) and _is_article(chat.library, what):
        chat.summarize(what)
    else:
        chat.summarize_topic(what)


def save_session(chat: ChatSession, words: str) -> None:
    """Write the session to a file; one that this chat session wrote is written again."""
    parts = _split(words)
    overwrite = _OVERWRITE in parts
    named = [part for part in parts if part != _OVERWRITE]
    if len(named) != 1:
        raise PullquoteError("Name one file: /save FILE.md, .json or .html")
    if not chat.entries:
        raise PullquoteError("Nothing has been asked in this session yet, so there is nothing to save.")
    path = Path(named[0]).expanduser().absolute()
    transcript = Transcript(chat.session, tuple(chat.entries), chat.numbering, datetime.now(UTC))
    save(path, transcript, overwrite=overwrite or path in chat.saved)
    chat.saved.add(path)
    chat.screen.say(f"Saved {plural(len(chat.entries), 'answer')} to {path}", "")


def verify_session(chat: ChatSession, words: str) -> None:
    """Verify everything the session cites against the library as it is now."""
    library = chat.library
    verified: dict[int, VerifiedCitation] = {}
    generations = []
    answers = [entry.answer for entry in chat.entries]
    for answer in answers:
        if answer.receipt is None:
            continue
        found = verify(library, find_receipt(library, answer.receipt))
        numbers = chat.numbering.numbers_of(answer)
        generations.append(found.generation)
        for number, cited in zip(numbers, found.citations, strict=True):
            verified[number] = cited.model_copy(update={"number": number})
    if not verified:
        raise PullquoteError("Nothing has been cited in this session yet.")
    whole = Verification(
        receipt=chat.session,
        question="",
        generation=min(generations),
        generation_now=library.generation,
        citations=tuple(verified[number] for number in sorted(verified)),
    )
    chat.screen.show(render_verification(whole))
    left = [answer.receipt for answer in answers].count(None)
    if left:
        chat.screen.say(f"{plural(left, 'answer')} left no receipt and cannot be verified.")


def _split(words: str) -> list[str]:
    try:
        return shlex.split(words)
    except ValueError:
        return [words.strip()]


def _has(header: ArticleHeader, wanted: list[str]) -> bool:
    known = f"{header.id} {header.title or ''} {header.outlet or ''} {header.language}".casefold()
    return all(word in known for word in wanted)


def _is_article(library: Library, reference: str) -> bool:
    with suppress(UnknownArticleError):
        return bool(library.articles.resolve(reference))
    return False
