"""One thread for the small matrix products of a search."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache

from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]


def one_blas_thread() -> AbstractContextManager[object]:
    """Run numpy's BLAS on the calling thread inside the block.

    A search multiplies matrices of a few megabytes, a millisecond's work. With more threads than free cores
    BLAS spends 30 times that waiting for its own.
    """
    limit: AbstractContextManager[object] = _controller().limit(limits=1, user_api="blas")
    return limit


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
