"""A reported claim keeps its speaker."""

from __future__ import annotations

import pytest

from agent.checks import Cited, Claim, check_attribution
from agent.checks.stance.attribution import find_speakers


@pytest.mark.parametrize(
    ("language", "text", "speakers"),
    [
        ("en", "The war is near, Pål Jonson said on Tuesday.", [("Pål", "Jonson")]),
        ("en", "Jonson told Kobayashi that the war is near.", [("Jonson",)]),
        ("nl", "‘De oorlog is dichtbij,’ zei Jonson in Tokio.", [("Jonson",)]),
        ("de", "Laut Scholz ist der Krieg nah.", [("Scholz",)]),
        ("fr", "« La guerre est proche », a déclaré Macron.", [("Macron",)]),
        ("es", "Sánchez afirmó que la guerra está cerca.", [("Sánchez",)]),
        ("it", "Secondo Crosetto la guerra è vicina.", [("Crosetto",)]),
        ("pl", "Tusk powiedział, że wojna jest blisko.", [("Tusk",)]),
        ("ru", "Путин заявил, что война близко.", [("Путин",)]),
        ("tr", "Erdoğan savaşın yakın olduğunu söyledi.", [("Erdoğan",)]),
        ("en", "The war is near.", []),
        ("en", "“Jonson said so,” he added.", []),
    ],
)
def test_finds_who_speaks(language: str, text: str, speakers: list[tuple[str, ...]]) -> None:
    assert list(find_speakers(text, language)) == speakers


@pytest.mark.parametrize(
    ("language", "cited", "other"),
    [
        ("en", "Jonson said the war in Europe is near.", "Kobayashi said the war in Europe is near."),
        ("nl", "Jonson zei dat de oorlog dichtbij is.", "Kobayashi zei dat de oorlog dichtbij is."),
        ("de", "Scholz sagte, der Krieg in Europa sei nah.", "Merz sagte, der Krieg in Europa sei nah."),
        ("fr", "Macron a dit que la guerre est proche.", "Barnier a dit que la guerre est proche."),
        ("es", "Sánchez dijo que la guerra está cerca.", "Feijóo dijo que la guerra está cerca."),
        ("it", "Meloni ha detto che la guerra è vicina.", "Crosetto ha detto che la guerra è vicina."),
        ("pl", "Tusk powiedział, że wojna jest blisko.", "Duda powiedział, że wojna jest blisko."),
        ("ru", "Путин заявил, что война близко.", "Лавров заявил, что война близко."),
    ],
)
def test_another_speaker_fails(language: str, cited: str, other: str) -> None:
    swapped = check_attribution(Claim(other, language, (Cited(cited, language),)))
    assert swapped is not None and not swapped.passed
    same = check_attribution(Claim(cited, language, (Cited(cited, language),)))
    assert same is not None and same.passed


def test_says_who_said_it() -> None:
    cited = (Cited("Pål Jonson said the war in Europe is near.", "en"),)
    outcome = check_attribution(Claim("Ken Kobayashi said the war in Europe is near.", "en", cited))
    assert outcome is not None
    assert outcome.detail == "“Ken Kobayashi” does not say this in what is cited; Pål Jonson does"


def test_a_surname_is_enough_and_a_first_name_is_not() -> None:
    cited = (Cited("Senator Elizabeth Warren said the war in Europe is near.", "en"),)
    outcomes = [
        check_attribution(Claim(f"{name} said the war in Europe is near.", "en", cited))
        for name in ("Warren", "Elizabeth Taylor")
    ]
    assert [outcome is not None and outcome.passed for outcome in outcomes] == [True, False]


def test_is_silent_where_nobody_is_named() -> None:
    cited = (Cited("He said the war in Europe is near.", "en"),)
    assert check_attribution(Claim("Jonson said the war in Europe is near.", "en", cited)) is None
    assert check_attribution(Claim("The war in Europe is near.", "en", cited)) is None


def test_across_languages_it_fails_only_when_sure() -> None:
    passage = "Kobayashi luisterde. Jonson zei dat de oorlog dichtbij is."
    cited = (Cited("Jonson zei dat de oorlog dichtbij is.", "nl", passage),)
    swapped = check_attribution(Claim("Yesterday, Kobayashi said the war is near.", "en", cited))
    assert swapped is not None and not swapped.passed
    same = check_attribution(Claim("Yesterday, Jonson said the war is near.", "en", cited))
    assert same is not None and same.passed
    assert check_attribution(Claim("Yesterday, Moscow said the war is near.", "en", cited)) is None
