"""Blocks, from plain strings: whatever an article is called or says, it can style, link or call nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextActionsBlock,
    FeedbackButtonObject,
    FeedbackButtonsElement,
    PlainTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextQuoteElement,
    RichTextSectionElement,
)
from slack_sdk.models.blocks.block_elements import RichTextElement

from agent.answer.answer import Citation
from agent.extractive.quotes import in_quotation_marks
from agent.render.slack.wording import cut
from agent.render.text import ROLE_NAMES

FEEDBACK = "feedback"
PASSAGE = "passage"
"""Action ids; a passage's has a number behind it, as ids must differ within a message."""
GOOD, BAD = "good", "bad"

_LONGEST_TITLE = 150
_LONGEST_QUOTE = 1000
"""Of a quote beneath an answer; the button shows it whole."""
_LONGEST_URL = 2000

Part = RichTextElement


def words(text: str, *, bold: bool = False, italic: bool = False) -> Part:
    """Text as it stands."""
    style = RichTextElementParts.TextStyle(bold=bold or None, italic=italic or None)
    return RichTextElementParts.Text(text=text, style=style if bold or italic else None)


def link(text: str, address: str | None) -> Part:
    """Text that leads to a web address; just the text where there is none that Slack takes."""
    if address is None or not address.startswith(("http://", "https://")) or len(address) > _LONGEST_URL:
        return words(text)
    return RichTextElementParts.Link(url=address, text=text)


def line(*parts: Part) -> Block:
    """One line."""
    return RichTextBlock(elements=[RichTextSectionElement(elements=list(parts))])


def source(number: int, citation: Citation, translated_by: str | None = None) -> Block:
    """What is cited: number, outlet, date, the title linked to the quote, and the quote."""
    facts = [fact for fact in (citation.outlet, citation.published or "no date", citation.language) if fact]
    if citation.role is not None:
        facts.append(ROLE_NAMES[citation.role])
    title = cut(citation.title or "(no title)", _LONGEST_TITLE)
    address = citation.link if citation.link and len(citation.link) <= _LONGEST_URL else citation.url
    heading = [
        words(f"[{number}] ", bold=True),
        words(f"{' · '.join(cut(fact, _LONGEST_TITLE) for fact in facts)} · "),
        link(title, address),
    ]
    quote = in_quotation_marks(cut(citation.quote, _LONGEST_QUOTE))
    elements: list[Part] = [
        RichTextSectionElement(elements=heading),
        RichTextQuoteElement(elements=[words(quote)]),
    ]
    if citation.translation is not None:
        translation = f"translation by {translated_by or 'a model'}: {citation.translation}"
        elements.append(RichTextSectionElement(elements=[words(cut(translation, 800), italic=True)]))
    return RichTextBlock(elements=elements)


def passage_buttons(cited: Iterable[tuple[int, Citation]]) -> Block:
    """A button for each source, which opens its passage."""
    cited = list(cited)
    return ActionsBlock(
        elements=[
            ButtonElement(
                text=PlainTextObject(
                    text="Show passage" if len(cited) == 1 else f"Show passage [{number}]", emoji=False
                ),
                action_id=f"{PASSAGE}-{number}",
                value=f"{citation.article}:{citation.start}:{citation.end}",
            )
            for number, citation in cited
        ]
    )


def feedback_buttons(receipt: str) -> Block:
    """Thumbs for the answer of a receipt."""
    good = FeedbackButtonObject(
        text="Good answer", value=f"{GOOD}:{receipt}", accessibility_label="This answers my question"
    )
    bad = FeedbackButtonObject(
        text="Bad answer", value=f"{BAD}:{receipt}", accessibility_label="This does not answer my question"
    )
    buttons = FeedbackButtonsElement(action_id=FEEDBACK, positive_button=good, negative_button=bad)
    return ContextActionsBlock(elements=[buttons])


def as_json(blocks: Sequence[Block]) -> list[dict[str, object]]:
    """What is sent."""
    return [block.to_dict() for block in blocks]
