"""The Slack bot under load, against a Slack of our own over real sockets: is every question answered once?

    python -m bench.slack [--mentions 200] [--users 40] [--only plain|rough|kill]

- plain: all mentions at once, three times over; how many answers, and how memory grows
- rough: the same with 10 % of the events sent twice and 10 % of the calls refused with a 429 first
- kill: the bot is killed (SIGKILL) in the middle and started again

The bot is the process that `pullquote slack` is, without a model, on a library of a few articles of its own.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.peers.slack import APP_TOKEN, BOT_TOKEN, Posted, SlackPeer

ROOT = Path(__file__).parent.parent
APOLOGIES = ("I was stopped", "I am being stopped")
ARTICLES = {
    "flood.md": "Minister warns of flooding\n\nAnna Visser warned of flooding along the Maas on Monday. "
    "Residents of three villages were asked to leave their homes.\n",
    "ferry.md": "Ferry to Texel stops\n\nThe ferry to Texel stopped on Friday because of a storm. Two "
    "hundred passengers spent the night in Den Helder.\n",
    "bulbs.md": "Tulip growers sell more\n\nTulip growers in Lisse sold 40 million bulbs this spring.\n",
}
QUESTIONS = (
    "Who warned of flooding along the Maas?",
    "Why did the ferry to Texel stop?",
    "How many tulip bulbs were sold in Lisse?",
    "Wie bracht de nacht door in Den Helder?",
    "Who won the 1998 World Cup?",
)


@dataclass(frozen=True, slots=True)
class Round:
    """What became of one lot of mentions."""

    mentions: int
    answered_once: int
    apologised: int
    """Informed that the bot was stopped, with an answer besides or without."""
    several: int
    """Answered more than once."""
    lost: int
    """Neither answered nor apologised for."""
    seconds: float
    slowest_ack: float
    """Seconds from sending an event to its acknowledgement, those sent to a killed bot left out."""
    refused: int
    """Calls that got a 429."""

    def __str__(self) -> str:
        return (
            f"{self.mentions} mentions: {self.answered_once} answered once, {self.apologised} apologised "
            f"for, {self.several} answered more than once, {self.lost} lost; {self.seconds:.0f} s in all, "
            f"slowest acknowledgement {self.slowest_ack:.2f} s, {self.refused} calls refused with 429"
        )


@dataclass(slots=True)
class BotProcess:
    """`pullquote slack` as a process, which can be killed and started again."""

    folder: Path
    environ: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Begin, or begin again."""
        with (self.folder / "log.jsonl").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "agent.cli", "slack"], cwd=ROOT, env=self.environ, stderr=log
            )

    def kill(self) -> None:
        """Kill it, as a crash would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def memory(self) -> float:
        """Resident megabytes."""
        assert self.process is not None
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("the bot has ended")


def main() -> int:
    """Run what is asked for and print a line a round."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mentions", type=int, default=200)
    parser.add_argument("--users", type=int, default=40)
    parser.add_argument("--only", choices=["plain", "rough", "kill"], action="append")
    options = parser.parse_args()
    for kind in options.only or ["plain", "rough", "kill"]:
        with tempfile.TemporaryDirectory() as folder:
            measure(kind, options.mentions, options.users, Path(folder), lambda line: print(line, flush=True))
    return 0


def measure(kind: str, mentions: int, users: int, folder: Path, report: Callable[[str], None]) -> list[Round]:
    """Run one kind of load; returns its rounds."""
    rough = {"repeats": 0.1, "rate_limited": 0.1} if kind == "rough" else {}
    with SlackPeer() as peer, running(folder, peer) as bot:
        peer.wait(peer.is_connected, 120)
        # Set when it is there: it starts by asking who it is, as often as it is restarted.
        peer.repeats, peer.rate_limited = rough.get("repeats", 0.0), rough.get("rate_limited", 0.0)
        rounds = []
        memory = [bot.memory()]
        for number in range(3 if kind == "plain" else 1):
            kill_at = mentions // 3 if kind == "kill" else None
            rounds.append(run_round(peer, bot, mentions, users, kill_at))
            memory.append(bot.memory())
            report(f"{kind} {number + 1}: {rounds[-1]}")
        report(f"{kind}: resident memory {' → '.join(f'{each:.0f}' for each in memory)} MB")
        return rounds


def run_round(
    peer: SlackPeer, bot: BotProcess, mentions: int, users: int, kill_at: int | None = None
) -> Round:
    """Put all mentions at once and wait until each has an answer or an apology.

    Args:
        peer: Slack.
        bot: The bot.
        mentions: How many.
        users: From how many people, in turn.
        kill_at: Answers after which the bot is killed and started again; None: it is left alone.
    """
    calls = len(peer.calls)
    acknowledged = set(peer.acks)
    started = time.monotonic()
    asked = {
        peer.mention(f"U{number % users}", QUESTIONS[number % len(QUESTIONS)], f"C{number % 7}")
        for number in range(mentions)
    }
    if kill_at is not None:
        peer.wait(lambda: len(answers_to(peer, asked)) >= kill_at, 1800)
        bot.kill()
        bot.start()
    peer.wait(lambda: len(answers_to(peer, asked)) >= mentions, 1800)
    elapsed = time.monotonic() - started
    time.sleep(2)  # For answers too many, which would come now.
    found = answers_to(peer, asked)
    kinds = [Counter(is_apology(posted) for posted in found.get(ts, ())) for ts in asked]
    waits = [peer.acks[name] - peer.sent[name] for name in peer.acks if name not in acknowledged]
    return Round(
        mentions=mentions,
        answered_once=sum(kind[False] == 1 for kind in kinds),
        apologised=sum(kind[True] > 0 for kind in kinds),
        several=sum(kind[False] > 1 for kind in kinds),
        lost=sum(not kind for kind in kinds),
        seconds=elapsed,
        slowest_ack=max(waits) if kill_at is None else statistics.median(waits),
        refused=sum(call.status == 429 for call in peer.calls[calls:]),
    )


def answers_to(peer: SlackPeer, asked: set[str]) -> dict[str, list[Posted]]:
    """What everybody in the thread can read, by the message that was asked."""
    found: dict[str, list[Posted]] = {}
    for posted in list(peer.posted):
        if posted.thread_ts in asked and posted.seen_by is None:
            found.setdefault(str(posted.thread_ts), []).append(posted)
    return found


def is_apology(posted: Posted) -> bool:
    """Whether it says that the bot was stopped."""
    return posted.text.startswith(APOLOGIES)


@contextmanager
def running(folder: Path, peer: SlackPeer) -> Iterator[BotProcess]:
    """The bot on a library of its own in `folder`."""
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")},
        "PULLQUOTE_HOME": str(folder / "home"),
        "PULLQUOTE_SLACK__API_URL": peer.url,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
    }
    articles = folder / "articles"
    articles.mkdir()
    for name, text in ARTICLES.items():
        (articles / name).write_text(text, "utf-8")
    subprocess.run(
        [sys.executable, "-m", "agent.cli", "add", str(articles)],
        cwd=ROOT,
        env=environ,
        check=True,
        capture_output=True,
    )
    bot = BotProcess(folder, environ)
    bot.start()
    try:
        yield bot
    finally:
        assert bot.process is not None
        bot.process.terminate()
        bot.process.wait(60)


if __name__ == "__main__":
    sys.exit(main())
