"""An embedder behind a server: real HTTP, a scripted peer."""

from __future__ import annotations

import json
import math
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.peers.scripted_openai import EmbeddingStep, Raw, Request, ScriptedOpenAI, Status, Vectors
from vectorstore import EmbedderSettings, SetupError
from vectorstore.embedding import EndpointEmbedder


def connect(address: str, **settings: Any) -> EndpointEmbedder:
    given = {"max_retries": 0, "timeout_seconds": 60, "base_url": address} | settings
    dimension = given.pop("dimension", None)
    return EndpointEmbedder(EmbedderSettings(**given), "tiny", {}, dimension=dimension)


def inputs(server: ScriptedOpenAI) -> list[list[str]]:
    return [request.body["input"] for request in server.requests]


def answer(*steps: EmbeddingStep) -> Callable[[Request], EmbeddingStep]:
    """Each request for embeddings takes the next step; the last one is repeated."""
    left = list(steps)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@pytest.fixture
def free_address() -> Iterator[str]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


def test_vectors_are_of_unit_length_in_the_order_given_and_tokens_are_the_servers_count() -> None:
    reply = {
        "object": "list",
        "model": "tiny",
        "data": [
            {"object": "embedding", "index": 1, "embedding": [0.0, 2.0]},
            {"object": "embedding", "index": 0, "embedding": [3.0, 4.0]},
        ],
        "usage": {"prompt_tokens": 7, "total_tokens": 7},
    }
    with ScriptedOpenAI(embeddings=answer(Raw(json.dumps(reply).encode()))) as server:
        embedder = connect(server.url)
        vectors = embedder.embed_passages(["one", "two"])
        assert (vectors.dtype, vectors.shape) == (np.float32, (2, 2))
        np.testing.assert_allclose(vectors, [[0.6, 0.8], [0, 1]], rtol=1e-6)
        assert (embedder.tokens, embedder.dimension) == (7, 2)
        assert embedder.fingerprint == "openai-tiny@127.0.0.1-2"
        (request,) = server.requests
        assert request.body == {"input": ["one", "two"], "model": "tiny", "encoding_format": "float"}


def test_the_length_of_vectors_is_asked_for_only_when_it_is_not_known() -> None:
    with ScriptedOpenAI() as server:
        assert connect(server.url, dimension=12).fingerprint == "openai-tiny@127.0.0.1-12"
        assert connect(server.url, dimension=12).embed_passages([]).shape == (0, 12)
        assert server.requests == []
        assert connect(server.url, dimensions=8).dimension == 8
        assert server.requests[0].body["dimensions"] == 8


def test_requests_are_bounded_by_number_and_by_tokens() -> None:
    with ScriptedOpenAI() as server:
        embedder = connect(server.url, batch_size=3, batch_tokens=512)
        vectors = embedder.embed_passages(["a"] * 4 + ["é" * 600] * 3 + ["b"])
        assert vectors.shape == (8, 8)
        assert [len(batch) for batch in inputs(server)] == [3, 2, 1, 2]
        long = "x" * 10_000
        assert embedder.embed_passages([long]).shape == (1, 8)
        assert inputs(server)[-1] == [long]


def test_what_cannot_be_sent_is_sent_as_something_near() -> None:
    with ScriptedOpenAI(embeddings=answer(Vectors([PLAIN, PLAIN]))) as server:
        assert connect(server.url).embed_passages(["", "a\ud800b\x00"]).shape == (2, 8)
        assert inputs(server) == [[" ", "a\ufffdb\x01"]]


@pytest.mark.parametrize("prefix", ["/v1", ""])
@pytest.mark.parametrize("written", ["", "/", "/v1", "/v1/embeddings"])
def test_the_address_may_have_v1_or_not(prefix: str, written: str) -> None:
    with ScriptedOpenAI(prefix=prefix) as server:
        embedder = connect(server.root + written)
        embedder.embed_passages(["one"])
        embedder.embed_passages(["two"])
        assert [request.path for request in server.requests][-1] == f"{prefix}/embeddings"
        assert len(server.requests) <= 3


