from __future__ import annotations

from datetime import UTC, date, datetime

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.generative.answer_json import answer_form
from agent.generative.search_tools import ToolFilters, combine_filters
from vectorstore import Filters

DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1))


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


@given(st.none() | DAYS, st.none() | DAYS, st.none() | DAYS, st.none() | DAYS, DAYS)
def test_dates_can_only_be_narrowed(
    user_since: date | None, user_until: date | None, since: date | None, until: date | None, published: date
) -> None:
    user = Filters(
        since=midnight(user_since) if user_since else None, until=midnight(user_until) if user_until else None
    )
    narrowed = combine_filters(user, ToolFilters(since=since, until=until), None)

    def fits(filters: Filters) -> bool:
        at = midnight(published)
        return (filters.since is None or at >= filters.since) and (
            filters.until is None or at < filters.until
        )

    asked = (since is None or published >= since) and (until is None or published <= until)
    assert (narrowed is not None and fits(narrowed)) == (fits(user) and asked)


@pytest.mark.parametrize(
    ("user", "asked", "article", "left"),
    [
        (Filters(), ToolFilters(outlet="NOS"), None, Filters(outlets=("NOS",))),
        (Filters(outlets=("NOS", "BBC")), ToolFilters(outlet="nos"), None, Filters(outlets=("nos",))),
        (Filters(outlets=("NOS",)), ToolFilters(outlet="BBC"), None, None),
        (Filters(languages=("zh",)), ToolFilters(language="zh-TW"), None, Filters(languages=("zh-TW",))),
        (Filters(languages=("zh-TW", "nl")), ToolFilters(language="zh"), None, Filters(languages=("zh-TW",))),
        (Filters(languages=("nl",)), ToolFilters(language="en"), None, None),
        (Filters(articles=("x", "y")), ToolFilters(article="a1"), "x", Filters(articles=("x",))),
        (Filters(articles=("x",)), ToolFilters(article="a1"), "z", None),
        (Filters(authors=("A",)), ToolFilters(), None, Filters(authors=("A",))),
    ],
)
def test_other_conditions_can_only_be_narrowed(
    user: Filters, asked: ToolFilters, article: str | None, left: Filters | None
) -> None:
    assert combine_filters(user, asked, article) == left


def test_the_schema_is_strict_and_lists_each_label_once() -> None:
    form = answer_form(["a1.1", "a1.2", "a1.1"])
    statement = form["$defs"]["Statement"]
    assert statement["properties"]["labels"] == {
        "type": "array",
        "items": {"type": "string", "enum": ["a1.1", "a1.2"]},
    }
    for part in (form, statement):
        assert part["additionalProperties"] is False and part["required"] == list(part["properties"])
    assert "title" not in str(form) and "default" not in str(form)


def test_the_schema_itself_refuses_a_label_that_was_not_shown() -> None:
    schema = jsonschema.Draft202012Validator(answer_form(["a1.1"]))
    schema.validate({"statements": [{"text": "A", "labels": ["a1.1"]}], "missing": []})
    with pytest.raises(jsonschema.ValidationError, match="a9"):
        schema.validate({"statements": [{"text": "A", "labels": ["a9.9"]}], "missing": []})
