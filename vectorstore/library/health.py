"""What `doctor` looks at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vectorstore.model.errors import SetupError
from vectorstore.text.plural import plural

if TYPE_CHECKING:
    from vectorstore.library.serving import Serving


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing `doctor` looked at."""

    what: str
    detail: str
    is_well: bool = True

    def __str__(self) -> str:
        return f"{'ok' if self.is_well else 'broken':<7} {self.what}: {self.detail}"


def examine(serving: Serving, *, repair: bool) -> list[Finding]:
    """Look for damage, reading everything; with `repair`, rebuild the indexes first."""
    if repair:
        serving.database.rebuild_lexical()
        serving.index.rebuild()
    found = [*_examine_database(serving), _examine_index(serving), _examine_embedder(serving)]
    return [*found, *_find_unfinished(serving)]


def _examine_database(serving: Serving) -> Iterator[Finding]:
    problems = serving.database.check()
    yield from (Finding("database", problem, is_well=False) for problem in problems)
    if not problems:
        articles, passages = len(serving.database.articles.headers()), serving.database.passages.count()
        yield Finding("database", f"{plural(articles, 'article')}, {plural(passages, 'passage')}")


def _examine_index(serving: Serving) -> Finding:
    status = serving.index.status()
    if not status.trouble and not status.behind:
        return Finding("index", plural(status.indexed, "passage"))
    reason = f" ({status.trouble})" if status.trouble else ""
    return Finding("index", f"{plural(status.behind, 'passage')} searched without it{reason}", is_well=False)


def _examine_embedder(serving: Serving) -> Finding:
    own, configured = serving.database.embedder.model, serving.settings.embedder.model
    try:
        embedder = serving.embedder
    except SetupError as error:
        return Finding("embedder", str(error), is_well=False)
    differs = own is not None and own != configured
    note = f"; a new library would be of {configured} (embedder.model)" if differs else ""
    return Finding("embedder", f"{embedder.fingerprint}, {embedder.dimension} dimensions{note}")


def _find_unfinished(serving: Serving) -> Iterator[Finding]:
    if unfinished := serving.database.next_vectors.unfinished():
        total = plural(serving.database.passages.count(), "passage")
        yield Finding(
            "reembed",
            f"unfinished since {unfinished.begun:%Y-%m-%d %H:%M} UTC: {unfinished.passages:,} of {total} by "
            f"{unfinished.embedder.fingerprint}; `pullquote reembed` resumes it",
        )
