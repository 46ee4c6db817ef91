"""What people see in Slack, without a model: quotes."""

from __future__ import annotations

from agent.answer.receipts import find_receipt
from tests.agent.slack.conftest import FLOOD, Start
from tests.peers.slack import BOT_USER, TEAM, SlackPeer, read_view
from vectorstore import Feedback, Library, Opinion

MINISTER = "The minister of infrastructure, Anna Visser, warned of flooding along the Maas on Monday."
LINK = (
    "https://courier.example/flood#:~:text=The%20minister%20of%20infrastructure%2C,"
    "along%20the%20Maas%20on%20Monday."
)


def test_a_mention_is_answered_once_in_its_thread_with_sources_that_lead_to_the_quote(
    slack: SlackPeer, start: Start
) -> None:
    bot = start(channels=[{"id": "C1", "outlets": ["The Courier"]}], log_text=False)
    asked = slack.mention("U1", FLOOD)
    slack.wait(lambda: len(bot.outcomes()) == 1)
    (reply,) = slack.posted
    assert (reply.channel, reply.thread_ts, reply.seen_by) == ("C1", asked, None)
    lines = reply.shown.split("\n")
    assert lines[:3] == [
        "1 quote from 1 article, word for word as it stands there.",
        f"[1] The Courier · 2024-12-03 · en · Minister warns of flooding({LINK})",
        f"> “{MINISTER}”",
    ]
    assert lines[-2:] == ["[Show passage]", "[+] [-]"]
    assert reply.text.split("\n")[:2] == [
        "1 quote from 1 article, word for word as it stands there.",
        f"[1] The Courier · 2024-12-03 · Minister warns of flooding: {MINISTER}",
    ]
    assert slack.methods() == ["auth.test", "apps.connections.open", "chat.postMessage"]
    line = bot.lines[-1]
    assert {key: line[key] for key in line if key not in ("at", "waited_ms", "total_ms", "receipt")} == {
        "event": slack.event_ids[0],
        "outcome": "answered",
        "kind": "mention",
        "team": TEAM,
        "channel": "C1",
        "user": "U1",
        "ts": asked,
        "way": "posts",
    }


def test_numbers_in_the_text_on_the_buttons_and_in_the_receipt_agree(
    slack: SlackPeer, start: Start, library: Library
) -> None:
    bot = start()
    slack.mention("U1", "What is asked of the villages along the Maas because of the flooding?")
    slack.wait(lambda: bot.outcomes())
    (reply,) = slack.posted
    cited = find_receipt(library, bot.lines[-1]["receipt"]).answer.citations()
    assert len(cited) > 1
    assert reply.buttons == {
        f"passage-{number}": f"{citation.article}:{citation.start}:{citation.end}"
        for number, citation in enumerate(cited, start=1)
    }
    for number, citation in enumerate(cited, start=1):
        at = reply.shown.index(f"[{number}] ")
        assert reply.shown.index(citation.quote) > at
        assert f"[{number}] {citation.outlet} · {citation.published} · {citation.title}: " in reply.text


def test_what_the_articles_do_not_say_is_said_with_what_is_nearest(slack: SlackPeer, start: Start) -> None:
    bot = start(answer={"nearest": 1})
    slack.mention("U1", "who won the 1998 World Cup?")
    slack.wait(lambda: bot.outcomes() == ["not_found"])
    lines = slack.posted[0].shown.split("\n")
    assert lines[0] == "The articles do not say this. Nearest passages, which do not answer it:"
    assert lines[1].startswith("[1] ") and lines[2].startswith("> “") and lines[3] == "[Show passage]"


def test_a_direct_message_is_a_question_and_its_thread_a_session(
    slack: SlackPeer, start: Start, library: Library
) -> None:
    bot = start()
    asked = slack.say("U1", "Who is Anna Visser?", "D1")
    slack.wait(lambda: len(bot.outcomes()) == 1)
    slack.say("U1", "what did she say?", "D1", thread_ts=asked)
    slack.wait(lambda: len(bot.outcomes()) == 2)
    first, second = slack.posted
    assert (first.thread_ts, second.thread_ts) == (asked, asked)
    assert "Read after the question before as “what did she say? (Anna Visser)”." in second.shown
    turns = library.sessions.turns(f"slack/{TEAM}/D1/{asked}")
    assert [turn.asked for turn in turns] == ["Who is Anna Visser?", "what did she say?"]


def test_a_thread_goes_on_after_a_restart(slack: SlackPeer, start: Start) -> None:
    bot = start()
    asked = slack.mention("U1", "Who is Piet Smeets?")
    slack.wait(lambda: bot.outcomes())
    bot.stop()
    again = start()
    slack.mention("U2", "what did he say?", thread_ts=asked)
    slack.wait(lambda: again.outcomes())
    assert "Read after the question before as “what did he say? (Piet Smeets)”." in slack.posted[-1].shown


def test_the_bot_reads_the_thread_it_is_called_into(slack: SlackPeer, start: Start) -> None:
    bot = start()
    opened = slack.new_ts()
    slack.threads[opened] = [
        {"user": "U1", "text": "Piet Smeets was on the radio about Limburg", "ts": opened},
        {"user": "U2", "bot_id": "B9", "text": "Reminder: Jan Jansen", "ts": slack.new_ts()},
        {"user": BOT_USER, "text": "Hello", "ts": slack.new_ts()},
    ]
    slack.mention("U2", "what did he say?", thread_ts=opened)
    slack.wait(lambda: bot.outcomes())
    read = "Read after the question before as “what did he say? (Piet Smeets, Limburg)”."
    assert read in slack.posted[0].shown


