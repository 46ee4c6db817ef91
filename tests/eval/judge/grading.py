"""Steps of a scripted server that grades, and labels of our own in published layouts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from tests.eval.fleet import Pilot
from tests.peers.scripted_openai import Request, Status, Text

_DATA = re.compile(r"<data (\w+) (\w+)>\n(.*?)\n</data \1 \2>", re.DOTALL)
SHIPS = ("Aurora", "Borealis", "Castor", "Delphin", "Electra", "Fulmar", "Gannet", "Heron")


class Grader:
    """A judge that goes by a rule; what else is asked goes to the pilot."""

    def __init__(self, rule: Callable[[str, str], str], pilot: Pilot | None = None) -> None:
        self.rule = rule
        self.pilot = pilot
        self.asked: list[tuple[str, str]] = []
        """Statement, and which of both came first."""
        self.left: int | None = None
        """Grades until it goes down."""

    def __call__(self, request: Request) -> Text | Status:
        system, user = (str(request.body["messages"][place]["content"]) for place in (0, -1))
        if "You grade whether" not in system:
            assert self.pilot is not None
            return self.pilot(request)
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                return Status(503, "down for maintenance")
        found = {name: text for name, _, text in _DATA.findall(user)}
        first = _DATA.search(user)
        assert first is not None
        self.asked.append((found["statement"], first[1]))
        return Text(self.rule(found["statement"], found["sentences"]))


def say(label: str, reason: str = "It is said so.") -> str:
    return json.dumps({"reason": reason, "label": label})


def by_words(statement: str, sentences: str) -> str:
    """An honest judge: supported is what stands there."""
    return say("supported" if statement in sentences else "not_supported")


def always_yes(statement: str, sentences: str) -> str:
    return say("supported")


def write_summedits(path: Path, fleets: int = 1) -> Path:
    """Sixteen labels on eight articles a fleet: of each one true summary and one with a changed number."""
    rows = []
    ships = [ship if fleet == 0 else f"{ship} {fleet + 1}" for fleet in range(fleets) for ship in SHIPS]
    for number, ship in enumerate(ships):
        true = f"The ferry {ship} carries {20 + number} cars."
        doc = f"{true}\n\nIt was built in {1970 + number}."
        for label, summary in ((1, true), (0, true.replace(str(20 + number), str(60 + number)))):
            rows.append(
                {
                    "id": f"{ship}-{label}",
                    "doc": doc,
                    "summary": summary,
                    "original_summary": true,
                    "label": label,
                    "edit_types": [] if label else ["entity modification"],
                }
            )
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return path
