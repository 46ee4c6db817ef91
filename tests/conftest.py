"""What every test gets: a home of its own, no settings from outside, one embedder for the whole run."""

from __future__ import annotations

import lzma
import os
import signal
import ssl
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpcore2
import pytest
import typer.main
from filelock import FileLock
from hypothesis import Phase, settings
from sqlalchemy import Engine

from agent.settings.paths import DATA_VARIABLE
from tests.peers.llama_cpp import RunLlamaCpp, run_llama_cpp, why_not
from vectorstore.embedding import E5Embedder, Embedder
from vectorstore.text.identifier import load_identifier

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what it puts in the background so; tests of Ctrl-C need what a terminal gives.
    signal.signal(signal.SIGINT, signal.default_int_handler)


# A busy machine makes any example slow. Explaining failures would trace every line of every example.
settings.register_profile(
    "suite", deadline=None, max_examples=40, phases=[phase for phase in Phase if phase is not Phase.explain]
)
settings.register_profile("torture", settings.get_profile("suite"), max_examples=400)
settings.load_profile("suite")


def pytest_xdist_auto_num_workers() -> int:
    """Of `-n auto`: one worker more than processors, since many tests wait for processes they start."""
    return len(os.sched_getaffinity(0)) + 1


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder for the worker; the models' files in it are built once for all workers."""
    folder = tmp_path_factory.mktemp("cache")
    if "PYTEST_XDIST_WORKER" in os.environ:
        built = tmp_path_factory.getbasetemp().parent / "models"
        with FileLock(f"{built}.lock"):
            if not built.is_dir():
                E5Embedder.bundled(built, threads=1).embed_query("build the tokenizer too")
                load_identifier(built)
        for file in built.iterdir():
            (folder / file.name).hardlink_to(file)
    return folder


@pytest.fixture(scope="session")
def embedder(cache: Path) -> Embedder:
    """The bundled embedder."""
    return E5Embedder.bundled(cache, threads=2)


@pytest.fixture(scope="session", autouse=True)
def one_embedder() -> Iterator[None]:
    """Load the bundled embedder once a worker, and encode a text once: most tests have the same articles."""
    load = lru_cache(E5Embedder.bundled)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(E5Embedder, "bundled", lambda cache_dir, threads: load(cache_dir, threads))
        patch.setattr(E5Embedder, "_encode", lru_cache(maxsize=1_000)(E5Embedder._encode))
        yield


@pytest.fixture(scope="session", autouse=True)
def one_command_tree() -> Iterator[None]:
    """Build the commands' parsers once a worker, not for each command that a test runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.main, "get_command", lru_cache(typer.main.get_command))
        yield


@pytest.fixture(scope="session", autouse=True)
def one_statement_cache() -> Iterator[None]:
    """Compile each SQL statement once a worker, not for each library that a test opens."""
    compiled: dict[str, Any] = {}
    start = Engine.__init__

    def start_sharing(engine: Engine, *arguments: Any, **options: Any) -> None:
        start(engine, *arguments, **options)
        engine.dialect = compiled.setdefault("dialect", engine.dialect)
        engine._compiled_cache = compiled.setdefault("cache", engine._compiled_cache)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "__init__", start_sharing)
        yield


@pytest.fixture(scope="session", autouse=True)
def one_ssl_context() -> Iterator[None]:
    """Read the same certificates once a worker, not for each client that a test makes."""
    load = httpcore2.default_ssl_context

    @lru_cache
    def load_once(trusts_environ: bool, file: str | None, folder: str | None) -> ssl.SSLContext:
        return load(_trust_env=trusts_environ)

    def find(*, _trust_env: bool = True) -> ssl.SSLContext:
        return load_once(_trust_env, os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpcore2, "default_ssl_context", find)
        yield


@pytest.fixture(scope="session", autouse=True)
def one_unpacking() -> Iterator[None]:
    """Decompress a token encoding once a worker, though each test has a cache folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lzma, "decompress", lru_cache(maxsize=2)(lzma.decompress))
        yield


@pytest.fixture(autouse=True)
def home(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty `PULLQUOTE_HOME`; nothing of the caller's environment is read."""
    for name in list(os.environ):
        if name.upper().startswith(("PULLQUOTE_", "OTEL_")) and name != DATA_VARIABLE:
            monkeypatch.delenv(name)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "home"
    monkeypatch.setenv("PULLQUOTE_HOME", str(folder))
    monkeypatch.setenv("PULLQUOTE_CACHE", str(cache))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    yield folder


@pytest.fixture(scope="session")
def llama_cpp() -> RunLlamaCpp:
    """What starts a real OpenAI-compatible server, for tests that ask one."""
    if reason := why_not():
        pytest.skip(reason)
    return run_llama_cpp


@pytest.fixture
def data() -> Path:
    """The evaluation data, for tests that measure on it."""
    folder = os.environ.get(DATA_VARIABLE)
    if not folder:
        pytest.skip(f"{DATA_VARIABLE} does not name the folder of the evaluation data")
    return Path(folder)
