"""Language means, from the same sentences in 128 languages."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from vectorstore.embedding import Embedder
from vectorstore.search.transform import FloatArray, LanguageMeans, Prefix, unit
from vectorstore.text.languages import to_bcp47

_SECOND_REFERENCE = "ref-2."
_CLOSENESS_STEP = 3
"""Every third sentence is enough for a mean over tokens."""


def measure_means(path: Path, embedder: Embedder) -> LanguageMeans:
    """Encode NTREX behind both prefixes. Of languages that share a tag the first line counts."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    texts: dict[str, list[str]] = {}
    for line in lines:
        if not line["lang"].startswith(_SECOND_REFERENCE):
            texts.setdefault(to_bcp47(line["lang"]), line["sentences"])
    tags = _with_plain_tags(list(texts))
    english = [embedder.encode_query(text).states for text in texts["en"]]
    english_mean = np.concatenate(english).mean(axis=0)
    questions = [unit(states - english_mean) for states in english]
    rows: dict[str, tuple[FloatArray, ...]] = {}
    for tag, sentences in texts.items():
        passages = embedder.encode_passages(sentences)
        queries = [embedder.encode_query(text) for text in sentences]
        mean = np.concatenate([p.states for p in passages]).mean(axis=0)
        close = [
            float((question @ unit(p.states - mean).T).max(axis=1).mean())
            for question, p in list(zip(questions, passages, strict=True))[::_CLOSENESS_STEP]
            if len(p.states)
        ]
        rows[tag] = (
            np.mean([p.vector for p in passages], axis=0),
            np.mean([q.vector for q in queries], axis=0),
            mean,
            np.concatenate([q.states for q in queries]).mean(axis=0),
            np.array(np.mean(close)),
        )
    columns = [np.stack([rows[source][i] for source in tags.values()]).astype(np.float16) for i in range(5)]
    full = [
        np.concatenate([column.mean(axis=0, keepdims=True, dtype=np.float32), column]) for column in columns
    ]
    return LanguageMeans(
        tuple(tags),
        {Prefix.PASSAGE: full[0], Prefix.QUERY: full[1]},
        {Prefix.PASSAGE: full[2], Prefix.QUERY: full[3]},
        full[4],
    )


def _with_plain_tags(tags: list[str]) -> dict[str, str]:
    """Each tag with the tag it is measured by; a language without a plain tag gets its first variety's."""
    sources = {tag: tag for tag in tags}
    for tag in tags:
        sources.setdefault(tag.partition("-")[0], tag)
    return sources


def save_means(means: LanguageMeans, folder: Path) -> None:
    """Write the table in half precision."""
    np.savez_compressed(
        folder / "languages.npz",
        tags=np.array(means.tags),
        closeness=means.closeness.astype(np.float16),
        vectors_passage=means.vectors[Prefix.PASSAGE].astype(np.float16),
        vectors_query=means.vectors[Prefix.QUERY].astype(np.float16),
        tokens_passage=means.tokens[Prefix.PASSAGE].astype(np.float16),
        tokens_query=means.tokens[Prefix.QUERY].astype(np.float16),
    )
