"""Numbers of citations that last as long as a session: "[7]" means the same words an hour later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from agent.answer.answer import Answer, Citation

if TYPE_CHECKING:
    from agent.answer.receipts import Receipt

_Place = tuple[str, int, int]


class Numbering:
    """Gives every span that is cited a number, the same whenever it is cited again. For one thread."""

    def __init__(self) -> None:
        self._numbers: dict[_Place, int] = {}
        self._citations: dict[int, Citation] = {}
        self._next = 1

    @classmethod
    def of_receipts(cls, receipts: Iterable[Receipt]) -> Numbering:
        """Return the numbering of a session as its receipts, oldest first, have it."""
        # An answer that was numbered by itself, as the command line does, gets the numbers that come next; so
        # does a citation whose number another one has, as when two chat sessions hold one session at a time.
        numbering, stored = cls(), tuple(receipts)
        # All stored numbers first, so that no new one takes the number of a later receipt.
        shown = (receipt.numbered for receipt in stored if receipt.numbers)
        for number, citation in chain.from_iterable(shown):
            if number not in numbering._citations and citation.place not in numbering._numbers:
                numbering._put(number, citation)
        for receipt in stored:
            numbering.numbers_of(receipt.answer)
        return numbering

    def __len__(self) -> int:
        return len(self._citations)

    def number(self, citation: Citation) -> int:
        """Return the number of what is cited; the next one when it was not cited before."""
        place = citation.place
        if place not in self._numbers:
            self._put(self._next, citation)
        return self._numbers[place]

    def numbers_of(self, answer: Answer) -> tuple[int, ...]:
        """Return a number for each of `answer.citations()`; one twice where a span is cited twice."""
        return tuple(map(self.number, answer.citations()))

    def find(self, number: int) -> Citation | None:
        """Return what has that number; None when nothing has."""
        return self._citations.get(number)

    @property
    def numbered(self) -> Sequence[tuple[int, Citation]]:
        """All numbers with their citations, in order."""
        return sorted(self._citations.items())

    def _put(self, number: int, citation: Citation) -> None:
        self._numbers[citation.place] = number
        self._citations[number] = citation
        self._next = max(self._next, number + 1)
