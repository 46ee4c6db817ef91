"""`reembed` as its user sees it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.agent.chat.terminal import Terminal
from tests.agent.cli.conftest import Ran
from tests.peers.scripted_openai import ScriptedOpenAI, Status
from vectorstore.index import ChromaStore

TEXT = "The ferry to Texel sank on Monday.\n\nAll of the nine passengers were rescued by a fishing boat.\n"
E5 = "multilingual-e5-small-"


@pytest.fixture
def server() -> Iterator[ScriptedOpenAI]:
    with ScriptedOpenAI() as running:
        yield running


@pytest.fixture(autouse=True)
def library(
    tmp_path: Path, pullquote: Callable[..., Ran], server: ScriptedOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ferry.txt"
    path.write_text(TEXT, "utf-8")
    assert pullquote("add", str(path)).code == 0
    monkeypatch.setenv("PULLQUOTE_EMBEDDER__BASE_URL", server.url)
    monkeypatch.setenv("PULLQUOTE_EMBEDDER__MAX_RETRIES", "0")


def test_there_and_back_and_nothing_has_to_be_edited(
    pullquote: Callable[..., Ran], server: ScriptedOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = pullquote("reembed", "--embedder", "openai:tiny")
    tokens = server.requests[1].prompt_tokens
    assert (there.code, there.out) == (0, "")
    assert there.err.splitlines() == [
        "To be embedded by openai-tiny@127.0.0.1-8: 1 passage, about 32 tokens, at a price that is not known "
        "(embedder.price).",
        "1 of 1 passage",
        f"The library is now of openai-tiny@127.0.0.1-8: 1 passage ({tokens} tokens).",
    ]
    asked = pullquote("ask", "who were rescued?")
    assert asked.code == 0
    assert "All of the nine passengers were rescued by a fishing boat." in asked.out
    assert server.requests[-1].body["input"] == ["who were rescued?"]
    doctor = pullquote("doctor")
    assert doctor.code == 0
    assert doctor.out.splitlines()[2] == (
        "ok      embedder: openai-tiny@127.0.0.1-8, 8 dimensions; "
        "a new library would be of e5 (embedder.model)"
    )
    again = pullquote("reembed", "--embedder", "openai:tiny")
    assert again.err == "The library's vectors are those of openai-tiny@127.0.0.1-8 already.\n"
    monkeypatch.setenv("PULLQUOTE_EMBEDDER__PRICE", "200")
    back = pullquote("reembed", "--embedder", "e5")
    first, last = back.err.splitlines()[0], back.err.splitlines()[-1]
    assert first.startswith(f"To be embedded by {E5}") and first.endswith(": 1 passage.")
    assert last.startswith(f"The library is now of {E5}") and last.endswith(": 1 passage.")
    dear = pullquote("reembed", "--embedder", "openai:tiny")
    assert dear.err.splitlines()[0] == (
        "To be embedded by openai-tiny@127.0.0.1-8: 1 passage, about 32 tokens, $0.0064."
    )
    assert dear.err.splitlines()[-1] == (
        f"The library is now of openai-tiny@127.0.0.1-8: 1 passage ({tokens} tokens, "
        f"${tokens * 200 / 1e6:.4f})."
    )


@pytest.mark.parametrize("is_new", [False, True])
def test_a_chat_adds_to_a_library_of_another_embedder(
    pullquote: Callable[..., Ran],
    server: ScriptedOpenAI,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_new: bool,
) -> None:
    if is_new:
        monkeypatch.setenv("PULLQUOTE_LIBRARY", str(tmp_path / "new"))
        monkeypatch.setenv("PULLQUOTE_EMBEDDER__MODEL", "openai:tiny")
    else:
        assert pullquote("reembed", "--embedder", "openai:tiny").code == 0
    train = tmp_path / "train.txt"
    train.write_text("The night train to Vienna runs again from May.\n", "utf-8")
    script = f"/add {train}\nwhen does the night train to Vienna run again?\n".encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(script), "utf-8"))
    sat = pullquote("chat")
    assert (sat.code, sat.err.splitlines()[-2]) == (0, "1 added"), sat.err
    assert "  [1] “The night train to Vienna runs again from May.”\n" in sat.out
    assert server.requests[-1].body["input"] == ["when does the night train to Vienna run again?"]


def test_a_large_run_is_asked_about(
    pullquote: Callable[..., Ran], server: ScriptedOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULLQUOTE_EMBEDDER__CONFIRM_TOKENS", "31")
    refused = pullquote("reembed", "--embedder", "openai:tiny")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.splitlines()[1:] == [
        "pullquote: That is a large run, and no one can be asked here. Say it again with --yes, or raise "
        "embedder.confirm_tokens. Nothing has been sent."
    ]
    assert [request.body["input"] for request in server.requests] == [["What is new?"]]
    assert pullquote("reembed", "--embedder", "e5").code == 0  # Nothing leaves the machine.
    for answer, code, said in (
        ("n", 130, "Nothing has been sent."),
        ("y", 0, "The library is now of openai-tiny@127.0.0.1-8"),
    ):
        with Terminal("reembed", "--embedder", "openai:tiny", columns=200) as terminal:
            terminal.wait("Go on")
            terminal.send(f"{answer}\r")
            assert terminal.wait_for_end() == code
            assert said in terminal.text
    assert pullquote("reembed", "--embedder", "e5", "--yes").code == 0
    assert pullquote("reembed", "--embedder", "openai:tiny", "--yes").code == 0


def test_stopped_when_the_new_vectors_are_in_place_it_says_so(
    pullquote: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ChromaStore, "adopt", stop)
        stopped = pullquote("reembed", "--embedder", "openai:tiny")
    assert stopped.code == 130
    assert stopped.err.splitlines()[-1] == "The library is now of openai-tiny@127.0.0.1-8."
    assert "rescued by a fishing boat" in pullquote("ask", "who were rescued?").out
    assert pullquote("doctor").code == 0


def test_a_failure_says_what_is_kept(
    pullquote: Callable[..., Ran], server: ScriptedOpenAI, tmp_path: Path
) -> None:
    server.embeddings = lambda _: (
        Status(401, "Incorrect API key provided.") if len(server.requests) > 1 else None
    )
    failed = pullquote("reembed", "--embedder", "openai:tiny")
    assert failed.code == 2
    assert failed.err.splitlines()[1:] == [
        "Stopped with 0 of 1 passage embedded and stored; the same command continues from there. Until then "
        "the library is searched as before.",
        f"pullquote: {server.url} wants a key, and none is set for it; OPENAI_API_KEY is sent to OpenAI and "
        "to OPENAI_BASE_URL only. Next: export PULLQUOTE_EMBEDDER__API_KEY=…",
    ]
    doctor = pullquote("doctor")
    assert doctor.code == 0
    unfinished = doctor.out.splitlines()[3]
    assert unfinished.startswith("ok      reembed: unfinished since 2")
    assert unfinished.endswith(
        "UTC: 0 of 1 passage by openai-tiny@127.0.0.1-8; `pullquote reembed` resumes it"
    )
    assert "rescued by a fishing boat" in pullquote("ask", "who were rescued?").out
    server.embeddings = None
    other = pullquote("reembed", "--embedder", "openai:other")
    assert other.err.splitlines()[0] == (
        "The unfinished run of openai-tiny@127.0.0.1-8 (0 passages) is given up."
    )
    assert other.code == 0
    assert len(pullquote("doctor").out.splitlines()) == 3


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--embedder", "word2vec"], "'word2vec' is none of e5, e5:FOLDER and openai:MODEL."),
        (["--embedder", "openai:"], "'openai:' is none of e5, e5:FOLDER and openai:MODEL."),
    ],
)
def test_an_unknown_embedder_is_bad_usage(
    pullquote: Callable[..., Ran], words: list[str], message: str
) -> None:
    refused = pullquote("reembed", *words)
    assert refused.code == 2
    assert f"Invalid value for --embedder: {message}" in refused.err


def test_without_a_library_there_is_nothing_to_do(pullquote: Callable[..., Ran], tmp_path: Path) -> None:
    refused = pullquote("--library", str(tmp_path / "none"), "reembed", "--embedder", "openai:tiny")
    assert (refused.code, refused.err) == (
        2,
        f"pullquote: There is no library at {tmp_path / 'none' / 'library.db'} yet. Add articles first: "
        "`pullquote add PATH`.\n",
    )


def test_a_folder_that_holds_no_model_is_named(pullquote: Callable[..., Ran], tmp_path: Path) -> None:
    refused = pullquote("reembed", "--embedder", f"e5:{tmp_path}")
    assert (refused.code, refused.err) == (
        2,
        f"pullquote: {tmp_path} is no e5 export: it needs model.onnx (or onnx/model.onnx) and "
        "tokenizer.json\n",
    )
