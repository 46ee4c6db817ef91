"""Taking out of a vector what it says about its language, so that languages do not crowd each other out.

A state `x` of a text in language `l` becomes `x - s * mean(l)`. The means are a fixed table, computed by
`bench.tables` from the 128 languages of NTREX-128, so nothing moves as a library grows. Questions and
passages have means of their own, as the model reads them behind different prefixes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vectorstore.embedding.base import FloatArray, unit
from vectorstore.text.languages import primary_language

VECTOR_STRENGTH = 0.8
"""Share of the mean taken out of whole vectors. On XQuAD-R's development half .8 and 1 find equally much
(mAP of passages over eleven languages .669 and .675, without centring .401); .8 keeps precision@1."""


class Prefix(StrEnum):
    """Which prefix a text was read behind."""

    PASSAGE = "passage"
    QUERY = "query"


@dataclass(frozen=True, slots=True, eq=False)
class LanguageMeans:
    """Mean vectors and mean token states by language.

    The first row of each table is the mean over all languages: used for a language outside the table.
    """

    tags: tuple[str, ...]
    """BCP 47, one for each further row."""
    vectors: dict[Prefix, FloatArray]
    """(1 + languages, d) each, means of unit vectors."""
    tokens: dict[Prefix, FloatArray]
    """(1 + languages, d) each, means of token states as the model gives them."""
    closeness: FloatArray
    """(1 + languages,): mean best match of an English sentence's tokens in its translation."""

    def rows(self, languages: Sequence[str]) -> NDArray[np.intp]:
        """Return the rows for `languages`: of the tag itself, else of its language, else the first row."""
        return np.array([_row(self.tags, language) for language in languages], np.intp)

    @classmethod
    def shipped(cls) -> Self:
        """Return the table that comes with the package."""
        with as_file(files(__package__).joinpath("tables/languages.npz")) as path:
            return cls.read(path)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return a table as `bench.tables` writes it."""
        with np.load(path, allow_pickle=False) as table:
            tags = tuple(table["tags"].tolist())
            vectors = {side: table[f"vectors_{side}"].astype(np.float32) for side in Prefix}
            tokens = {side: table[f"tokens_{side}"].astype(np.float32) for side in Prefix}
            return cls(tags, vectors, tokens, table["closeness"].astype(np.float32))


@cache
def _row(tags: tuple[str, ...], language: str) -> int:
    for tag in (language, primary_language(language)):
        if tag in tags:
            return 1 + tags.index(tag)
    return 0


@dataclass(frozen=True, slots=True, eq=False)
class Centering:
    """The index's transform: language means out of passages' vectors, and out of the question's."""

    means: LanguageMeans

    @classmethod
    @cache
    def shipped(cls) -> Centering:
        """With the table that comes with the package, loaded once a process."""
        return cls(LanguageMeans.shipped())

    @property
    def fingerprint(self) -> str:
        """Changes whenever a transformed passage vector would."""
        digest = hashlib.sha256("\n".join(self.means.tags).encode())
        digest.update(np.ascontiguousarray(self.means.vectors[Prefix.PASSAGE], "<f4").tobytes())
        return f"language-means-{VECTOR_STRENGTH}-{digest.hexdigest()[:16]}"

    def __call__(self, vectors: FloatArray, languages: Sequence[str]) -> FloatArray:
        """Centre (n, d) passage vectors in n languages; rows come back at unit length."""
        return self._center(vectors, languages, Prefix.PASSAGE)

    def center_query(self, vector: FloatArray, language: str) -> FloatArray:
        """Centre a question's vector (d,); it comes back at unit length."""
        return np.asarray(self._center(vector[None], [language], Prefix.QUERY)[0], np.float32)

    def center_tokens(self, states: FloatArray, language: str, side: Prefix) -> FloatArray:
        """Centre (T, d) token states whole; rows come back at unit length, a zero row as it is."""
        return unit(states - self.means.tokens[side][_row(self.means.tags, language)])

    def _center(self, vectors: FloatArray, languages: Sequence[str], side: Prefix) -> FloatArray:
        return unit(unit(vectors) - VECTOR_STRENGTH * self.means.vectors[side][self.means.rows(languages)])
