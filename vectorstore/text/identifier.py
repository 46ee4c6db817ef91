"""The language identifier, from a copy of its model that is unpacked once.

Its package has the model in LZMA, which takes .6 s of processor time to unpack, more than an answer in quotes
takes to find. The arrays in files of their own, 68 MB, are mapped in .04 s.
"""

from __future__ import annotations

import io
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vectorstore.files import replace_file

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier  # type: ignore[import-untyped]

_PARTS = ("scores", "priors", "classes", "moves", "rows", "outputs")
"""In the order in which the package returns them."""


def load_identifier(cache: Path | None) -> LanguageIdentifier:
    """Load the identifier; with a `cache`, from the files there, which are made where that is possible."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
    from py3langid.modelio import load_model  # type: ignore[import-untyped]

    packed = MODEL_DIR / MODEL_FILE
    if cache is None:
        return LanguageIdentifier.from_model_file(packed, norm_probs=True)
    name = f"py3langid-{version('py3langid')}-{packed.stat().st_size}"
    paths = [cache / f"{name}.{part}.npy" for part in _PARTS]
    try:
        parts = [np.load(path, mmap_mode="r") for path in paths]
    except (OSError, ValueError, EOFError):
        parts = [np.asarray(part) for part in load_model(packed)]
        _store(paths, parts)
    scores, priors, classes, moves, rows, outputs = parts
    by_state = memoryview(moves), outputs.tolist()  # A view gives single items faster than an array.
    return LanguageIdentifier(
        scores, priors, classes.tolist(), *by_state, tk_row=rows.tolist(), norm_probs=True
    )


def _store(paths: list[Path], parts: list[NDArray[Any]]) -> None:
    try:
        for path, part in zip(paths, parts, strict=True):
            content = io.BytesIO()
            np.save(content, part)
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, content.getvalue())
    except OSError:
        pass
