"""Ctrl-C is never lost."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_AGAIN_SECONDS = 0.02
"""By then whatever swallowed it has returned; where not, it is swallowed and sent once more."""


@contextmanager
def repeated_interrupts() -> Iterator[None]:
    """Send Ctrl-C again, within the block, where Python drops it."""
    # A KeyboardInterrupt that comes while a weak reference's callback or a `__del__` runs is printed and
    # forgotten. The import system has such callbacks, so it happens with the first answer of a process.
    before = sys.unraisablehook

    def repeat(lost: sys.UnraisableHookArgs) -> None:
        if not issubclass(lost.exc_type, KeyboardInterrupt):
            before(lost)
            return
        # Raised from within the hook it would be lost the same way.
        main = threading.main_thread().ident
        if main is not None:
            again = threading.Timer(_AGAIN_SECONDS, signal.pthread_kill, (main, signal.SIGINT))
            again.daemon = True
            again.start()

    sys.unraisablehook = repeat
    try:
        yield
    finally:
        sys.unraisablehook = before