def test_of_a_long_thread_the_last_messages_before_the_question_are_read(
    slack: SlackPeer, start: Start
) -> None:
    bot = start()
    opened = slack.new_ts()
    chat = [
        {"user": "U1", "text": f"Jan Jansen again, {count}", "ts": slack.new_ts()} for count in range(450)
    ]
    last = {"user": "U1", "text": "Piet Smeets was on the radio", "ts": slack.new_ts()}
    slack.threads[opened] = [{"user": "U1", "text": "Hello", "ts": opened}, *chat, last]
    slack.mention("U2", "what did he say?", thread_ts=opened)
    slack.wait(lambda: bot.outcomes())
    assert "Read after the question before as “what did he say? (Piet Smeets)”." in slack.posted[0].shown
    assert slack.methods().count("conversations.replies") == 3


def test_without_the_scope_to_read_the_thread_the_question_is_answered_as_it_stands(
    slack: SlackPeer, start: Start
) -> None:
    slack.errors["conversations.replies"] = {
        "ok": False,
        "error": "missing_scope",
        "needed": "channels:history",
    }
    bot = start()
    slack.mention("U2", FLOOD, thread_ts=slack.new_ts())
    slack.wait(lambda: bot.outcomes() == ["answered"])
    assert "warned of flooding" in slack.posted[0].shown


def test_show_passage_opens_the_quote_in_its_paragraphs(slack: SlackPeer, start: Start) -> None:
    bot = start(channels=[{"id": "C1", "outlets": ["The Courier"]}])
    slack.mention("U1", FLOOD)
    slack.wait(lambda: bot.outcomes())
    (reply,) = slack.posted
    slack.press("U2", reply, "passage-1", reply.buttons["passage-1"])
    slack.wait(lambda: slack.views)
    (view,) = slack.views
    assert read_view(view) == (
        f"Minister warns of flooding({LINK})\nThe Courier · 2024-12-03 · en\n"
        "Minister warns of flooding\n\n"
        f"{MINISTER}\n\nResidents of three villages were asked to leave their homes."
    )
    bold = [
        part["text"]
        for part in view["blocks"][1]["elements"][0]["elements"]
        if part.get("style", {}).get("bold")
    ]
    assert bold == [MINISTER]


def test_a_passage_that_is_not_for_the_channel_is_not_shown_there(
    slack: SlackPeer, start: Start, library: Library
) -> None:
    bot = start(channels=[{"id": "C1", "outlets": ["The Courier"]}])
    slack.mention("U1", FLOOD)
    slack.wait(lambda: bot.outcomes())
    other = next(header.id for header in library.articles.headers() if header.outlet == "De Avondbode")
    (reply,) = slack.posted
    slack.press("U2", reply, "passage-1", f"{other}:0:10")
    slack.press("U2", reply, "passage-1", f"{'0' * 16}:0:10")
    slack.press("U2", reply, "passage-1", "what is this?")
    slack.wait(lambda: len(slack.views) == 3)
    assert sorted(map(read_view, slack.views)) == [
        "This article is not in the library, or is not for this channel.",
        "This article is not in the library, or is not for this channel.",
        "This button is of another version of mine. Ask again.",
    ]


def test_thumbs_keep_question_answer_and_opinion_for_the_evaluation(
    slack: SlackPeer, start: Start, library: Library
) -> None:
    bot = start()
    slack.mention("U1", FLOOD)
    slack.wait(lambda: bot.outcomes())
    (reply,) = slack.posted
    receipt = bot.lines[-1]["receipt"]
    assert reply.feedback == (f"good:{receipt}", f"bad:{receipt}")
    for user, value in (("U1", f"good:{receipt}"), ("U2", f"good:{receipt}"), ("U1", f"bad:{receipt}")):
        slack.press(user, reply, "feedback", value, "feedback_buttons")
        slack.wait(lambda: bot.lines[-1]["event"] == "feedback" and bot.lines[-1]["user"] == user)  # noqa: B023
    for value in ("bad:gone22", "so-so:1"):
        before = len(bot.outcomes())
        slack.press("U3", reply, "feedback", value, "feedback_buttons")
        slack.wait(lambda: bot.outcomes()[before:] == ["explained"])  # noqa: B023
    kept = [each for each in library.feedback.all() if each.receipt == receipt]
    assert kept == [
        Feedback(receipt, FLOOD, Opinion.GOOD, f"slack/{TEAM}/U2", kept[0].at),
        Feedback(receipt, FLOOD, Opinion.BAD, f"slack/{TEAM}/U1", kept[1].at),
    ]
    told = [(posted.seen_by, posted.text) for posted in slack.posted[1:]]
    thanks = "Thank you, noted: your question becomes a test of whether I answer it better."
    assert told == [
        ("U1", thanks),
        ("U2", thanks),
        ("U1", thanks),
        ("U3", "This answer is no longer stored, so your opinion of it cannot be stored."),
        ("U3", "This button is of another version of mine. Ask again."),
    ]