def test_a_key_goes_where_it_belongs_and_stands_in_no_message() -> None:
    def refuse(request: Request) -> Status:
        return Status(400, f"I do not like {request.header('authorization')}")

    with ScriptedOpenAI(key="sk-right") as server:
        settings = EmbedderSettings(base_url=server.url, max_retries=0)
        with pytest.raises(SetupError, match="wants a key, and none is set for it"):
            EndpointEmbedder(settings, "tiny", {"OPENAI_API_KEY": "sk-right"}).embed_query("x")
        settings = EmbedderSettings(max_retries=0)
        environ = {"OPENAI_API_KEY": "sk-right", "OPENAI_BASE_URL": server.url}
        assert EndpointEmbedder(settings, "tiny", environ).dimension == 8
        assert connect(server.url, api_key="sk-right").dimension == 8
        assert server.requests[0].header("authorization") == "Bearer none"
    with ScriptedOpenAI(embeddings=refuse) as server:
        with pytest.raises(SetupError) as refused:
            connect(server.url, api_key="sk-secret").embed_query("x")
        assert "I do not like Bearer ••••" in str(refused.value)


def test_without_a_server_the_ways_to_name_one_are_told() -> None:
    with pytest.raises(SetupError) as refused:
        EndpointEmbedder(EmbedderSettings(), "tiny", {})
    assert str(refused.value) == (
        "The embedder openai:tiny needs a server, and none is configured. Next: export OPENAI_API_KEY=…, "
        "or pullquote config set embedder.base_url http://HOST:PORT/v1"
    )


