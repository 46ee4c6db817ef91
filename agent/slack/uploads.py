"""Attached articles: fetched from Slack, and added by a process of their own."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from agent.settings.loading import Settings
from agent.slack.events import SharedFile
from agent.slack.web import SlackWeb
from vectorstore import LibraryLockedError, PullquoteError

SUFFIXES = (".txt", ".html", ".htm", ".md")
_UNSAFE = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 80
_PIECE = 1_000_000
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_BUSY = "is writing to the library"
"""Part of the message of `LibraryLockedError`, as another process prints it."""


@dataclass(frozen=True, slots=True)
class Uploads:
    """Adds attached files to the library; stores them in `folder`, so that each article has its file."""

    web: SlackWeb
    settings: Settings
    folder: Path

    async def add(self, file: SharedFile) -> str:
        """Add the article in a file; return what became of it. Raise PullquoteError where that fails."""
        name = PurePosixPath(file.name.replace("\\", "/")).name
        shown = f"“{name[:_LONGEST_NAME]}”"
        if not name.lower().endswith(SUFFIXES):
            raise PullquoteError(f"{shown} is neither text nor HTML. I can add {', '.join(SUFFIXES)}.")
        most = self.settings.read.max_file_mb * 1_000_000
        address = file.url_private_download or file.url_private
        if address is None:
            raise PullquoteError(f"Slack did not say where {shown} is, so I cannot fetch it.")
        path = self.folder / f"{_UNSAFE.sub('_', file.id)}-{_UNSAFE.sub('_', name)[-_LONGEST_NAME:]}"
        data = await self._download(address, most)
        await asyncio.to_thread(_store, path, data)
        return await self._run_add(path, name)

    async def _download(self, address: str, most: int) -> bytes:
        """Return the file at an address, which must be Slack's own: the token is sent with the request."""
        if not _is_slacks(address, self.web.client.base_url):
            raise PullquoteError("The file is not stored by Slack itself, so I did not fetch it.")
        data = b""
        async with self.web.fetch(address) as response:
            # Slack redirects to its sign-in page where the scope is missing.
            if response.status != 200:
                raise PullquoteError(
                    "Slack did not give me the file; the app may lack the scope `files:read`."
                )
            while len(data) <= most and (more := await response.content.read(_PIECE)):
                data += more
        if len(data) > most:
            raise PullquoteError(f"The file is larger than {most // 1_000_000} MB.")
        return data

    async def _run_add(self, path: Path, name: str) -> str:
        # A process of its own: it may take the library's lock while this one reads.
        command = ["-m", "agent.cli", "add", "--library", str(self.settings.library), "--", str(path)]
        process = await asyncio.create_subprocess_exec(
            sys.executable, *command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        said = [part.decode("utf-8", "replace").strip() for part in await process.communicate()]
        out, err = (text.replace(str(path), name) for text in said)
        if process.returncode == 0:
            return out or err
        words = (err or out or f"it ended with {process.returncode}").removeprefix("pullquote: ")
        if _BUSY in words:
            raise LibraryLockedError("Another process is writing to the library. Try again when it is done.")
        raise PullquoteError(f"The file could not be added: {words}")


def _is_slacks(address: str, api_url: str) -> bool:
    api, file = urlsplit(api_url), urlsplit(address)
    if api.hostname in _LOOPBACK:
        return (file.scheme, file.netloc) == (api.scheme, api.netloc)
    return file.scheme == "https" and file.hostname in ("files.slack.com", api.hostname)


def _store(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise PullquoteError(
            f"The file could not be stored beside the library ({error.strerror})."
        ) from error
