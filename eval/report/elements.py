"""Elements of a page. Text goes in as text and is escaped where the page is written, so that nothing of an
article's or a model's can become markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, tostring

Node = Element | str | None
"""Nothing at all is left out."""
Value = str | int | float | bool | None


def tag(name: str, /, *children: Node, **attributes: Value) -> Element:
    """An element. `class_` stands for `class` and `_` for `-`; True is an attribute without a value, and None
    and False are none.
    """
    element = Element(name)
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        text = "" if value is True else f"{value:g}" if isinstance(value, float) else str(value)
        element.set(key.rstrip("_").replace("_", "-"), text)
    return fill(element, children)


def fill(element: Element, children: Iterable[Node]) -> Element:
    """The element, with these at its end."""
    for child in children:
        if child is None:
            continue
        if isinstance(child, Element):
            element.append(child)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + child
        else:
            element.text = (element.text or "") + child
    return element


def spoken(name: str, words: str, language: str | None, **attributes: Value) -> Element:
    """Words in a language of their own, which may run from right to left."""
    known = language if language != "und" else None
    return tag(name, words, lang=known, dir="auto", **attributes)


def table(header: Sequence[Node], rows: Iterable[Sequence[Node]], **attributes: Value) -> Element:
    """A table whose first column names the rows. A cell that is a `td` or `th` already is put as it is."""
    head = tag("tr", *(_cell("th", each, scope="col") for each in header))
    body = [
        tag("tr", *(_cell("td" if place else "th", each, scope=None if place else "row")
                    for place, each in enumerate(row)))
        for row in rows
    ]  # fmt: skip
    return tag("table", tag("thead", head), tag("tbody", *body), **attributes)


def write(element: Element) -> str:
    """The element as HTML; SVG inside it is none the worse."""
    return tostring(element, encoding="unicode", method="html")


def _cell(name: str, content: Node, scope: str | None) -> Element:
    if isinstance(content, Element) and content.tag in ("td", "th"):
        return content
    return tag(name, content, scope=scope)
