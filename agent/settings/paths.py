"""Where things are kept on this machine."""

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
class Places:
    """The folders and the settings file in force."""

    library: Path
    cache: Path
    settings_file: Path


def find_places(environ: Mapping[str, str] = os.environ) -> Places:
    """Everything under `PULLQUOTE_HOME` when that is set, else the platform's (XDG) places."""
    home = environ.get(HOME_VARIABLE)
    if home:
        root = Path(home).expanduser().absolute()
        return Places(root / "library", root / "cache", root / "settings.toml")
    dirs = _find_dirs()
    return Places(
        dirs.user_data_path / "library", dirs.user_cache_path, dirs.user_config_path / "settings.toml"
    )


def find_history(environ: Mapping[str, str] = os.environ) -> Path:
    """The file of what was typed in the REPL, beside the library that nobody chose another place for."""
    home = environ.get(HOME_VARIABLE)
    return (Path(home).expanduser().absolute() if home else _find_dirs().user_data_path) / "chat_history"


def _find_dirs() -> PlatformDirs:
    return PlatformDirs("pullquote", appauthor=False)
