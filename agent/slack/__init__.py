"""The Slack bot: articles answer where a team talks.

The road of a request, in the order of its modules: `app` listens to Slack, `events` reads what was asked,
`permissions` says whether it may be, `journal` records it, `queue` decides when it is answered, `answering`
asks the library, and `delivery` sends the answer through `web`, by `live` where it grows. `bot` leads a
request along this road, and `run` is the process.
"""
