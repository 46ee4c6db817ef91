"""Slack's documented rules for what is sent to it; a call that breaks one raises which.

Limits from https://docs.slack.dev/reference/block-kit and https://docs.slack.dev/reference/methods. The one
for all blocks of a message together is not documented; it was found by others between 10,600 and 11,300 bytes
(bolt-js#2867, openclaw#143882), and the lower of the two is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]

CUMULATIVE_BYTES = 10_600
_MOST_BLOCKS = {"message": 50, "modal": 100}
_TS = re.compile(r"\d{10}\.\d{6}")
_CHANNEL = re.compile(r"[CDG][A-Z0-9]{1,}")
_USER = re.compile(r"[UW][A-Z0-9]{1,}")
_SHAPES = {
    **dict.fromkeys(("thread_ts", "ts", "latest"), (_TS, "timestamp")),
    **dict.fromkeys(("channel", "channel_id"), (_CHANNEL, "channel")),
    **dict.fromkeys(("user", "recipient_user_id"), (_USER, "user")),
}
"""Of fields, whatever the method."""
_CONTROL = re.compile(r"<[!@#]|<https?:|<mailto:")
_BARE_AMPERSAND = re.compile(r"&(?!amp;|lt;|gt;)")
_CONTROL_CHARS = re.compile(r"[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]")


class Violation(AssertionError):
    """Something was sent that Slack does not take, or that does what it must not."""


def check_call(method: str, body: Json) -> None:
    """Check what was sent to a method of the Web API.

    Raises:
        Violation: it breaks a rule.
    """
    rules = _METHODS.get(method)
    _require(rules is not None, f"{method} is not among the methods the bot should call")
    assert rules is not None
    required, allowed = rules
    missing = [name for name in required if not body.get(name)]
    _require(not missing, f"{method} without {missing}")
    unknown = sorted(set(body) - set(required) - set(allowed) - {"token"})
    _require(not unknown, f"{method} with {unknown}")
    for name, (shape, kind) in _SHAPES.items():
        if name in body:
            _require(bool(shape.fullmatch(str(body[name]))), f"{method}: {name}={body[name]!r} is no {kind}")
    if "text" in body:
        _check_text(str(body["text"]), f"{method} text")
    if "markdown_text" in body:
        _check_markdown(str(body["markdown_text"]), f"{method} markdown_text")
    if "blocks" in body:
        check_blocks(body["blocks"])
    check = _CHECKS.get(method)
    if check is not None:
        check(body)


def _check_message(body: Json) -> None:
    _require(bool(body.get("text")), "a message without text: nothing to show in a notification")


def _check_start_of_stream(body: Json) -> None:
    if str(body["channel"])[0] != "D":
        _require(bool(body.get("recipient_user_id")), "a stream in a channel needs its recipient")
        _require(bool(body.get("recipient_team_id")), "a stream in a channel needs its recipient's team")


def _check_prompts(body: Json) -> None:
    prompts = body["prompts"]
    _require(1 <= len(prompts) <= 4, f"{len(prompts)} prompts")
    for prompt in prompts:
        _require(set(prompt) == {"title", "message"}, f"prompt {prompt}")
        _require(all(prompt.values()), f"prompt {prompt}")


def check_response(body: Json) -> None:
    """Check what was sent to a `response_url`."""
    unknown = set(body) - {
        "text",
        "blocks",
        "response_type",
        "replace_original",
        "delete_original",
        "unfurl_links",
        "unfurl_media",
        "thread_ts",
    }
    _require(not unknown, f"response with {sorted(unknown)}")
    _require(body.get("response_type") in ("ephemeral", "in_channel"), f"{body.get('response_type')}")
    _require(bool(body.get("text")), "response without text")
    _check_text(str(body["text"]), "response text")
    if "blocks" in body:
        check_blocks(body["blocks"])


def check_blocks(blocks: Sequence[Json], where: str = "message") -> None:
    """Check blocks, each by its schema and all together."""
    _require(isinstance(blocks, list) and 1 <= len(blocks) <= _MOST_BLOCKS[where], f"{len(blocks)} blocks")
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    _require(len(ids) == len(set(ids)), "block ids twice")
    actions: list[str] = []
    for block in blocks:
        check = _BLOCKS.get(block.get("type", ""))
        _require(check is not None, f"block of type {block.get('type')!r}")
        assert check is not None
        check(block)
        actions += [element["action_id"] for element in block.get("elements", ()) if "action_id" in element]
    _require(len(actions) == len(set(actions)), f"action ids twice: {actions}")
    size = count_bytes(blocks)
    limit = CUMULATIVE_BYTES if where == "message" else 2 * CUMULATIVE_BYTES
    _require(size <= limit, f"msg_blocks_too_long: {size} bytes")


def count_bytes(value: object) -> int:
    """UTF-8 bytes of all texts in blocks."""
    return sum(len(text.encode()) for text in _texts(value))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            if isinstance(each, str):
                if key in ("text", "url", "value"):
                    yield each
            else:
                yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _require(holds: bool, rule: str) -> None:
    if not holds:
        raise Violation(rule)


def _check_text(text: str, where: str) -> None:
    _require(len(text) <= 4_000, f"{where} has {len(text)} characters: Slack splits it")
    calls = [call for call in _CONTROL.findall(text) if call != "<#"]
    _require(not calls, f"{where} calls or links: {text!r}")
    _require(not _BARE_AMPERSAND.search(text), f"{where} has a bare ampersand: {text!r}")
    _require(not re.search(r"\bhttps?://", text), f"{where} has an address that becomes a link: {text!r}")
    _require(not re.search(r"@(here|channel|everyone)\b", text), f"{where} calls everybody: {text!r}")


def _check_markdown(text: str, where: str) -> None:
    _require(0 < len(text) <= 12_000, f"{where} has {len(text)} characters")
    _require(not _CONTROL.search(text), f"{where} calls or links: {text!r}")
    _require(not re.search(r"(?<!\\)\]\(", text), f"{where} links: {text!r}")
    _require(not re.search(r"\bhttps?://", text), f"{where} has an address that becomes a link: {text!r}")
    _require(not re.search(r"(?m)^#{1,6} ", text), f"{where} has a heading: {text!r}")


def _check_plain(value: Json, most: int, where: str) -> None:
    _require(set(value) <= {"type", "text", "emoji"} and value["type"] == "plain_text", f"{where}: {value}")
    _require(1 <= len(value["text"]) <= most, f"{where}: {len(value['text'])} characters")


def _check_keys(value: Json, required: set[str], optional: set[str]) -> None:
    _require(required <= set(value) <= required | optional, f"{value.get('type')} has {sorted(value)}")


def _check_rich_text(block: Json) -> None:
    _check_keys(block, {"type", "elements"}, {"block_id"})
    _require(len(block["elements"]) > 0, "empty rich_text")
    for element in block["elements"]:
        _require(
            element.get("type") in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"),
            f"rich text of type {element.get('type')!r}",
        )
        _check_keys(element, {"type", "elements"}, {"border"})
        _require(len(element["elements"]) > 0, "empty rich text element")
        for part in element["elements"]:
            _check_part(part)


def _check_part(part: Json) -> None:
    kind = part.get("type")
    _require(kind in ("text", "link"), f"rich text part {kind!r}: an article's words can only be these")
    if kind == "text":
        _check_keys(part, {"type", "text"}, {"style"})
    else:
        _check_keys(part, {"type", "url"}, {"text", "style", "unsafe"})
        _require(str(part["url"]).startswith(("http://", "https://")), f"link to {part['url']!r}")
        _require(len(part["url"]) <= 3000, "address too long")
    _require(len(part.get("text", "x")) > 0, "empty text")
    _require(set(part.get("style", {})) <= {"bold", "italic", "strike", "code"}, f"style {part.get('style')}")
    _require(not _CONTROL_CHARS.search(part.get("text", "")), f"control characters in {part['text']!r}")


def _check_section(block: Json) -> None:
    _check_keys(block, {"type", "text"}, {"block_id", "accessory", "expand"})
    _require(len(block["text"]["text"]) <= 3000, "section text too long")


def _check_actions(block: Json) -> None:
    _check_keys(block, {"type", "elements"}, {"block_id"})
    _require(1 <= len(block["elements"]) <= 25, f"{len(block['elements'])} elements in actions")
    for button in block["elements"]:
        _require(button.get("type") == "button", f"element {button.get('type')!r}")
        _check_keys(button, {"type", "text", "action_id"}, {"value", "url", "style", "accessibility_label"})
        _check_plain(button["text"], 75, "button text")
        _require(len(button["action_id"]) <= 255, "action id too long")
        _require(len(button.get("value", "")) <= 2000, "value too long")


def _check_context_actions(block: Json) -> None:
    _check_keys(block, {"type", "elements"}, {"block_id"})
    _require(1 <= len(block["elements"]) <= 5, f"{len(block['elements'])} elements in context_actions")
    for element in block["elements"]:
        _require(element.get("type") == "feedback_buttons", f"element {element.get('type')!r}")
        _check_keys(element, {"type", "positive_button", "negative_button"}, {"action_id"})
        for name in ("positive_button", "negative_button"):
            button = element[name]
            _check_keys(button, {"text", "value"}, {"accessibility_label"})
            _check_plain(button["text"], 75, "feedback text")
            _require(len(button["value"]) <= 2000, "value too long")
            _require(len(button.get("accessibility_label", "")) <= 75, "accessibility label too long")


def _check_view(body: Json) -> None:
    view = body["view"]
    _check_keys(view, {"type", "title", "blocks"}, {"close", "submit", "private_metadata", "callback_id"})
    _require(view["type"] == "modal", f"view {view['type']!r}")
    _check_plain(view["title"], 24, "title")
    if "close" in view:
        _check_plain(view["close"], 24, "close")
    check_blocks(view["blocks"], "modal")


_BLOCKS = {
    "rich_text": _check_rich_text,
    "section": _check_section,
    "actions": _check_actions,
    "context_actions": _check_context_actions,
}
_CHECKS: Mapping[str, Callable[[Json], None]] = {
    "chat.postMessage": _check_message,
    "chat.postEphemeral": _check_message,
    "chat.update": _check_message,
    "chat.startStream": _check_start_of_stream,
    "views.open": _check_view,
    "assistant.threads.setSuggestedPrompts": _check_prompts,
}
_METHODS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "auth.test": ((), ()),
    "apps.connections.open": ((), ()),
    "chat.postMessage": (
        ("channel",),
        ("text", "blocks", "thread_ts", "unfurl_links", "unfurl_media"),
    ),
    "chat.postEphemeral": (("channel", "user"), ("text", "blocks", "thread_ts")),
    "chat.update": (("channel", "ts"), ("text", "blocks")),
    "chat.startStream": (
        ("channel", "thread_ts"),
        ("markdown_text", "recipient_team_id", "recipient_user_id"),
    ),
    "chat.appendStream": (("channel", "ts", "markdown_text"), ()),
    "chat.stopStream": (("channel", "ts"), ("markdown_text", "blocks")),
    "conversations.open": (("users",), ()),
    "conversations.replies": (("channel", "ts"), ("latest", "inclusive", "limit", "cursor")),
    "usergroups.users.list": (("usergroup",), ()),
    "views.open": (("trigger_id", "view"), ()),
    "assistant.threads.setStatus": (("channel_id", "thread_ts", "status"), ()),
    "assistant.threads.setTitle": (("channel_id", "thread_ts", "title"), ()),
    "assistant.threads.setSuggestedPrompts": (("channel_id", "thread_ts", "prompts"), ("title",)),
}
