from __future__ import annotations

import pytest

from tests.agent.chat.conftest import COST, COST_QUESTION, ChatDriver

EXAMPLE = '/filter from=2024-12-01 until=2024-12-31 outlet="De Krant" language=nl'
NO_FILTERS = f"No filters: all articles are asked. An example: {EXAMPLE}\n"


def test_filters_are_set_added_to_taken_off_and_told(driver: ChatDriver) -> None:
    assert driver.do("/filter") == ("", NO_FILTERS)
    line = "Only outlet De Krant: 1 article. /filter none asks all again.\n"
    assert driver.do('/filter outlet="De Krant"') == ("", line)
    assert f"“{COST}”" in driver.do(COST_QUESTION)[0]
    said = "Only from 2024-05-02, until 2024-05-02, outlet De Krant, language en: 1 article."
    out, err = driver.do("/filter from=2024-05-02 until=2024-05-02 language=en")
    assert (out, err) == ("", f"{said} /filter none asks all again.\n")
    assert driver.do("/articles")[1] == f"1 article. {said.partition(':')[0]}.\n"
    out, err = driver.do("/filter outlet= language=nl")
    assert err == (
        "Only from 2024-05-02, until 2024-05-02, language nl: 0 articles. /articles lists what there is. "
        "/filter none asks all again.\n"
    )
    out, _ = driver.do(COST_QUESTION)
    assert out.startswith("The articles do not say this.\n")
    assert driver.do("/filter none") == ("", NO_FILTERS)
    out, _ = driver.do("and what did it cost?")
    assert f"“{COST}”" in out and "As for the question before" not in out


def test_several_outlets_and_an_article_by_the_beginning_of_its_id(driver: ChatDriver) -> None:
    _, err = driver.do('/filter outlet="De Krant" outlet="The Courier"')
    assert err == "Only outlet De Krant or The Courier: 3 articles. /filter none asks all again.\n"
    bridge = driver.id_of("Bridge in Ghent")
    _, err = driver.do(f"/filter article={bridge[:6]}")
    assert f"article {bridge}: 1 article." in err


KEYS = "There are from=, until=, outlet=, author=, language=, article= and none."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("nonsense", f"“nonsense” is no filter. {KEYS}"),
        ("outlets=x", f"“outlets=x” is no filter. Did you mean outlet=…? {KEYS}"),
        ("langage=nl from=2024-01-01", f"“langage=nl” is no filter. Did you mean language=…? {KEYS}"),
        ("from=yesterday", "“yesterday” is not a day like 2024-12-03."),
        ("language=?", "“?” is not a language code like nl."),
        (
            "from=2024-02-02 until=2024-01-01",
            "The first day is after the last, so that no article would pass.",
        ),
        ("from=2024-02-02 from=2024-01-01", "from= is given 2 times, and there is one such day."),
        ('outlet="De Krant', f"A quotation mark is not closed. Write: {EXAMPLE}"),
    ],
)
def test_nonsense_is_refused_and_the_filters_stay(driver: ChatDriver, words: str, said: str) -> None:
    driver.do("/filter language=en")
    before = driver.chat.filters
    assert driver.do(f"/filter {words}") == ("", f"{said}\n")
    assert driver.chat.filters == before
