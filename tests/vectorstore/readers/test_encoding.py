"""Encodings: read right or refused by name, never read wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vectorstore.model.errors import SourceError
from vectorstore.readers.encoding import decode

POLISH = (
    "Szwedzki minister obrony potępił w środę dostawy broni i żołnierzy do Rosji, mówiąc, "
    "że rosnąca współpraca wojskowa może zagrażać bezpieczeństwu regionu. Źródła to potwierdziły."
)
JAPANESE = (
    "スウェーデンの国防相は火曜日、東京で開かれた会合で、ロシアへの武器供与を非難した。軍"
    "事協力の拡大は地域の安全保障にも影響を与えかねないと述べた。"
)
TEXTS = {
    "windows-1251": (
        "Министр обороны Швеции осудил поставки оружия и войск в Россию, заявив, что растущее "
        "военное сотрудничество может повлиять на безопасность региона."
    ),
    "shift_jis": JAPANESE,
    "euc_jp": JAPANESE,
    "iso2022_jp": JAPANESE,
    "gb18030": (
        "瑞典国防大臣星期二在东京大学的研讨会上谴责向俄罗斯提供武器和军队，并表示日益增长的军"
        "事合作也可能影响地区安全。"
    ),
    "big5": (
        "瑞典國防大臣星期二在東京大學的研討會上譴責向俄羅斯提供武器和軍隊，並表示日益增長的軍"
        "事合作也可能影響地區安全。"
    ),
    "euc_kr": ("스웨덴 국방장관은 화요일 도쿄에서 열린 회의에서 러시아에 대한 무기 공급을 비난했다."),
    "windows-1252": (
        "La ministre suédoise de la Défense a déclaré mardi à Tokyo qu’elle était « très préoccupée "
        "» par la coopération militaire, et que l’été serait décisif. Señor Núñez lo confirmó."
    ),
    "windows-1250": POLISH,
    "iso8859-2": POLISH,
    "windows-1253": (
        "Ο Σουηδός υπουργός Άμυνας καταδίκασε την αποστολή όπλων και στρατευμάτων στη Ρωσία, λέγοντας "
        "ότι η αυξανόμενη στρατιωτική συνεργασία μπορεί να επηρεάσει την ασφάλεια της περιοχής."
    ),
    "windows-1254": (
        "İsveç Savunma Bakanı salı günü Tokyo'da yaptığı konuşmada Rusya'ya silah ve asker gönderilmes"
        "ini kınadı ve büyüyen askeri işbirliğinin bölgenin güvenliğini etkileyebileceğini söyledi."
    ),
    "cp874": ("รัฐมนตรีกลาโหมสวีเดนประณามการส่งอาวุธและทหารไปยังรัสเซีย โดยกล่าวว่าความร่วมมือทางทหารอาจส่งผลต่อความมั่นคง"),
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_old_encodings_are_told_by_their_text(encoding: str) -> None:
    text = TEXTS[encoding]
    assert decode(text.encode(encoding), "old.txt") == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_by_its_mark(encoding: str) -> None:
    assert decode("Zürich, 東京".encode(encoding), "new.txt") == "Zürich, 東京"
    assert decode(b"\xfe\xff" + "東京".encode("utf-16-be"), "new.txt") == "東京"


def test_what_a_page_declares_counts_before_a_guess() -> None:
    page = '<html><head><meta charset="iso-8859-1"></head><body>Ñandú “quoted”</body></html>'
    assert decode(page.encode("cp1252"), "page.html", is_html=True) == page


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "x.txt is empty; there is nothing to add"),
        (b" \n\t\r\n", "x.txt is empty; there is nothing to add"),
        (
            b"%PDF-1.7\n%\xe2\xe3",
            "x.txt is a PDF document, not text; convert it to .txt, .md, .html or .jsonl first",
        ),
        (
            b"PK\x03\x04rest",
            "x.txt is a ZIP archive or an office document, not text; "
            "convert it to .txt, .md, .html or .jsonl first",
        ),
        (bytes(range(256)) * 40, "x.txt is binary, not text; convert it to .txt, .md, .html or .jsonl first"),
        (
            "Kop\n\nTekst".encode("utf-16-le"),
            "x.txt is binary, not text; convert it to .txt, .md, .html or .jsonl first",
        ),
        (
            b"\xef\xbb\xbfKop \xff",
            "x.txt says it is utf-8 but is not, from byte 4; save it again as UTF-8",
        ),
        (
            b"\xff\xfeK",
            "x.txt says it is utf-16-le but is not, from byte 0; save it again as UTF-8",
        ),
        (
            b"\xc3\x28 \xa0\xa1 \xe2\x28\xa1",
            "x.txt is not UTF-8 and its encoding cannot be determined for certain; "
            "convert it first: iconv -f ENCODING -t UTF-8 'x.txt'",
        ),
    ],
)
def test_what_is_no_text_is_refused_by_name(data: bytes, message: str) -> None:
    with pytest.raises(SourceError) as error:
        decode(data, "x.txt")
    assert str(error.value) == message


PAIRS = {
    "windows-1251": "rus ukr bul",
    "koi8-r": "rus",
    "iso8859-5": "rus",
    "windows-1252": "nld deu fra spa por ita swe fin dan nob",
    "windows-1250": "pol ces hun ron hrv",
    "iso8859-2": "pol ces hun",
    "windows-1254": "tur",
    "windows-1253": "ell",
    "iso8859-7": "ell",
    "windows-1255": "heb",
    "windows-1256": "arb fas",
    "windows-1257": "lit lav est",
    "cp874": "tha",
    "shift_jis": "jpn",
    "euc_jp": "jpn",
    "gb18030": "zho-CN",
    "big5": "zho-TW",
    "euc_kr": "kor",
}


@pytest.mark.parametrize(
    "step", [pytest.param(120, id="short"), pytest.param(40, id="long", marks=pytest.mark.torture)]
)
def test_ntrex_in_old_encodings_is_read_right_or_refused(step: int, data: Path) -> None:
    lines = (data / "ntrex_sentences_128.jsonl").read_text("utf-8").splitlines()
    sentences = {record["lang"]: record["sentences"] for record in map(json.loads, lines)}
    outcomes = {"right": 0, "refused": 0}
    for encoding, languages in PAIRS.items():
        for language in languages.split():
            for first in range(0, 240, step):
                for count in (1, 2, 10, 40):
                    part = "\n\n".join(sentences[language][first : first + count])
                    encoded = part.encode(encoding, "ignore")
                    try:
                        assert decode(encoded, "x") == encoded.decode(encoding), (language, encoding, first)
                        outcomes["right"] += 1
                    except SourceError:
                        outcomes["refused"] += 1
    assert outcomes["right"] > 0.9 * sum(outcomes.values())
