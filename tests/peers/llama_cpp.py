"""llama.cpp, which measurements need too and which therefore lives with them."""

from bench.peers.llama_cpp import MODEL, find_weights, run_llama_cpp, why_not

__all__ = ["MODEL", "find_weights", "run_llama_cpp", "why_not"]
