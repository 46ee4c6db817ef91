from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import tiktoken.registry
import tiktoken_ext.openai_public
from hypothesis import given
from hypothesis import strategies as st

from agent.llm import ChatModel, ModelSettings, tokens
from agent.llm.tokens import count_with, encoding_name
from tests.agent.llm.conftest import Connect

NEWS = {
    "en": "The government said on Tuesday that it would raise taxes on fuel by three percent from next year.",
    "nl": "De regering zei dinsdag dat zij de accijns op brandstof volgend jaar met drie procent verhoogt.",
    "ar": "قالت الحكومة يوم الثلاثاء إنها سترفع الضرائب على الوقود بنسبة ثلاثة بالمئة.",
    "ja": "政府は火曜日、来年から燃料税を3パーセント引き上げると述べた。",
}


def forget_encodings() -> None:
    """As in a new process: tiktoken keeps what it has made for good."""
    tokens._load.cache_clear()
    tiktoken.registry.ENCODINGS.clear()


@pytest.fixture
def afresh() -> None:
    forget_encodings()


@pytest.mark.parametrize(
    ("model", "encoding"),
    [
        ("gpt-5.4-mini", "o200k_base"),
        ("gpt-4.1-mini-2025-04-14", "o200k_base"),
        ("openai/gpt-4o", "o200k_base"),
        ("gpt-oss-120b", "o200k_harmony"),
        ("gpt-4", "cl100k_base"),
        ("text-embedding-3-small", "cl100k_base"),
        ("text-davinci-003", None),
        ("gpt-6-sol", None),
        ("llama-3.1-8b", None),
    ],
)
def test_which_models_are_counted_exactly(model: str, encoding: str | None) -> None:
    assert encoding_name(model) == encoding


@pytest.mark.parametrize("encoding", ["o200k_base", "cl100k_base", "o200k_harmony"])
def test_the_encodings_load_without_a_network_and_are_tiktokens_own(
    afresh: None, encoding: str, findings: Path
) -> None:
    """Sockets are blocked here; the checksum is the one tiktoken was released with."""
    constructors = tiktoken_ext.openai_public.ENCODING_CONSTRUCTORS
    assert count_with(encoding, "hello world", findings) == 2
    (file,) = (findings / "tiktoken").iterdir()
    checksum = hashlib.sha256(file.read_bytes()).hexdigest()
    assert checksum in constructors[encoding.replace("harmony", "base")].__code__.co_consts


def test_known_counts(findings: Path) -> None:
    """Counted with bpe-openai 0.1.4, another implementation with files of its own."""
    counts = {
        name: (count_with("o200k_base", text, findings), count_with("cl100k_base", text, findings))
        for name, text in NEWS.items()
    }
    assert counts == {"en": (19, 19), "nl": (21, 31), "ar": (18, 57), "ja": (27, 35)}


def test_a_damaged_file_is_unpacked_again(afresh: None, findings: Path) -> None:
    count_with("o200k_base", "hello", findings)
    (file,) = (findings / "tiktoken").iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:1000])
    forget_encodings()
    assert count_with("o200k_base", "hello world", findings) == 2
    assert file.read_bytes() == whole


@given(st.text(st.characters()))
def test_any_text_can_be_counted(text: str) -> None:
    known = ChatModel.connect(ModelSettings(api_key="sk-x"), CACHE, {})  # type: ignore[arg-type]
    unknown = ChatModel.connect(ModelSettings(base_url="http://127.0.0.1:1", name="m"), CACHE, {})
    assert known is not None
    assert unknown is not None
    exact, estimate = known.count_tokens(text), unknown.count_tokens(text)
    assert exact <= estimate
    assert (exact > 0) is bool(text)


@pytest.fixture(autouse=True, scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> None:
    global CACHE
    CACHE = tmp_path_factory.mktemp("tokens")


CACHE = Path()


def test_control_tokens_in_an_article_are_text(connect: Connect) -> None:
    chat = connect("http://127.0.0.1:1/v1", name="gpt-4o")
    assert chat.count_tokens("<|endoftext|>") == 7


def test_estimates_follow_what_the_server_reports(connect: Connect) -> None:
    chat = connect("http://127.0.0.1:1/v1", name="own-model")
    text = " ".join(NEWS.values()) * 5
    exact = connect("http://127.0.0.1:1/v1", name="gpt-4o").count_tokens(text)
    first = chat.count_tokens(text)
    assert first == -(-exact * 14 // 10)
    real = 2 * exact
    for _ in range(20):
        chat.learn(chat.count_tokens(text), real)
    learnt = chat.count_tokens(text)
    assert abs(learnt - real) <= 0.05 * real
    assert connect("http://127.0.0.1:1/v1", name="own-model").count_tokens(text) == learnt
    assert connect("http://127.0.0.1:1/v1", name="other").count_tokens(text) == first
    for _ in range(400):
        chat.learn(chat.count_tokens(text), exact)
    assert abs(chat.count_tokens(text) - exact) <= 0.1 * exact


def test_nothing_is_learnt_where_counts_are_exact_or_reports_empty(connect: Connect) -> None:
    exact = connect("http://127.0.0.1:1/v1", name="gpt-4o")
    before = exact.count_tokens(NEWS["en"])
    exact.learn(100, 900)
    assert exact.count_tokens(NEWS["en"]) == before
    unknown = connect("http://127.0.0.1:1/v1", name="own-model")
    before = unknown.count_tokens(NEWS["en"])
    unknown.learn(0, 900)
    unknown.learn(900, 0)
    assert unknown.count_tokens(NEWS["en"]) == before


def test_without_a_place_to_unpack_the_count_is_an_estimate_from_above(afresh: None, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    chat = ChatModel.connect(ModelSettings(api_key="sk-x"), file, {})  # type: ignore[arg-type]
    assert chat is not None
    for text in NEWS.values():
        count = chat.count_tokens(text)
        assert count == -(-len(text.encode()) // 3)
