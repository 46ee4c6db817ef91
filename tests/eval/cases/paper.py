"""Two articles of our own in the library of the settings, and answers of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent.settings.loading import load_settings
from vectorstore import Library, Opinion

STRIKE = """---
title: Ferries stop on Friday
outlet: The Courier
date: 2025-05-13
authors: Marit Solberg
---

The crews of the island ferries go on strike on Friday.

They ask for nine per cent more pay, said Berit Lund, who speaks for them.
"""
BRIDGE = """---
title: De brug blijft dicht
outlet: De Avondbode
date: 2025-05-14
---

De brug bij Sundholm blijft tot 9 juni dicht.

Volgens wethouder Piet Smeets kost de reparatie 4 miljoen kronen.
"""
Run = Callable[..., Any]


def publish(pullquote: Run, folder: Path) -> None:
    for name, text in (("strike.md", STRIKE), ("bridge.md", BRIDGE)):
        (folder / name).write_text(text, "utf-8")
        assert pullquote("add", str(folder / name)).code == 0


def ask(pullquote: Run, question: str, *words: str) -> dict[str, Any]:
    """The answer as JSON."""
    ran = pullquote("ask", question, "--json", *words)
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def open_own() -> Library:
    return Library.open(load_settings().for_library(), writable=True)


def dislike(receipt: str, question: str, *raters: str, opinion: Opinion = Opinion.BAD) -> None:
    with open_own() as library:
        for rater in raters:
            library.feedback.put(receipt, question, opinion, rater)
