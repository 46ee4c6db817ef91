"""`/pullquote`, and the same words in messages."""

from __future__ import annotations

from tests.agent.slack.conftest import FLOOD, Start
from tests.peers.slack import SlackPeer
from vectorstore import Library

HELP = """Ask me what the articles say, in any language. I answer with exact quotes, or say that they do not \
say it.
• In a channel: mention me with your question. In a direct message: just ask.
• In a thread you can go on asking: “and what did Japan say?” is understood after the question before.
• `summarize` and an article's id or a topic; `articles` lists what there is; `help` is this.
• The same by command: `/pullquote ask …`, `/pullquote summarize …`, `/pullquote articles`.
• Admins may attach a text or HTML file and write `add`."""


def run(slack: SlackPeer, start: Start, *texts: str, **settings: object) -> list[dict[str, object]]:
    bot = start(**settings)
    for text in texts:
        before = len(bot.outcomes())
        slack.command("U1", text)
        slack.wait(lambda: len(bot.outcomes()) > before)  # noqa: B023
    return [dict(response) for response in slack.responses]


def test_ask_is_answered_at_the_commands_own_address(slack: SlackPeer, start: Start) -> None:
    first, second = run(slack, start, f"ask {FLOOD}", FLOOD)
    assert (first["response_type"], first["replace_original"]) == ("in_channel", False)
    assert str(first["text"]).startswith("1 quote from 1 article, word for word as it stands there.\n[1] ")
    assert first["text"] == second["text"]
    assert slack.posted == []


def test_a_command_is_acknowledged_before_it_is_answered(slack: SlackPeer, start: Start) -> None:
    run(slack, start, f"ask {FLOOD}")
    assert [envelope for envelope in slack.acks if "cmd" in envelope] == ["env-cmd-1"]
    assert slack.acks["env-cmd-1"] - slack.sent["env-cmd-1"] < 3


def test_private_answers_hold_for_commands(slack: SlackPeer, start: Start) -> None:
    (answer,) = run(slack, start, FLOOD, private_answers=True)
    assert answer["response_type"] == "ephemeral"


def test_help_and_articles(slack: SlackPeer, start: Start) -> None:
    told = run(slack, start, "help", "", "articles")
    assert [response["text"] for response in told[:2]] == [HELP, HELP]
    lines = str(told[2]["text"]).split("\n")
    assert lines[0] == "3 articles, newest first:"
    assert lines[1].endswith(" De Avondbode · 2024-12-04 · nl · 2 passages Waterschap tegenspreekt minister")
    assert lines[3].count("&lt;!channel&gt;") == 1


def test_an_article_and_a_topic_are_summarized(slack: SlackPeer, start: Start, library: Library) -> None:
    article = next(header.id for header in library.articles.headers() if header.outlet == "The Courier")
    of_article, of_topic, of_nothing = run(
        slack, start, f"summarize {article[:6]}", "summarize flooding along the Maas", "summarize"
    )
    assert str(of_article["text"]).startswith("3 sentences from 1 article, word for word")
    assert "word for word as they stand there." in str(of_topic["text"])
    assert of_nothing["text"] == "Summarize what? Name an article's id or a topic."


def test_a_mistyped_command_is_told_the_nearest(slack: SlackPeer, start: Start) -> None:
    typed, bare = run(slack, start, "sumarize flooding", "ask")
    assert typed["text"] == ("There is no command `sumarize`. Did you mean `summarize`? `help` lists them.")
    assert str(bare["text"]).startswith("You addressed me without a question.")
