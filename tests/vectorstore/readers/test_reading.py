"""Reading: text files whole, the seed, what the user gave, and everything that can be wrong with a file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.model.article import Article, Boilerplate, Precision, Provenance, Published, Role, Span
from vectorstore.model.errors import SourceError
from vectorstore.model.settings import ReadSettings
from vectorstore.readers import Given, read_path
from vectorstore.readers.discovery import SUFFIXES
from vectorstore.text.canonical import article_id, canonicalize

SEED = Path(__file__).parents[3] / "seeds" / "000_900c80e9f77e3d38.txt"
DAY = Published(datetime(2024, 12, 3, tzinfo=UTC), Precision.DAY, Provenance.TEXT)


def read(path: Path, user: Given = Given(), **limits: int) -> list[Article | str]:  # noqa: B008
    outcome = read_path(path, user, ReadSettings.model_validate(limits))
    return [str(item) if isinstance(item, SourceError) else item for item in outcome]


def only(path: Path, user: Given = Given()) -> Article:  # noqa: B008
    [article] = read(path, user)
    assert isinstance(article, Article)
    return article


def test_the_seed() -> None:
    text = SEED.read_text("utf-8")
    title = (
        "De Noord-Korea-Russische alliantie kan gevolgen hebben voor de veiligheid "
        "in de Indo-Pacifische regio: Zweden"
    )
    caption = text.index("De Zweedse minister van Defensie Pal Jonson spreekt")
    related = text.index("Gerelateerde dekking:")
    article = only(SEED)
    assert article == Article(
        id=article_id(text),
        text=text,
        language="nl",
        origin=str(SEED),
        location=str(SEED.absolute()),
        title=title,
        published=DAY,
        boilerplate=(
            Boilerplate(Span(0, len(title)), Role.TITLE),
            Boilerplate(Span(len(title) + 2, 2 * len(title) + 2), Role.REPEATED_TITLE),
            Boilerplate(Span(caption, text.index("(Kyodo)") + len("(Kyodo)")), Role.CAPTION),
            Boilerplate(Span(related, len(text.rstrip())), Role.RELATED),
        ),
    )
    assert text[related:].rstrip().endswith("wacht op politiek groen licht")


ARTICLES = {
    "nl": (
        "Kabinet stelt plan uit tot het voorjaar",
        "Amsterdam, 3 december 2024 – De minister zei dat hij het niet weet.",
    ),
    "en": (
        "Cabinet delays plan until spring",
        "LONDON, Dec. 3, 2024 (AP) -- The minister said that he did not know.",
    ),
    "de": (
        "Kabinett verschiebt Plan auf das Frühjahr",
        "Berlin, 3. Dezember 2024 – Der Minister sagte, dass er es nicht wisse.",
    ),
    "es": (
        "El Gobierno retrasa el plan a la primavera",
        "Madrid, 3 de diciembre de 2024 – El ministro dijo que no lo sabía.",
    ),
    "ru": (
        "Кабинет отложил план до весны",
        "Москва, 3 декабря 2024 года — Министр сказал, что не знает этого.",
    ),
    "ar": ("الحكومة تؤجل الخطة حتى الربيع", "القاهرة، 3 ديسمبر 2024 - قال الوزير إنه لا يعرف ذلك."),
    "hi": ("सरकार ने योजना वसंत तक टाली", "दिल्ली, 3 दिसंबर 2024 — मंत्री ने कहा कि उन्हें इसकी जानकारी नहीं है।"),
    "th": (
        "รัฐบาลเลื่อนแผนไปถึงฤดูใบไม้ผลิ",
        "กรุงเทพฯ, 3 ธันวาคม 2567 - รัฐมนตรีกล่าวว่าเขาไม่รู้เรื่องนี้ และจะไม่ตอบคำถามใดๆ.",
    ),
    "ja": ("政府、計画を春まで延期", "（東京、2024年12月3日）大臣はそれを知らないと述べた。"),
    "zh": ("政府将计划推迟到春天", "（北京，2024年12月3日）部长说他不知道这件事。"),
    "ko": ("정부, 계획을 봄까지 연기", "(서울, 2024년 12월 3일) 장관은 그것을 모른다고 말했다."),
    "vi": (
        "Chính phủ hoãn kế hoạch đến mùa xuân",
        "Hà Nội, ngày 3 tháng 12 năm 2024 – Bộ trưởng nói rằng ông không biết.",
    ),
}


@pytest.mark.parametrize("language", ARTICLES)
def test_a_text_file_in_each_language(language: str, tmp_path: Path) -> None:
    title, body = ARTICLES[language]
    path = tmp_path / "artikel.txt"
    path.write_bytes(f"\ufeff{title}\r\n\r\n{body}\r\n".encode())
    text = f"{title}\n\n{body}\n"
    assert read(path) == [
        Article(
            id=article_id(text),
            text=text,
            language=language,
            origin=str(path),
            location=str(path),
            title=title,
            published=DAY,
            boilerplate=(Boilerplate(Span(0, len(title)), Role.TITLE),),
        )
    ]


def test_what_is_given_overrides_the_file(tmp_path: Path) -> None:
    path = tmp_path / "artikel.txt"
    path.write_text("Kop\n\nAmsterdam, 3 december 2024 – De minister zei niets.")
    user = Given.parse(
        title="  Andere\tkop ",
        outlet="De Krant",
        authors=("Jan Jansen", "Piet"),
        published="2024-12-04T10:15+01:00",
        language="nld",
        url="https://example.com/a",
    )
    article = only(path, user)
    assert (article.title, article.outlet, article.authors) == (
        "Andere kop",
        "De Krant",
        ("Jan Jansen", "Piet"),
    )
    assert article.published == Published(
        datetime(2024, 12, 4, 9, 15, tzinfo=UTC), Precision.MINUTE, Provenance.GIVEN
    )
    assert (article.language, article.url, article.location) == ("nl", user.url, user.url)
    assert article.boilerplate == (Boilerplate(Span(0, 3), Role.TITLE),)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (
            {"published": "03/12/2024"},
            "--published '03/12/2024' is no full date, or could be two; "
            "write it like 2024-12-03 or 2024-12-03T10:15+01:00",
        ),
        ({"language": "Dutch"}, "--language 'Dutch' is no language code; write it like nl or pt-BR"),
        (
            {"url": "javascript:alert(1)"},
            "--url 'javascript:alert(1)' is no web address; write it like https://example.com/article",
        ),
    ],
)
def test_what_is_given_is_checked(typed: dict[str, str], message: str) -> None:
    with pytest.raises(SourceError) as error:
        Given.parse(**typed)  # type: ignore[arg-type]
    assert str(error.value) == message


def test_a_file_that_is_too_large_is_refused_with_the_setting(tmp_path: Path) -> None:
    path = tmp_path / "groot.txt"
    path.write_bytes(b"a " * 1_000_000)
    assert read(path, max_file_mb=1) == [
        f"{path} is 2 MB, more than the 1 MB that are read; split it or raise the setting read.max_file_mb"
    ]
    assert only(path).text == "a " * 1_000_000


def test_files_that_cannot_be_read_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "map.txt").mkdir()
    os.mkfifo(tmp_path / "pijp.txt")
    (tmp_path / "apparaat.txt").symlink_to("/dev/zero")
    (tmp_path / "leeg.txt").touch()
    (tmp_path / "stil.txt").write_text("… — …\n\n***")
    (tmp_path / "a.pdf").write_text("Tekst.")
    pipe = "is no regular file but a device, pipe or socket; save its content in a file"
    expected = {
        "map.txt": "is a folder; name the files in it, or add the folder",
        "pijp.txt": pipe,
        "apparaat.txt": pipe,
        "leeg.txt": "is empty; there is nothing to add",
        "stil.txt": "holds no text; there is nothing to add",
        "weg.txt": "cannot be read: No such file or directory; check the path",
        "a.pdf": "is of a kind that cannot be read; known are .txt, .md, .html, .htm, .jsonl",
    }
    assert {name: read(tmp_path / name) for name in expected} == {
        name: [f"{tmp_path / name} {why}"] for name, why in expected.items()
    }


def test_a_file_name_that_is_not_utf_8_is_written_out(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_text("Bob told of the ferry.", "utf-8")
    article = only(path)
    spelt = rf"{tmp_path}/caf\xe9.txt"
    assert (article.text, article.origin, article.location) == ("Bob told of the ferry.", spelt, spelt)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may read everything, so it is somebody else for as long as this lasts."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_a_file_without_permission_is_refused_by_name() -> None:
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "dicht.txt"
        path.write_text("Tekst.")
        assert only(path).text == "Tekst."  # Everything is imported by now.
        path.chmod(0)
        with as_nobody():
            refused = read(path)
        assert refused == [f"{path} cannot be read: Permission denied; check its permissions"]


def test_a_file_the_system_fails_to_read_is_refused_by_name() -> None:
    path = Path("/proc/self/mem")
    [message] = read(path.parent / "mem", max_file_mb=1)
    assert message == f"{path} is of a kind that cannot be read; known are .txt, .md, .html, .htm, .jsonl"


def test_an_input_output_error_while_reading_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "mem.txt"
    path.symlink_to("/proc/self/mem")  # a regular file whose first page cannot be read
    assert read(path) == [f"{path} cannot be read: Input/output error; check its permissions"]


def test_a_line_of_200_000_characters_is_an_article(tmp_path: Path) -> None:
    path = tmp_path / "lang.txt"
    path.write_text("De minister zei dat hij het niet weet. " * 5200)
    article = only(path)
    assert (len(article.text), article.language, article.title) == (202_800, "nl", None)


def test_one_paragraph_is_text_not_title(tmp_path: Path) -> None:
    path = tmp_path / "kort.txt"
    path.write_text("Alleen een regel zonder punt")
    assert (only(path).title, only(path).boilerplate) == (None, ())


JUNK = st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))


@given(JUNK, st.sampled_from(SUFFIXES), st.sampled_from([b"", b"---\na: ", b"<html><p>", b'{"text": "a"}\n']))
def test_any_bytes_give_articles_or_reasons(junk: bytes, suffix: str, start: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        path.write_bytes(start + junk)
        outcome = list(read_path(path, Given(), ReadSettings.model_validate({})))
    assert outcome
    for item in outcome:
        if isinstance(item, SourceError):
            assert str(path) in str(item)
            assert item.__cause__ is None or "cannot be read (" not in str(item)
        else:
            assert item.text == canonicalize(item.text)
            assert item.id == article_id(item.text)
            assert all(0 <= mark.span.start < mark.span.end <= len(item.text) for mark in item.boilerplate)
            assert all(a.span.end <= b.span.start for a, b in pairwise(item.boilerplate))


def test_a_library_that_chokes_is_one_files_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def choke(text: str, name: str) -> None:
        raise RecursionError("too deep")

    path = tmp_path / "a.md"
    path.write_text("Tekst.")
    monkeypatch.setattr("vectorstore.readers.markdown.read_markdown", choke)
    assert read(path) == [f"{path} cannot be read (RecursionError: too deep); save it as .txt"]
