"""Two matchers that other projects ship, rewritten from the description of their rule; no code of theirs.

Both ask whether a quote stands in a text, more or less: kotaemon on blocks of equal letters, LangChain on up
to n errors.
"""

from __future__ import annotations

from difflib import SequenceMatcher

import regex

SECONDS = 1.0
"""What LangChain's rule may take for one pair before it counts as not having found the quote."""
ERRORS = 100
"""Where LangChain's rule stops counting up."""


def accepts_like_kotaemon(quote: str, text: str) -> bool:
    """A block of at least 25 % of the quote, and blocks that span at least 35 % of it; all in lower case."""
    quote, text = quote.lower(), text.lower()
    blocks = [
        block
        for block in SequenceMatcher(None, text, quote).get_matching_blocks()
        if block.size >= 0.25 * len(quote)
    ]
    return bool(blocks) and blocks[-1].a + blocks[-1].size - blocks[0].a >= 0.35 * len(quote)


def accepts_like_langchain(quote: str, text: str, seconds: float = SECONDS) -> bool | None:
    """`regex` with `{e<=n}`, n rising until something matches; None when time runs out first."""
    try:
        for errors in range(ERRORS + 1):
            if regex.search(f"({quote}){{e<={errors}}}", text, timeout=seconds):
                return True
    except TimeoutError:
        return None
    except regex.error:
        return False
    return False
