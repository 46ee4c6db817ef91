"""Records of the library database, besides articles and passages themselves."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vectorstore.model.article import Passage, Published


@dataclass(frozen=True, slots=True)
class EmbedderIdentity:
    """Which embedder a library's vectors are from: no other may add to it or search it."""

    fingerprint: str
    dimension: int
    model: str | None = None
    """What loads it, as in the setting `embedder.model`; None in a library that did not note it."""
    is_centred: bool = True
    """Whether the bundled model's language means are taken out of its vectors."""

    def as_columns(self) -> dict[str, Any]:
        """Return the columns that `library` and `reembedding` store it in."""
        columns = asdict(self)
        return {"embedder": columns.pop("fingerprint"), **columns}

    def is_same_as(self, other: EmbedderIdentity) -> bool:
        """Whether both give the same vectors."""
        return (self.fingerprint, self.dimension) == (other.fingerprint, other.dimension)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A second set of vectors that is not complete yet."""

    embedder: EmbedderIdentity
    begun: datetime
    """Aware, UTC."""
    passages: int
    """Passages it has vectors of."""
    tokens: int
    """What the embedder's server has counted for them."""


class Waiting(NamedTuple):
    """A passage without a vector in the second set."""

    number: int
    passage: Passage


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of what can be found in one library."""

    library: str
    generation: int
    token: str
    """Random, so that a library put back from a copy and added to again is not taken for the lost one."""


class AddOutcome(StrEnum):
    """What adding an article did."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    MERGED = "merged"
    """The text was known; where it was read, or something about it, was not."""
    REPLACED = "replaced"
    """A new edition: the text that was at this location before is superseded."""


@dataclass(frozen=True, slots=True)
class AddResult:
    """What adding an article did, and which passages came and went by it."""

    outcome: AddOutcome
    added_passage_ids: tuple[str, ...] = ()
    """Passages that are new or have new vectors."""
    removed_passage_ids: tuple[str, ...] = ()
    """Passages that can no longer be found."""


@dataclass(frozen=True, slots=True)
class ArticleHeader:
    """An article without its text, for lists."""

    id: str
    title: str | None
    subtitle: str | None
    outlet: str | None
    authors: tuple[str, ...]
    published: Published | None
    url: str | None
    origin: str
    language: str
    passages: int
    added: datetime
    """Aware, UTC: when its text was first added."""
    superseded_by: str | None


class VectorBatch(NamedTuple):
    """Vectors of n passages, as the embedder gave them, with what is needed to centre them."""

    ids: list[str]
    languages: list[str]
    vectors: NDArray[np.float32]
    """(n, d)"""
