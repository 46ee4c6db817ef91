"""Words as the lexical index keeps them, in many scripts."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.text.terms import LONGEST_TERM, index_terms, query_terms, split_terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Zürich, ZÜRICH; Straße économie", "zurich zurich strasse economie"),
        ("Łódź Ørsted Đorđe Ísafjörður œuvre", "lodz orsted dorde isafjordur oeuvre"),
        ("İstanbul DİYARBAKIR ılık", "istanbul diyarbakir ilik"),
        ("Việt Nam phở", "viet nam pho"),
        ("ΆΝΘΡΩΠΟΣ άνθρωπος ΐ", "ανθρωποσ ανθρωποσ ι"),
        ("Ёлка ёлка ЙОГА", "елка елка иога"),
        ("مُحَمَّدٌ أحمد كتـــاب", "محمد احمد كتاب"),
        ("ایران ایک", "ايران ايك"),
        ("שָׁלוֹם", "שלום"),
        ("٣٤ ४५ 12", "34 45 12"),
        ("हिन्दी कुल किताब", "हिन्दी कुल किताब"),
        (
            "don't l'économie G7 1.234,56 c++ co\u00adoperate a\u200db",
            "don t l economie g7 1 234 56 c cooperate ab",
        ),
        ("ＦＵＬＬ ﬁnd ½", "full find 1 2"),
        ("東京で大地震", "東京 京で で大 大地 地震"),
        ("ﾊﾟﾘ が か 美", "パリ が か 美"),
        ("葛\U000e0100城市", "葛城 城市"),
        ("Xi習近平2024年", "xi 習近 近平 2024 年"),
        ("대통령이 한국", "대통 통령 령이 한국"),
        ("น้ำท่วม", "น้ํา าท่ ท่ว วม"),
        ("ທ່ານ", "ທ່າ ານ"),
        ("မြန်မာ", "မြန် န်မာ"),
        ("ខ្មែរ", "ខ្មែ មែរ"),
        ("😀 — … \x00 \n", ""),
        ("\U0001e900\U0001e922 ", "\U0001e922\U0001e922"),
        ('foo AND "bar OR NEAR(x) col:y *', "foo and bar or near x col y"),
    ],
)
def test_terms(text: str, terms: str) -> None:
    expected = [unicodedata.normalize("NFC", term) for term in terms.split()]
    assert split_terms(text) == expected
    assert index_terms(text) == " ".join(expected)


def test_a_question_asks_for_each_term_once() -> None:
    assert query_terms("The cat and THE dog, the Cat?") == ("the", "cat", "and", "dog")
    assert query_terms("…") == ()


def test_terms_have_a_longest() -> None:
    assert split_terms("x" * 200_000) == ["x" * LONGEST_TERM]
    assert max(map(len, split_terms("ก" + "้" * 200))) == LONGEST_TERM


@given(st.text())
def test_terms_hold_nothing_that_separates(text: str) -> None:
    terms = split_terms(text)
    assert index_terms(text).split(" ") == (terms or [""])
    assert all(unicodedata.category(character)[0] in "LNM" for term in terms for character in term)
    assert all(len(term) <= LONGEST_TERM for term in terms)


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Lo", "Mn", "Nd", "Zs"])))
def test_form_and_case_do_not_count(text: str) -> None:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert split_terms(unicodedata.normalize(form, text)) == split_terms(text)
    assert split_terms(text.casefold()) == split_terms(text)
