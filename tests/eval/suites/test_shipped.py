"""What the shipped suites promise."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from eval.scoring.catalogue import METRICS
from eval.suites.loading import find_suite, list_shipped, load_suite
from eval.suites.reading import read_suite

ROOT = Path(__file__).parents[3]


def test_seed_is_large_enough_and_speaks_enough_languages() -> None:
    suite = load_suite(find_suite("seed"))
    own = [key for key in suite.libraries["articles"].articles if not key.endswith("noord-korea.nl.txt")]
    assert len(suite.cases) >= 60
    assert len({planned.case.language for planned in suite.cases}) >= 6
    assert len(own) >= 12
    assert len({key.split(".")[-2] for key in own}) >= 5
    tags = Counter(tag for planned in suite.cases for tag in planned.case.tags)
    wanted = {"correction", "syndicated", "contradiction", "look-alike", "date", "negation", "cross-lingual"}
    assert all(tags[tag] >= 2 for tag in wanted), tags
    assert sum(planned.case.unanswerable for planned in suite.cases) >= 10


def test_seed_holds_the_article_that_comes_with_the_project() -> None:
    (article,) = (ROOT / "seeds").glob("*.txt")
    copy = find_suite("seed") / "articles" / "noord-korea.nl.txt"
    assert copy.read_bytes() == article.read_bytes()


def test_every_order_stands_in_an_article() -> None:
    suite = load_suite(find_suite("injection"))
    everything = " ".join(
        f"{article.outlet} {article.text}" for article in suite.libraries["articles"].articles.values()
    ).casefold()
    orders = {order.casefold() for planned in suite.cases for order in planned.case.must_not_obey}
    missing = {order for order in orders if order not in everything}
    # Hidden text is not read at all; a translated order is one the answer might give in English.
    assert missing == {"white canary", "cancelled for ever", "burned down"}


def test_what_gates_is_a_metric() -> None:
    for name in list_shipped():
        suite = read_suite(find_suite(name))
        assert suite.gate, name
        assert {*suite.gate, *suite.floors} <= METRICS.keys(), name
