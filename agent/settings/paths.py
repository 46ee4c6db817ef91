"""Where files are on this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import PlatformDirs

HOME_VARIABLE = "PULLQUOTE_HOME"
DATA_VARIABLE = "PULLQUOTE_DATA"
"""Folder of evaluation data, for `pullquote eval` and for the tests that measure on it."""


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders and the settings file in force."""

    library: Path
    cache: Path
    settings_file: Path
    history: Path
    """What was typed in the chat."""


def find_paths(environ: Mapping[str, str] = os.environ) -> Paths:
    """Return the paths under `PULLQUOTE_HOME` when that is set, else the platform's (XDG) ones."""
    home = environ.get(HOME_VARIABLE)
    if home:
        data = config = Path(home).expanduser().absolute()
        cache = data / "cache"
    else:
        dirs = PlatformDirs("pullquote", appauthor=False)
        data, config, cache = dirs.user_data_path, dirs.user_config_path, dirs.user_cache_path
    return Paths(data / "library", cache, config / "settings.toml", data / "chat_history")
