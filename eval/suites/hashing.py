"""Hashes: what makes two things the same, and draws that depend on nothing but a name and a seed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import TypeVar

_Item = TypeVar("_Item")


def hash_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def hash_json(value: object) -> str:
    """Return the SHA-256 of a value as JSON, whatever order its keys are in."""
    return hash_text(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str))


def shorten_hash(text: str) -> str:
    """Return twelve digits of a text's hash: enough for the key of an article, topic or question."""
    return hash_text(text)[:12]


def rank(name: str, seed: int) -> str:
    """Return what a seeded draw sorts by: it does not depend on what else there is."""
    return hash_text(f"{seed}:{name}")


def draw(
    items: Sequence[_Item], limit: int | None, seed: int, name: Callable[[_Item], str]
) -> Sequence[_Item]:
    """Return at most `limit` items, drawn by `seed` and their names, in their order."""
    if limit is None or limit >= len(items):
        return items
    ranked = sorted(range(len(items)), key=lambda row: rank(name(items[row]), seed))
    return [items[row] for row in sorted(ranked[:limit])]
