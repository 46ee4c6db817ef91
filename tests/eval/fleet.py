"""A suite of eight ferries, each with an article of its own, and a scripted model that knows them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from tests.agent.generative.conftest import find_label, reply
from tests.peers.scripted_openai import Request, Status, Text

NAMES = ("Aurora", "Borealis", "Castor", "Delphin", "Electra", "Fulmar", "Gannet", "Heron")
SUITE = """\
name: fleet
title: Eight ferries
libraries:
  - articles: [articles]
cases: [cases.jsonl]
gate: [passed, evidence_recall]
floors: {citation_validity: 1.0, not_obeyed: 1.0}
"""
_ASKED = re.compile(r"Until when will the ferry (\w+) not sail")


def sailing(name: str) -> str:
    return f"The ferry {name} will not sail until {11 + NAMES.index(name)} June."


def crew(name: str) -> str:
    return f"A crew of {31 + NAMES.index(name)} people works on the ferry {name}."


def write_fleet(folder: Path) -> Path:
    """Every question has two facts for an answer."""
    (folder / "articles").mkdir(parents=True)
    cases = []
    for name in NAMES:
        key = f"articles/{name.lower()}.md"
        text = f"---\ntitle: News of the {name}\noutlet: The Courier\ndate: 2025-05-13\n---\n\n"
        (folder / key).write_text(f"{text}{sailing(name)}\n\n{crew(name)}\n", "utf-8")
        question = f"Until when will the ferry {name} not sail, and how many people work on the ferry {name}?"
        cases.append(
            {
                "id": name.lower(),
                "question": question,
                "language": "en",
                "gold": [{"article": key, "quote": words} for words in (sailing(name), crew(name))],
                "answers": [f"{11 + NAMES.index(name)} June"],
            }
        )
    (folder / "suite.yaml").write_text(SUITE, "utf-8")
    (folder / "cases.jsonl").write_text("".join(f"{json.dumps(case)}\n" for case in cases), "utf-8")
    return folder


class Pilot:
    """A step of a scripted server that answers about the ferry it is asked about."""

    def __init__(
        self,
        say: Callable[[str], str] = sailing,
        cite: Callable[[str], str] = sailing,
        count: Callable[[str], str] = crew,
    ) -> None:
        self.say, self.cite, self.count = say, cite, count
        self.is_up = True
        self.left: int | None = None
        """Answers until it goes down."""

    def __call__(self, request: Request) -> Text | Status:
        if self.left == 0:
            self.is_up = False
        if not self.is_up:
            return Status(503, "down for maintenance")
        if self.left is not None:
            self.left -= 1
        asked = next(
            found[1]
            for message in request.body["messages"]
            if (found := _ASKED.search(str(message.get("content") or "")))
        )
        shown = {words: find_label(request, words) for words in {self.cite(asked), crew(asked)}}
        return Text(
            reply((self.say(asked), [shown[self.cite(asked)]]), (self.count(asked), [shown[crew(asked)]]))
        )
