"""The process of the bot: everything opened in order, and closed in order when the bot is stopped."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from filelock import FileLock, Timeout

from agent.generative import connect_writer
from agent.settings.loading import Settings
from agent.slack.answering import Answering, Handler
from agent.slack.app import health, http_mode, make_app, socket_mode
from agent.slack.bot import Bot
from agent.slack.errors import SlackGoneError, make_error
from agent.slack.interactions import Interactions
from agent.slack.journal import Journal
from agent.slack.log import EventLog, LogLine
from agent.slack.permissions import Permissions
from agent.slack.setup import Credentials, find_credentials, read_manifest
from agent.slack.uploads import Uploads
from agent.slack.web import SlackWeb
from vectorstore import Library, SetupError

JOURNAL_FILE = "slack.db"
LOCK_FILE = "slack.lock"
FILES_FOLDER = "slack-files"
REQUIRED_SCOPES = ("app_mentions:read", "chat:write", "im:history")
"""Without these it cannot hear or speak; without another of the manifest's only what needs it is left out."""


@dataclass(frozen=True, slots=True)
class Reports:
    """Where the bot reports what happens."""

    log: EventLog
    notice: Callable[[str], None]
    """For the person who starts the bot."""
    on_gone: Callable[[SlackGoneError], None]
    """For the end of a token."""


def run_bot(settings: Settings, notice: Callable[[str], None]) -> None:
    """Run the bot until SIGTERM or Ctrl-C; it finishes answers under way, or apologises for them.

    Raise SetupError where a token, the library or a port cannot be used, or another bot runs on this library,
    and SlackError where Slack refuses the bot, or cannot be reached.
    """
    credentials = find_credentials(settings.slack)
    path = settings.for_library().path
    with Library.open(settings.for_library(), notice=notice) as library, only_bot(path):
        asyncio.run(_run(settings, credentials, library, path, notice))


async def _run(
    settings: Settings, credentials: Credentials, library: Library, path: Path, notice: Callable[[str], None]
) -> None:
    stopped: asyncio.Future[SlackGoneError | None] = asyncio.get_running_loop().create_future()

    def stop(error: SlackGoneError | None = None) -> None:
        if not stopped.done():
            stopped.set_result(error)

    # Windows has no handlers in an event loop, and Python none outside its main thread.
    if sys.platform != "win32" and threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop)
    reports = Reports(EventLog(with_text=settings.slack.log_text), notice, stop)
    async with serving(settings, credentials, library, path, reports):
        error = await stopped
    if error is not None:
        raise error


@asynccontextmanager
async def serving(
    settings: Settings, credentials: Credentials, library: Library, folder: Path, reports: Reports
) -> AsyncIterator[Bot]:
    """Run the bot for the length of the block, with its files in `folder`; raise as `run_bot` does."""
    slack, log = settings.slack, reports.log
    async with AsyncExitStack() as stack:
        web = await stack.enter_async_context(SlackWeb.open(slack.api_url, credentials, reports.on_gone))
        identity = await web.identify()
        _check_scopes(identity.scopes, reports.notice)
        journal = Journal(folder / JOURNAL_FILE)
        stack.callback(journal.close)
        journal.prune(time.time())
        left = journal.unfinished()
        # The first search loads the models and the index, which several threads should not do at once.
        await asyncio.to_thread(library.search, "news", limit=1)
        threads = ThreadPoolExecutor(slack.concurrency + 2, "slack")
        # By then all askers have their answers or apologies; the library must not be closed under a thread
        # that reads it.
        stack.push_async_callback(asyncio.to_thread, threads.shutdown, wait=True, cancel_futures=True)
        handler = Handler(
            web,
            Permissions(slack, web.list_members),
            Answering(library, settings, connect_writer(settings)),
            Uploads(web, settings, folder / FILES_FOLDER),
            threads,
            identity.user,
        )
        interactions = Interactions(handler, log)
        bot = Bot(slack, handler, journal, interactions, log)
        signing = credentials.signing.get_secret_value() if credentials.signing else None
        app = make_app(web, bot, interactions, log, signing)
        is_connected: Callable[[], bool] | None = None
        if slack.mode == "http":
            port = await stack.enter_async_context(http_mode(app, slack.http_host, slack.http_port))
            reports.notice(f"Listening for Slack on {slack.http_host}:{port}.")
        else:
            assert credentials.app is not None
            socket = socket_mode(app, web, credentials.app.get_secret_value())
            is_connected = await stack.enter_async_context(socket)
        if slack.health_port is not None:
            # By HTTP it is Slack that connects, so that there is no connection to lose.
            served = health(
                lambda: not bot.is_stopping and (is_connected is None or is_connected()),
                lambda: {"waiting": bot.waiting, "under_way": bot.under_way},
                slack.health_port,
            )
            port = await stack.enter_async_context(served)
            reports.notice(f"http://127.0.0.1:{port}/healthz says whether the bot is well.")
        # Last on the stack, so first in closing: questions asked while the bot stops get an apology.
        stack.push_async_callback(bot.stop)
        bot.start(left)
        log.add(LogLine(event="started", team=identity.team, user=identity.user))
        yield bot
    log.add(LogLine(event="stopped", team=identity.team, user=identity.user))


@contextmanager
def only_bot(path: Path) -> Iterator[None]:
    """Hold the right to be the bot of a library, or raise SetupError."""
    # Two would apologise for each other's questions.
    lock = FileLock(path / LOCK_FILE, timeout=0, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise SetupError(
            f"Another Slack bot is running on the library in {path}. Stop that one first, or give this one "
            "another `--library`."
        ) from error
    except OSError as error:
        raise SetupError(
            f"The library's folder {path} cannot be written ({error.strerror}), and the bot needs to write "
            "its journal there. Change that with `chmod`, or use another `--library`."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _check_scopes(scopes: frozenset[str], notice: Callable[[str], None]) -> None:
    if not scopes:
        return
    for scope in REQUIRED_SCOPES:
        if scope not in scopes:
            raise make_error("missing_scope", "the bot", scope)
    lines = read_manifest().partition("    bot:\n")[2].splitlines()
    wanted = [line.strip(" -") for line in takewhile(lambda line: line.strip().startswith("- "), lines)]
    lacking = [scope for scope in wanted if scope not in scopes]
    if lacking:
        notice(
            f"The Slack app lacks the scopes {', '.join(lacking)}; what needs them is left out. "
            "`pullquote slack --manifest` has them all."
        )
