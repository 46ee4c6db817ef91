"""Pairs of our own writing: how they are made, and what the checks and the rules of others say to them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.checks import NameMatcher
from bench.minimal_pairs import Edit, Judge, Pair, make_pairs, spread, true_pairs
from bench.minimal_pairs.pairs import translate, true_sets
from bench.minimal_pairs.report import render, report
from bench.minimal_pairs.rules import accepts_like_kotaemon, accepts_like_langchain
from bench.minimal_pairs.summary_edits import SummaryEdit, read_summary_edits
from eval.suites.datasets import NewsDocument
from vectorstore import Centering, Embedder, Prefix

FLOOD = {
    "eng": ["Flood", "On Monday minister Visser said that 14 villages were not safe in 2019.",
            "The mayor, Smeets, is sure."],
    "nld": ["Vloed", "Maandag zei minister Visser dat 14 dorpen niet veilig waren in 2019.",
            "De burgemeester, Smeets, is zeker."],
    "deu": ["Flut", "Am Montag sagte Ministerin Visser, dass 14 Dörfer im Jahr 2019 nicht sicher waren.",
            "Der Bürgermeister, Smeets, ist sicher."],
    "fra": ["Crue", "Lundi, la ministre Visser dit que 14 villages n’étaient pas sûrs en 2019.",
            "Le maire, Smeets, est sûr."],
    "spa": ["Crecida", "El lunes la ministra Visser dijo que 14 pueblos no eran seguros en 2019.",
            "El alcalde, Smeets, está seguro."],
    "ita": ["Piena", "Lunedì la ministra Visser disse che 14 paesi non erano sicuri nel 2019.",
            "Il sindaco, Smeets, è sicuro."],
    "pol": ["Powódź", "W poniedziałek minister Visser mówiła, że 14 wsi nie było bezpiecznych w 2019 roku.",
            "Burmistrz, Smeets, jest pewny."],
    "tur": ["Sel", "Pazartesi günü bakan Visser 2019’da 14 köyün güvende olmadığını söyledi.",
            "Belediye başkanı Smeets emin."],
    "arb": ["فيضان", "قالت الوزيرة فيسر يوم الاثنين إن 14 قرية لم تكن آمنة في 2019.", "العمدة سميتس متأكد."],
    "zho-CN": ["洪水", "部长菲瑟周一表示，2019年有14个村庄不安全。", "市长斯梅茨很有把握。"],
}  # fmt: skip
KING = {
    language: [title, f"{start} Jonson 5 {rest}"]
    for language, title, start, rest in (
        ("eng", "Visit", "In May the king was received by", "times."),
        ("nld", "Bezoek", "In mei werd de koning ontvangen door", "keer."),
        ("deu", "Besuch", "Im Mai wurde der König empfangen von", "Mal."),
        ("fra", "Visite", "En mai le roi a été reçu par", "fois."),
        ("spa", "Visita", "En mayo el rey fue recibido por", "veces."),
        ("ita", "Visita", "In maggio il re fu ricevuto da", "volte."),
        ("pol", "Wizyta", "W maju króla przyjął", "razy."),
        ("tur", "Ziyaret", "Mayıs ayında kralı ağırlayan", "kez."),
        ("arb", "زيارة", "في مايو استقبل الملك", "مرات."),
        ("zho-CN", "访问", "五月接待国王的是", "次。"),
    )
}
DOCUMENTS = [
    NewsDocument(doc_id=name, title={code: told[0] for code, told in sentences.items()}, sentences=sentences)
    for name, sentences in (("flood", FLOOD), ("king", KING))
]
SAID = FLOOD["eng"][1]


def pairs_of(language: str, evidence: str) -> dict[Edit, str]:
    return {
        pair.edit: pair.statement
        for pair in make_pairs(DOCUMENTS)
        if pair.edit and pair.language == language and pair.evidence == evidence
    }


def test_every_edit_changes_one_thing() -> None:
    changed = pairs_of("eng", SAID)
    assert list(changed) == [Edit.NUMBER, Edit.YEAR, Edit.DATE, Edit.NAME, Edit.SPEAKER, Edit.DROPPED]
    before = SAID.split()
    different = {
        edit: [(was, now) for was, now in zip(before, text.split(), strict=True) if was != now]
        for edit, text in changed.items()
        if edit is not Edit.DROPPED
    }
    assert {edit: [was for was, _ in words] for edit, words in different.items()} == {
        Edit.NUMBER: ["14"],
        Edit.YEAR: ["2019."],
        Edit.DATE: ["Monday"],
        Edit.NAME: ["Visser"],
        Edit.SPEAKER: ["Visser"],
    }
    assert different[Edit.NAME] == [("Visser", "Jonson")]  # of another document
    assert different[Edit.SPEAKER] == [("Visser", "Smeets")]  # of the same one
    assert changed[Edit.DROPPED] == "On Monday minister Visser said that 14 villages were safe in 2019."


def test_a_negation_is_added_where_none_can_be_dropped() -> None:
    assert pairs_of("eng", FLOOD["eng"][2])[Edit.ADDED] == "The mayor, Smeets, is not sure."
    assert pairs_of("fra", FLOOD["fra"][2])[Edit.ADDED] == "Le maire, Smeets, n’est pas sûr."


def test_only_what_needs_no_grammar_is_changed_in_other_languages() -> None:
    assert list(pairs_of("tur", FLOOD["tur"][1])) == [Edit.NUMBER, Edit.YEAR, Edit.DATE, Edit.NAME]
    assert list(pairs_of("arb", FLOOD["arb"][1])) == [Edit.NUMBER, Edit.YEAR]


def test_pairs_are_the_same_every_time_and_have_their_passage() -> None:
    made = list(make_pairs(DOCUMENTS))
    assert made == list(make_pairs(DOCUMENTS))
    assert made[0] == Pair(
        made[0].statement, "eng", SAID, " ".join(FLOOD["eng"][1:]), "eng", "flood", Edit.NUMBER
    )


def test_true_pairs_are_sentences_and_their_translations() -> None:
    assert [(pair.statement, pair.evidence, pair.edit) for pair in true_pairs(DOCUMENTS, "nld", "spa")] == [
        *((FLOOD["nld"][row], FLOOD["spa"][row], None) for row in (1, 2)),
        (KING["nld"][1], KING["spa"][1], None),
    ]
    assert [name for name, _ in true_sets(DOCUMENTS, 60)] == [
        "itself",
        "its passage",
        "its translation",
        "its translation, nothing converted",
    ]


def test_changed_statements_meet_translations_of_their_own_sentence() -> None:
    abroad = list(translate(list(make_pairs(DOCUMENTS)), DOCUMENTS))
    assert abroad
    by_sentence = {
        (code, sentence): (name, row)
        for name, told in (("flood", FLOOD), ("king", KING))
        for code, sentences in told.items()
        for row, sentence in enumerate(sentences)
    }
    for pair in abroad:
        assert pair.language != pair.evidence_language
        name, row = by_sentence[pair.evidence_language, pair.evidence]
        own = (FLOOD if name == "flood" else KING)[pair.language][row]
        assert pair.statement != own


@pytest.mark.parametrize(("most", "left"), [(3, [0, 3, 6]), (7, list(range(7))), (4, [0, 2, 4, 6])])
def test_few_are_spread_evenly(most: int, left: list[int]) -> None:
    pairs = [Pair(str(row), "eng", "", "", "eng", "") for row in range(7)]
    assert [int(pair.statement) for pair in spread(pairs, most)] == left


TEXT = "Het kabinet kondigde dinsdag geen extra uitgaven aan voor 5% (of +3) van de scholen."


@pytest.mark.parametrize(
    ("quote", "kotaemon", "langchain"),
    [
        (TEXT[:45], True, True),
        ("Het kabinet kondigde dinsdag extra uitgaven aan", True, True),
        ("voor 5% (of +3) van", True, True),
        ("Zwanen vliegen zwijgend over bevroren vijvers", False, None),
    ],
    ids=["verbatim", "negation dropped", "signs", "invented"],
)
def test_what_the_rules_of_others_accept(quote: str, kotaemon: bool, langchain: bool | None) -> None:
    assert accepts_like_kotaemon(quote, TEXT) is kotaemon
    assert accepts_like_langchain(quote, TEXT, seconds=0.05) is langchain


def test_a_quote_that_is_no_pattern_is_not_found() -> None:
    assert accepts_like_langchain("scholen (", TEXT) is False


def test_the_checks_tell_what_the_rules_do_not(embedder: Embedder) -> None:
    centering = Centering.shipped()
    judge = Judge(
        NameMatcher(
            embedder, lambda states, language: centering.center_tokens(states, language, Prefix.PASSAGE)
        )
    )
    pairs = [pair for pair in make_pairs(DOCUMENTS) if pair.edit in (Edit.NUMBER, Edit.YEAR)]
    all_of_them = "1.000 [1.000, 1.000]"
    assert render("changed", judge.measure([(pair,) for pair in pairs], fuzzy=0)) == (
        f"| changed | {len(pairs)} | {all_of_them} | {all_of_them} | 0.000 [0.000, 0.000] | – |"
    )
    itself = [(pair,) for pair in true_pairs(DOCUMENTS, "eng", "eng")]
    nothing = "0.000 [0.000, 0.000]"
    assert render("true", judge.measure(itself, fuzzy=3)) == f"| true | 3 |{f' {nothing} |' * 4}"


def summary_line(summary: str, label: int, *edits: str) -> str:
    return json.dumps(
        {
            "doc": f"{SAID} The mayor is sure.",
            "summary": summary,
            "original_summary": "Visser warned. Fourteen villages were not safe.",
            "label": label,
            "edit_types": edits,
        }
    )


def test_of_a_summary_only_the_changed_sentences_are_judged(tmp_path: Path) -> None:
    changed = "Visser warned. Fifteen villages were not safe."
    (tmp_path / "summedits_news.jsonl").write_text(
        f"{summary_line(changed, 0, 'entity_modification')}\n\n"
        f"{summary_line('Visser warned. Fourteen villages were not safe.', 1)}\n"
    )
    found = read_summary_edits(tmp_path)
    assert {name: [[pair.statement for pair in case] for case in cases] for name, cases in found.items()} == {
        "consistent (false alarms)": [["Visser warned.", "Fourteen villages were not safe."]],
        "entity_modification": [["Fifteen villages were not safe."]],
        "every edit": [["Fifteen villages were not safe."]],
    }
    assert SummaryEdit.model_validate_json(summary_line(changed, 0)).changed() == [
        "Fifteen villages were not safe."
    ]


def test_the_report_has_every_table(tmp_path: Path) -> None:
    (tmp_path / "ntrex_news.jsonl").write_text(
        "\n".join(document.model_dump_json() for document in DOCUMENTS), "utf-8"
    )
    (tmp_path / "summedits_news.jsonl").write_text(
        f"{summary_line('Visser warned. Fifteen villages were not safe.', 0, 'entity_modification')}\n"
    )
    lines = "\n".join(report(tmp_path, each=2, fuzzy=0)).splitlines()
    titles = [line for line in lines if line and not line.startswith("|")]
    assert titles == [
        "Detected, statement and evidence in one language (its own sentence, the passage as context)",
        "Detected, evidence in another language",
        "False alarms on true pairs",
        "SummEdits news: the changed sentences of a summary against the whole article",
    ]
    first = lines[lines.index(titles[0]) : lines.index(titles[1])]
    assert [line.split(" | ")[0] for line in first if line.startswith("| ") and "·" not in line] == [
        "| pairs",
        *(f"| {edit}" for edit in Edit),
    ]
    everything = "1.000 [1.000, 1.000]"
    assert lines[-2:] == [
        f"| {name} | 1 | {everything} | {everything} | 0.000 [0.000, 0.000] | – |"
        for name in ("entity_modification", "every edit")
    ]
