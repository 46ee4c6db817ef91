"""Merge what two readings of the same text know; pure."""

from __future__ import annotations

from dataclasses import replace

from vectorstore.model.article import UNDETERMINED, Article, Provenance, Published

_TRUST = {Provenance.TEXT: 0, Provenance.METADATA: 1, Provenance.GIVEN: 2}


def merge_articles(known: Article, read: Article, *, is_first_source: bool) -> Article:
    """Return `known`, with what another reading of its text adds.

    A reading of the source that the metadata came from corrects it; any other only fills gaps, so that
    adding the same sources again, in any order, changes nothing. What a reading does not say is never
    erased, and a date yields only to one from as good a place.
    """
    first, second = (read, known) if is_first_source else (known, read)
    return replace(
        known,
        language=first.language if first.language != UNDETERMINED else second.language,
        title=first.title or second.title,
        subtitle=first.subtitle or second.subtitle,
        outlet=first.outlet or second.outlet,
        authors=first.authors or second.authors,
        published=_better_date(first.published, second.published),
        boilerplate=first.boilerplate,
    )


def _better_date(first: Published | None, second: Published | None) -> Published | None:
    if first is None or second is None:
        return first or second
    return second if _TRUST[second.provenance] > _TRUST[first.provenance] else first


def needs_new_passages(known: Article, merged: Article) -> bool:
    """Whether something changed that passages are cut by or embedded with, so that both are due again."""
    return (known.language, known.title, known.published, known.boilerplate) != (
        merged.language,
        merged.title,
        merged.published,
        merged.boilerplate,
    )
