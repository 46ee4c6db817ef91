"""Other systems, each a process in an environment that is not ours."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.cost.cases import CostCase
from bench.cost.server import MODEL, PASSAGE, QUERY
from eval.suites.datasets import SetDocument

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Peer:
    """A system, and the script that drives it."""

    name: str
    script: str


PEERS = (
    Peer("LlamaIndex CitationQueryEngine", "drive_llama_index.py"),
    Peer("paper-qa Docs.query", "drive_paper_qa.py"),
)


class PeerFailedError(Exception):
    """A peer could not be driven; the message says why."""


def drive(
    peer: Peer, python: Path, documents: Sequence[SetDocument], cases: Sequence[CostCase], url: str
) -> str:
    """Put all questions to a peer; its version.

    Args:
        peer: to be driven.
        python: the interpreter of the environment it is installed in.
        documents: what it indexes.
        cases: what it is asked, in order.
        url: of the counting server.

    Raises:
        PeerFailedError: it ended with an error.
    """
    task = {
        "url": url,
        "model": MODEL,
        "query_model": QUERY,
        "passage_model": PASSAGE,
        "articles": [{"key": document.key, "text": document.text} for document in documents],
        "questions": [case.question for case in cases],
    }
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [python, HERE / peer.script],
            input=json.dumps(task),
            capture_output=True,
            text=True,
            cwd=home,
            env=_environment(home),
        )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise PeerFailedError(f"{peer.name} ended with {done.returncode}: {last}")
    return str(json.loads(done.stdout.strip().splitlines()[-1])["version"])


def _environment(home: str) -> dict[str, str]:
    """Nothing of the caller's but the search path; nothing is downloaded or reported."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": home,
        "PQA_HOME": home,
        "OPENAI_API_KEY": "none",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    }
