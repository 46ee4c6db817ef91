"""Commands on what has been cited: `/sources`, `/quote`, `/open`."""

from __future__ import annotations

import os
import sys
import time
import webbrowser
from itertools import chain
from pathlib import Path

from rich.text import Text

from agent.answer.answer import Citation
from agent.answer.links import is_web_address
from agent.answer.view import view_sources
from agent.chat.chat_session import ChatSession
from agent.render.articles import render_quote
from agent.render.text import render_source
from agent.terminal.safe_text import clean
from vectorstore import Article, PullquoteError

_PAGES = "pages"
_KEPT_SECONDS = 24 * 3600
"""How long a page stays: it holds an article that may be removed from the library meanwhile."""


def list_sources(chat: ChatSession, words: str) -> None:
    """List everything cited in the session, by article, in the order of the numbers."""
    numbered = chat.numbering.numbered
    if not numbered:
        chat.screen.say("Nothing has been cited in this session yet.")
        return
    by_article: dict[str, list[tuple[int, Citation]]] = {}
    for number, citation in numbered:
        by_article.setdefault(citation.article, []).append((number, citation))
    sources = view_sources(chain.from_iterable(by_article.values()))
    chat.screen.show(Text("\n").join(map(render_source, sources)))


def show_quote(chat: ChatSession, words: str) -> None:
    """Show a citation in its paragraph, marked."""
    number, citation = _find(chat, words, "/quote")
    place = chat.locate(number, citation)
    chat.screen.show(render_quote(place.article, place.passage, place.quote))


def open_source(chat: ChatSession, words: str) -> None:
    """Open the live article at the quote; its stored text where it has no address, or after `page`."""
    from agent.render.html import anchor

    wants_page = words.strip().endswith("page")
    number, citation = _find(chat, words.strip().removesuffix("page"), "/open")
    article = chat.locate(number, citation).article
    if citation.link is not None and is_web_address(citation.link) and not wants_page:
        address = shown = citation.link
    else:
        path = write_page(chat, article)
        address, shown = f"{path.as_uri()}#{anchor(number)}", str(path)
    opened = _open_in_browser(address)
    chat.screen.show(Text(f"{clean(shown)}\n"))
    if not opened:
        chat.screen.say("There is no browser to open it in here; this is where it is.")


def write_page(chat: ChatSession, article: Article) -> Path:
    """Write the page of an article with everything the session cites of it; delete pages of days before."""
    from agent.render.html import MarkedSpan, render_article_page

    cited = [
        MarkedSpan(number, citation.span)
        for number, citation in chat.numbering.numbered
        if citation.article == article.id
    ]
    successor = chat.library.articles.find_successor(article.id)
    folder = chat.settings.cache.expanduser().absolute() / _PAGES
    path = folder / f"{article.id}.html"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in folder.glob("*.html"):
            if time.time() - old.stat().st_mtime > _KEPT_SECONDS:
                old.unlink(missing_ok=True)
        path.write_text(render_article_page(article, cited, successor=successor), "utf-8")
    except OSError as error:
        raise PullquoteError(
            f"The page {path} cannot be written ({error.strerror}). Another place: "
            "pullquote config set cache FOLDER"
        ) from error
    return path


def _find(chat: ChatSession, words: str, command: str) -> tuple[int, Citation]:
    if not words.strip():
        raise PullquoteError(f"Give the number of a citation: {command} 1. /sources lists them.")
    return chat.find(words)


def _open_in_browser(address: str) -> bool:
    """Open an address; False where there is no browser with a window of its own to open it in."""
    # One that runs in the terminal would take the chat's place, so without a display only `BROWSER` counts.
    named = map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    if sys.platform not in ("darwin", "win32") and not any(named):
        return False
    try:
        return webbrowser.open(address)
    except (webbrowser.Error, OSError):
        return False
