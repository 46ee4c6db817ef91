"""Filters of a case as the library takes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from eval.runs.asking import make_filters
from eval.suites.cases import CaseFilters
from eval.suites.loading import load_suite
from tests.eval.suites.writing import write_suite
from vectorstore import Filters


def test_keys_become_ids_and_the_last_day_is_whole(tmp_path: Path) -> None:
    loaded = load_suite(write_suite(tmp_path)).libraries["articles"]
    filters = CaseFilters(
        since=date(2025, 5, 1),
        until=date(2025, 5, 31),
        outlets=("The Courier",),
        languages=("en",),
        articles=("articles/ferry.en.md",),
    )
    assert make_filters(filters, loaded) == Filters(
        since=datetime(2025, 5, 1, tzinfo=UTC),
        until=datetime(2025, 6, 1, tzinfo=UTC),
        outlets=("The Courier",),
        languages=("en",),
        articles=(loaded.articles["articles/ferry.en.md"].id,),
    )
    assert make_filters(CaseFilters(), loaded).is_empty
