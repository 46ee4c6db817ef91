"""What a message asks for: a question, or one of four words with a meaning of their own."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from agent.slack.events import Kind, Request


class Wish(StrEnum):
    """What is asked for."""

    ASK = "ask"
    SUMMARIZE = "summarize"
    ARTICLES = "articles"
    HELP = "help"
    ADD = "add"


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for, and about what."""

    wish: Wish
    about: str = ""


HELP = """Ask me what the articles say, in any language. I answer with exact quotes, or say that they do not \
say it.
• In a channel: mention me with your question. In a direct message: just ask.
• A thread goes on: “and what did Japan say?” is understood after the question before.
• `summarize` and an article's id or a topic; `articles` lists what there is; `help` is this.
• The same by command: `/pullquote ask …`, `/pullquote summarize …`, `/pullquote articles`.
• Admins may attach a text or HTML file and write `add`."""
EMPTY = (
    "You addressed me without a question. Ask me what the articles say, for instance: “who warned of "
    "flooding?” Write `help` for what else I can do."
)
FILES_ONLY = (
    "I see a file and no question. I do not read attachments as questions; an admin can write `add` beside a "
    "text or HTML file to put it into the library."
)
NO_FILE = "There is no file beside your message. Attach a text or HTML file and write `add`."


def read_order(request: Request) -> Order | str:
    """What `request` asks for; words for the asker when it asks for nothing.

    Outside `/pullquote`, `help` and `articles` count only when they are all there is, so that no question is
    taken for a command.
    """
    first, _, rest = request.text.partition(" ")
    word, rest = first.casefold().strip(":.,!?"), rest.strip()
    if not request.text:
        if request.files:
            return FILES_ONLY
        return Order(Wish.HELP) if request.kind is Kind.COMMAND else EMPTY
    if word in (Wish.HELP, Wish.ARTICLES) and not rest:
        return Order(Wish(word))
    if word == Wish.ADD and (request.files or not rest):
        return Order(Wish.ADD) if request.files else NO_FILE
    if word == Wish.SUMMARIZE:
        return Order(Wish.SUMMARIZE, rest) if rest else "Summarize what? Name an article's id or a topic."
    if request.kind is Kind.COMMAND:
        if word == Wish.ASK:
            return Order(Wish.ASK, rest) if rest else EMPTY
        near = get_close_matches(word, [*Wish], n=1, cutoff=0.8)
        if near and word not in [*Wish]:
            return f"There is no command `{first[:40]}`. Did you mean `{near[0]}`? `help` lists them."
    return Order(Wish.ASK, request.text)
