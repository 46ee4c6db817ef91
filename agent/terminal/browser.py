"""The user's browser, where there is one."""

from __future__ import annotations

import os
import sys
import webbrowser


def open_in_browser(address: str) -> bool:
    """Open an address; False where there is no browser with a window of its own to open it in.

    A browser that runs in the terminal would take the place of the chat, so without a display only the one
    that `BROWSER` names counts.
    """
    has_display = sys.platform in ("darwin", "win32") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    )
    if not has_display:
        return False
    try:
        return webbrowser.open(address)
    except (webbrowser.Error, OSError):
        return False
