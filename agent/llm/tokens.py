"""Counting tokens with tiktoken's exact encodings, without a network.

The encodings are OpenAI's files, byte for byte (MIT licence), packed with xz: 1.7 MB for both. tiktoken
would download them; they are unpacked once into the cache folder under the names it looks for.
"""

from __future__ import annotations

import hashlib
import lzma
import os
import threading
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore import replace_file

if TYPE_CHECKING:
    import tiktoken

_CACHE_VARIABLE = "TIKTOKEN_CACHE_DIR"
_ADDRESS = "https://openaipublic.blob.core.windows.net/encodings/{}.tiktoken"
_SHA256 = {
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
}
_FILE_OF = {"o200k_base": "o200k_base", "o200k_harmony": "o200k_base", "cl100k_base": "cl100k_base"}
ESTIMATE_WITH = "o200k_base"
_lock = threading.Lock()


def encoding_name(model: str) -> str | None:
    """Return the encoding of `model` when its file is here; a provider's prefix is passed over."""
    from tiktoken.model import encoding_name_for_model

    try:
        name = encoding_name_for_model(model.rsplit("/", 1)[-1])
    except KeyError:
        return None
    return name if name in _FILE_OF else None


def count_with(encoding: str, text: str, cache_folder: Path) -> int:
    """Return the tokens of `text`, special ones as plain text; OSError where no encoding can be unpacked."""
    return len(_load(encoding, cache_folder).encode(text, disallowed_special=()))


@cache
def _load(encoding: str, cache_folder: Path) -> tiktoken.Encoding:
    import tiktoken

    with _lock:
        folder = cache_folder / "tiktoken"
        _unpack(_FILE_OF[encoding], folder)
        before = os.environ.get(_CACHE_VARIABLE)
        os.environ[_CACHE_VARIABLE] = str(folder)
        try:
            return tiktoken.get_encoding(encoding)
        finally:
            if before is None:
                del os.environ[_CACHE_VARIABLE]
            else:
                os.environ[_CACHE_VARIABLE] = before


def _unpack(name: str, folder: Path) -> None:
    # Verified here as well as by tiktoken, which answers a wrong checksum with a download.
    target = folder / hashlib.sha1(_ADDRESS.format(name).encode(), usedforsecurity=False).hexdigest()
    if target.is_file() and hashlib.sha256(target.read_bytes()).hexdigest() == _SHA256[name]:
        return
    packed = files("agent.llm") / "encodings" / f"{name}.tiktoken.xz"
    folder.mkdir(parents=True, exist_ok=True)
    replace_file(target, lzma.decompress(packed.read_bytes()))
