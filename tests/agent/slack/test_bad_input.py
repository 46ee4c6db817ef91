"""What people, bots and hostile articles put to the bot; the whole of what is said to it."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.render.slack.blocks import to_markdown, to_mrkdwn
from agent.terminal.safe_text import clean
from tests.agent.slack.conftest import FLOOD, Start
from tests.peers.slack import BOT_ID, BOT_USER, SlackPeer

EMPTY = (
    "You addressed me without a question. Ask me what the articles say, for instance: “who warned of "
    "flooding?” Write `help` for what else I can do."
)
FILES_ONLY = (
    "I see a file and no question. I do not read attachments as questions; an admin can write `add` beside a "
    "text or HTML file to put it into the library."
)


@pytest.mark.parametrize("text", ["", " ", "\n\t", f"<@{BOT_USER}>", f"<@{BOT_USER}|pullquote>  "])
def test_a_mention_without_a_question_is_told_how_to_ask(slack: SlackPeer, start: Start, text: str) -> None:
    bot = start()
    asked = slack.mention("U1", text)
    slack.wait(lambda: bot.outcomes() == ["told"])
    (reply,) = slack.posted
    assert (reply.thread_ts, reply.text, reply.blocks) == (asked, EMPTY, ())


def test_a_file_without_text_is_told_what_it_is_good_for(slack: SlackPeer, start: Start) -> None:
    bot = start()
    slack.say("U1", "", "D1", subtype="file_share", files=[{"id": "F1", "name": "a.txt"}])
    slack.wait(lambda: bot.outcomes() == ["told"])
    assert [reply.text for reply in slack.posted] == [FILES_ONLY]


def test_bots_itself_included_get_no_answer(slack: SlackPeer, start: Start) -> None:
    bot = start()
    slack.say(BOT_USER, f"<@{BOT_USER}> {FLOOD}", "C1", type="app_mention", bot_id=BOT_ID)
    slack.say(BOT_USER, FLOOD, "D1")
    slack.say("U9", f"<@{BOT_USER}> {FLOOD}", "C1", type="app_mention", bot_id="B9")
    slack.send_event(
        {"type": "message", "subtype": "bot_message", "bot_id": "B9", "text": FLOOD, "channel": "D1"}
    )
    slack.say("USLACKBOT", FLOOD, "D1")
    slack.wait(lambda: len(bot.outcomes()) == 5)
    assert [(line["outcome"], line["reason"]) for line in bot.lines[1:]] == [
        ("ignored", "own message"),
        ("ignored", "own message"),
        ("ignored", "another bot"),
        ("ignored", "bot_message"),
        ("ignored", "another bot"),
    ]
    assert slack.posted == []


def test_messages_that_do_not_address_it_are_let_pass(slack: SlackPeer, start: Start) -> None:
    bot = start()
    slack.say("U1", "lunch?", "C1")
    slack.say("U1", "has joined", "C1", subtype="channel_join")
    slack.say("U1", "thread", "D1", subtype="assistant_app_thread")
    slack.send_event({"type": "message", "text": 7, "channel": "D1"})
    slack.wait(lambda: len(bot.outcomes()) == 4)
    assert (bot.outcomes(), slack.posted) == (["ignored"] * 4, [])


def test_an_edited_question_is_not_answered_twice(slack: SlackPeer, start: Start) -> None:
    bot = start()
    asked = slack.mention("U1", FLOOD)
    slack.wait(lambda: bot.outcomes() == ["answered"])
    slack.send_event(
        {
            "type": "message",
            "subtype": "message_changed",
            "channel": "C1",
            "message": {"user": "U1", "text": "Who?", "ts": asked},
        }
    )
    slack.mention("U1", "Who?", ts=asked, edited={"user": "U1", "ts": asked})
    slack.wait(lambda: len(bot.outcomes()) == 3)
    assert bot.outcomes() == ["answered", "ignored", "duplicate"]
    assert len(slack.posted) == 1


def test_a_mention_edited_into_a_message_is_answered(slack: SlackPeer, start: Start) -> None:
    bot = start()
    said = slack.say("U1", FLOOD, "C1")
    slack.mention("U1", FLOOD, ts=said, edited={"user": "U1", "ts": said})
    slack.wait(lambda: bot.outcomes() == ["ignored", "answered"])
    assert [reply.thread_ts for reply in slack.posted] == [said]


def test_a_deleted_message_brings_no_answer_where_there_was_none_yet(slack: SlackPeer, start: Start) -> None:
    bot = start()
    deleted = {"type": "message", "subtype": "message_deleted", "channel": "C1"}
    asked = slack.mention("U1", FLOOD)
    slack.wait(lambda: bot.outcomes() == ["answered"])
    slack.send_event({**deleted, "deleted_ts": asked})
    slack.send_event({**deleted, "deleted_ts": "1.2"})
    slack.wait(lambda: bot.outcomes() == ["answered", "ignored", "ignored"])
    assert len(slack.posted) == 1


def test_a_mention_that_arrives_as_a_message_too_is_answered_once(slack: SlackPeer, start: Start) -> None:
    bot = start()
    asked = slack.mention("U1", FLOOD)
    slack.say("U1", f"<@{BOT_USER}> {FLOOD}", "C1", ts=asked)
    slack.send_event(
        {"type": "app_mention", "user": "U1", "text": FLOOD, "channel": "C2", "ts": asked}, times=3
    )
    slack.wait(lambda: len(bot.outcomes()) == 5)
    assert sorted(bot.outcomes()) == ["answered", "answered", "duplicate", "duplicate", "duplicate"]
    assert [reply.channel for reply in slack.posted] in (["C1", "C2"], ["C2", "C1"])


def test_forty_thousand_characters_are_read_as_far_as_can_be_and_that_is_said(
    slack: SlackPeer, start: Start
) -> None:
    bot = start()
    question = f"{FLOOD} " + "flood & <water> " * 2_497
    assert 39_900 < len(question) <= 40_000
    slack.mention("U1", question.replace("&", "&amp;").replace("<w", "&lt;w").replace("r>", "r&gt;"))
    slack.wait(lambda: bot.outcomes())
    shown = "\n".join(reply.shown for reply in slack.posted)
    assert "characters of the question were read; it has 39,990." in shown


def test_a_hostile_title_outlet_and_quote_call_link_and_style_nothing(slack: SlackPeer, start: Start) -> None:
    bot = start(channels=[{"id": "C1", "collections": ["~"]}, {"id": "*", "outlets": ["<@U1> Gazette"]}])
    slack.mention("U1", "How many tulip bulbs were sold in Lisse?", "C2")
    slack.wait(lambda: bot.outcomes() == ["answered"])
    (reply,) = slack.posted
    title = "<!channel> *Tulips* & [win](https://evil.example/x) <https://evil.example|here> @everyone"
    quote = "Tulip growers in Lisse sold 40 million bulbs this spring, see https://evil.example/y & <!here>."
    # The blocks say it to the letter, in rich text, which Slack takes literally: `slack_rules` has checked
    # that there is no link and no mention among its parts.
    assert reply.shown.split("\n")[:3] == [
        "1 quote from 1 article, word for word as it stands there.",
        f"[1] <@U1> Gazette · 2024-05-01 · en · {title}",
        f"> “{quote}”",
    ]
    assert reply.text == (
        "1 quote from 1 article, word for word as it stands there.\n"
        "[1] &lt;@U1&gt; Gazette · 2024-05-01 · &lt;!channel&gt; *Tulips* &amp; "
        "[win](https:\u2060//evil.example/x) &lt;https:\u2060//evil.example|here&gt; @\u2060everyone: "
        "Tulip growers in Lisse sold 40 million bulbs this spring, see https:\u2060//evil.example/y &amp; "
        "&lt;!here&gt;."
    )


@pytest.mark.parametrize(
    ("text", "mrkdwn", "markdown"),
    [
        ("<!channel> & <@U1>", "&lt;!channel&gt; &amp; &lt;@U1&gt;", "&lt;!channel&gt; &amp; &lt;@U1&gt;"),
        ("[a](http://x)", "[a](http:\u2060//x)", "\\[a\\](http:\u2060//x)"),
        ("# Heading *b* _i_ `c` ~s~", None, "\\# Heading \\*b\\* \\_i\\_ \\`c\\` \\~s\\~"),
        ("- item", None, "\\- item"),
        ("1. item", None, "1\\. item"),
        ("see www.x.example @here @Everyone", "see www\u2060.x.example @\u2060here @\u2060Everyone", None),
        ("a\u202eb\x00c\nd", "abc d", "abc d"),
        ("back\\slash", None, "back\\\\slash"),
    ],
)
def test_text_for_slack_does_nothing(text: str, mrkdwn: str | None, markdown: str | None) -> None:
    assert mrkdwn is None or to_mrkdwn(text) == mrkdwn
    assert markdown is None or to_markdown(text) == markdown


@given(st.text(alphabet=st.sampled_from("<>&!@#|*_~`[]()\\:/w.chanel here- 1\n\u202e\u2060é"), max_size=60))
def test_no_text_gets_a_sign_of_its_own_past(text: str) -> None:
    mrkdwn, markdown = to_mrkdwn(text), to_markdown(text)
    for made in (mrkdwn, markdown):
        assert not re.search(r"[<>\n\u202e]|&(?!amp;|lt;|gt;)|://|@(here|channel|everyone)\b|\bwww\.", made)
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_~`\[\]#|]", markdown)
    assert html.unescape(mrkdwn.replace("\u2060", "")) == " ".join(clean(text).replace("\u2060", "").split())


def test_what_the_library_refuses_is_said(slack: SlackPeer, start: Start) -> None:
    bot = start()
    slack.mention("U1", "summarize")
    slack.mention("U1", "add")
    slack.wait(lambda: bot.outcomes() == ["told", "told"])
    assert sorted(reply.text for reply in slack.posted) == [
        "Summarize what? Name an article's id or a topic.",
        "There is no file beside your message. Attach a text or HTML file and write `add`.",
    ]
