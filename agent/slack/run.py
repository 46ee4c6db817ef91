"""The process of the bot: everything opened in order, and closed in order when it is told to stop."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from itertools import takewhile
from pathlib import Path

from filelock import FileLock, Timeout

from agent.generative import Writer, connect_judge
from agent.llm import ChatModel
from agent.settings.loading import Settings
from agent.slack.answering import Answering
from agent.slack.app import make_app
from agent.slack.assistant import Assistant
from agent.slack.bot import Bot
from agent.slack.connection import IsConnected, health, http_mode, socket_mode
from agent.slack.errors import SlackError, SlackGoneError, missing_scope
from agent.slack.handling import Handler
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


def run_bot(settings: Settings, notice: Callable[[str], None], log: EventLog | None = None) -> None:
    """Run the bot until SIGTERM or Ctrl-C; answers under way are finished, or apologised for.

    Args:
        settings: All of them; `slack` says how the bot runs.
        notice: Told what whoever starts it should know.
        log: Where its events go; to stderr as lines of JSON when None.

    Raises:
        SetupError: a token is missing or worth nothing, the library or a port cannot be used, or another bot
            runs on this library.
        SlackError: Slack refuses the bot, or cannot be reached.
    """
    credentials = find_credentials(settings.slack)
    path = settings.for_library().path
    with (
        Library.open(settings.for_library(), notice=notice) as library,
        only_bot(path),
    ):
        asyncio.run(_run(settings, credentials, library, path, notice, log))


async def _run(
    settings: Settings,
    credentials: Credentials,
    library: Library,
    path: Path,
    notice: Callable[[str], None],
    log: EventLog | None,
) -> None:
    stopped: asyncio.Future[SlackGoneError | None] = asyncio.get_running_loop().create_future()

    def stop(error: SlackGoneError | None = None) -> None:
        if not stopped.done():
            stopped.set_result(error)

    log = log or EventLog(with_text=settings.slack.log_text)
    with _signals(stop):
        async with serving(settings, credentials, library, path, log, notice, on_gone=stop):
            error = await stopped
    if error is not None:
        raise error


@asynccontextmanager
async def serving(
    settings: Settings,
    credentials: Credentials,
    library: Library,
    path: Path,
    log: EventLog,
    notice: Callable[[str], None],
    on_gone: Callable[[SlackGoneError], None],
) -> AsyncIterator[Bot]:
    """The bot at work for the length of the block; at its end it is stopped in good order.

    Errors are those of `run_bot`.
    """
    slack = settings.slack
    async with AsyncExitStack() as stack:
        web = await stack.enter_async_context(SlackWeb.open(slack.api_url, credentials, on_gone))
        identity = await web.identify()
        _check_scopes(identity.scopes, notice)
        journal = Journal(path / JOURNAL_FILE)
        stack.callback(journal.close)
        journal.prune(time.time())
        left = journal.unfinished()
        # The first search loads the models and the index, which several threads should not do at once.
        await asyncio.to_thread(library.search, "news", limit=1)
        threads = ThreadPoolExecutor(slack.concurrency + 2, "slack")
        # Whoever asked has been told by then; the library must not be closed under a thread that reads it.
        stack.push_async_callback(asyncio.to_thread, threads.shutdown, wait=True, cancel_futures=True)
        answering = Answering(library, settings, _make_writer(settings))
        permissions = Permissions(slack, web.list_members)
        uploads = Uploads(web, settings, path / FILES_FOLDER)
        handler = Handler(web, permissions, answering, uploads, threads, identity.user)
        assistant = Assistant(web, permissions, answering)
        bot = Bot(slack, handler, journal, assistant, log)
        signing = credentials.signing.get_secret_value() if credentials.signing else None
        app = make_app(web.client, bot, assistant, log, signing, on_gone)
        is_connected: IsConnected = lambda: True  # noqa: E731
        if slack.mode == "http":
            port = await stack.enter_async_context(http_mode(app, slack.http_host, slack.http_port))
            notice(f"Listening for Slack on {slack.http_host}:{port}.")
        else:
            assert credentials.app is not None
            is_connected = await stack.enter_async_context(
                socket_mode(app, web, credentials.app.get_secret_value())
            )
        if slack.health_port is not None:
            port = await stack.enter_async_context(
                health(
                    lambda: is_connected() and not bot.is_stopping,
                    lambda: {"waiting": bot.waiting, "under_way": bot.under_way},
                    slack.health_port,
                )
            )
            notice(f"http://127.0.0.1:{port}/healthz says whether the bot is well.")
        # Last on the stack, so first in closing: who asks while the bot stops is told so.
        stack.push_async_callback(bot.stop)
        bot.start(left)
        log.add(LogLine(event="started", team=identity.team, user=identity.user))
        yield bot
    log.add(LogLine(event="stopped", team=identity.team, user=identity.user))


@contextmanager
def only_bot(path: Path) -> Iterator[None]:
    """The right to be the bot of a library: two would apologise for each other's questions.

    Raises:
        SetupError: another process has it, or the library's folder cannot be written.
    """
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
            f"The library's folder {path} cannot be written ({error.strerror}), and the bot keeps its "
            "journal there. Change that with `chmod`, or use another `--library`."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _make_writer(settings: Settings) -> Writer | None:
    model = ChatModel.connect(settings.model, settings.cache.expanduser())
    if model is None:
        return None
    judge = connect_judge(settings.checks, settings.model, settings.cache.expanduser())
    return Writer(model, settings.agent, judge=judge)


def _check_scopes(scopes: frozenset[str], notice: Callable[[str], None]) -> None:
    if not scopes:
        return
    for scope in REQUIRED_SCOPES:
        if scope not in scopes:
            raise SlackError(missing_scope(scope, "the bot"), "missing_scope")
    lacking = [scope for scope in _manifest_scopes() if scope not in scopes]
    if lacking:
        notice(
            f"The Slack app lacks the scopes {', '.join(lacking)}; what needs them is left out. "
            "`pullquote slack --manifest` has them all."
        )


def _manifest_scopes() -> list[str]:
    lines = read_manifest().partition("    bot:\n")[2].splitlines()
    return [line.strip(" -") for line in takewhile(lambda line: line.strip().startswith("- "), lines)]


@contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    # Windows has no handlers in an event loop, and Python none outside its main thread.
    if sys.platform != "win32" and threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop)
    yield
