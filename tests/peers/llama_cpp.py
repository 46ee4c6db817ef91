"""llama.cpp, which measurements need too and which therefore lives with them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeAlias

from bench.peers.llama_cpp import MODEL, find_weights, run_llama_cpp, why_not

RunLlamaCpp: TypeAlias = Callable[..., AbstractContextManager[str]]
"""Takes the options of `run_llama_cpp` and gives the server's address, ending in `/v1`."""

__all__ = ["MODEL", "RunLlamaCpp", "find_weights", "run_llama_cpp", "why_not"]
