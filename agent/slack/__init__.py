"""The Slack bot: articles answer where a team talks.

`events` says what Slack has sent, `journal` sees that it is answered once, `permissions` whether it may be,
`waiting` when, `answering` asks the library, `delivery` brings the answer into the thread, `bot` puts these
together, `app` ties them to Slack by slack-bolt, and `run` is the process. Light: only `run` and what it
imports loads slack-bolt.
"""

from agent.settings.slack import ChannelRule, SlackSettings

__all__ = ["ChannelRule", "SlackSettings"]