PLAIN = [0.5] * 8
CASES: dict[str, tuple[EmbeddingStep, str]] = {
    "wrong key": (
        Status(401, "Incorrect API key provided."),
        "{url} does not accept the key. Next: set the right one in OPENAI_API_KEY, or for another server "
        "than OpenAI in PULLQUOTE_EMBEDDER__API_KEY",
    ),
    "redirect": (
        Status(307, headers={"location": "http://169.254.169.254/latest"}),
        "{url} sends the request elsewhere (307), which is not followed. "
        "Next: set embedder.base_url to the server's own address",
    ),
    "no such model": (
        Status(404, "The model `tiny` does not exist", code="model_not_found"),
        "{url} has no model tiny: The model `tiny` does not exist. "
        "Next: pullquote reembed --embedder openai:NAME",
    ),
    "no such address": (
        Status(404, "Not Found"),
        "{url} is not the address of an OpenAI-compatible server (404). "
        "Next: pullquote config set embedder.base_url http://HOST:PORT/v1",
    ),
    "too many requests": (
        Status(429, "Slow down", headers={"retry-after": "17"}),
        "{url} gets too many requests (429) and was asked again in vain. Next: try again in 17 s",
    ),
    "nothing left": (
        Status(429, "You exceeded your current quota", code="insufficient_quota"),
        "The account at {url} has nothing left to spend: You exceeded your current quota. "
        "Top it up, then try again",
    ),
    "out of order": (
        Status(500, "boom"),
        "{url} fails (500): boom. Next: try again later",
    ),
    "not for embeddings": (
        Status(501, "This server does not support embeddings. Start it with `--embeddings`"),
        "{url} serves no embeddings (501): This server does not support embeddings. Start it with "
        "`--embeddings`. Next: start it with embeddings switched on (llama.cpp: --embeddings), or set "
        "embedder.base_url to another server",
    ),
    "too much at once": (
        Status(413, "batch size 4 > maximum allowed batch size 2"),
        "{url} does not take 4 passages at once (413): batch size 4 > maximum allowed batch size 2. "
        "Next: pullquote config set embedder.batch_size 2",
    ),
    "does not shorten": (
        Status(400, "This model does not support specifying dimensions."),
        "{url} does not take the request for tiny (400): This model does not support specifying dimensions. "
        "Next: check embedder.dimensions and embedder.base_url in `pullquote config`",
    ),
    "too few vectors": (
        Vectors([PLAIN] * 3),
        "{url} gave 3 vectors of tiny for 4 texts, or not one for each. "
        "Next: pullquote config set embedder.batch_size 1, or use another server",
    ),
    "another length": (
        Vectors([[0.5] * 12] * 4),
        "{url} gives vectors of 12 numbers for tiny, and gave 8 before: they cannot be compared. Next: put "
        "the former model or embedder.dimensions back, or make new vectors: "
        "pullquote reembed --embedder openai:tiny",
    ),
    "not a number": (
        Vectors([PLAIN, PLAIN, [math.nan] * 8, PLAIN]),
        "{url} gave a vector of tiny that is not finite, or all zeros. Next: look at the server's log; "
        "another build or precision of the model may help",
    ),
    "nulls": (
        Vectors([PLAIN, PLAIN, [None] * 8, PLAIN]),
        "{url} gave a vector of tiny that is not finite, or all zeros. Next: look at the server's log; "
        "another build or precision of the model may help",
    ),
    "all zeros": (
        Vectors([PLAIN, PLAIN, [0.0] * 8, PLAIN]),
        "{url} gave a vector of tiny that is not finite, or all zeros. Next: look at the server's log; "
        "another build or precision of the model may help",
    ),
    "ragged": (
        Vectors([PLAIN, PLAIN, [0.5], PLAIN]),
        "{url} replied to a request for vectors of tiny with something else. Next: check embedder.base_url, "
        "and that the server speaks OpenAI's /v1/embeddings",
    ),
    "a web page": (
        Raw(b"<html>Welcome</html>", "text/html"),
        "{url} replied to a request for vectors of tiny with something else. Next: check embedder.base_url, "
        "and that the server speaks OpenAI's /v1/embeddings",
    ),
    "broken JSON": (
        Raw(b'{"data": ['),
        "{url} replied to a request for vectors of tiny with something else. Next: check embedder.base_url, "
        "and that the server speaks OpenAI's /v1/embeddings",
    ),
    "no vectors at all": (
        Raw(b'{"object": "list", "data": null}'),
        "{url} replied to a request for vectors of tiny with something else. Next: check embedder.base_url, "
        "and that the server speaks OpenAI's /v1/embeddings",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_whatever_goes_wrong_names_the_server_and_the_next_step(case: str) -> None:
    step, message = CASES[case]
    with ScriptedOpenAI(embeddings=answer(None, step)) as server:
        embedder = connect(server.url, api_key="sk-1")
        assert embedder.dimension == 8
        with pytest.raises(SetupError) as refused:
            embedder.embed_passages(["one", "two", "three", "four"])
        assert str(refused.value) == message.format(url=server.url)
        assert type(refused.value) is SetupError


def test_the_client_asks_again_after_a_429_and_a_500() -> None:
    steps = answer(Status(429, "Slow down", headers={"retry-after": "0.01"}), Status(500, "boom"), None)
    with ScriptedOpenAI(embeddings=steps) as server:
        assert connect(server.url, max_retries=2).dimension == 8
        assert len(server.requests) == 3


def test_a_server_that_is_not_there_is_named(free_address: str) -> None:
    with pytest.raises(SetupError) as refused:
        connect(free_address).embed_query("x")
    assert str(refused.value) == (
        f"{free_address} cannot be reached: [Errno 111] Connection refused. "
        "Next: start the server or check embedder.base_url"
    )


def test_a_password_in_the_address_is_not_shown(free_address: str) -> None:
    with pytest.raises(SetupError) as refused:
        connect(free_address.replace("//", "//me:sesame@")).embed_query("x")
    assert str(refused.value).startswith(f"{free_address} cannot be reached")


def test_a_silent_server_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        with pytest.raises(SetupError) as refused:
            connect(address, timeout_seconds=0.2).embed_query("x")
    assert str(refused.value) == (
        f"{address} sent nothing in time. Next: try again, or raise embedder.timeout_seconds with "
        "`pullquote config set`"
    )


def test_a_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with ScriptedOpenAI() as server:
        monkeypatch.setenv("http_proxy", server.root)
        assert connect("http://model.test/v1").fingerprint == "openai-tiny@model.test-8"
        assert server.requests[0].path == "http://model.test/v1/embeddings"


def test_a_certificate_of_ones_own_is_trusted_when_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=127.0.0.1",
    ]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-out", str(certificate), "-keyout", str(key)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with ScriptedOpenAI(tls=context) as server:
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        with pytest.raises(SetupError) as refused:
            connect(server.url).embed_query("x")
        assert str(refused.value) == (
            f"{server.url} shows a certificate that is not trusted here. Next: export "
            "SSL_CERT_FILE=/path/to/its-ca.pem when it is your own server"
        )
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert connect(server.url).dimension == 8
