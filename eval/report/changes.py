"""The part of a page about what changed between runs: differences with how sure they are, and the flips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote
from xml.etree.ElementTree import Element

from agent import clean
from eval.comparison import ALPHA, Comparison, Difference, Flip, judge
from eval.report.elements import Node, spoken, table, tag
from eval.report.tables import format_value
from eval.report.views import anchor_of


def show_comparison(comparison: Comparison, before: str, after: str, left_out: Mapping[str, str]) -> Element:
    """One run beside an earlier one; `left_out` are metrics that may not gate, each with the reason."""
    ruling = judge(comparison, left_out)
    rows = [_show_difference(each) for each in comparison.differences]
    header = ("metric", "n", before, after, "difference", "p worse", "p better")
    return tag(
        "section",
        tag("h3", f"{after} beside {before}"),
        tag("p", "As a gate: ", tag("b", ruling.outcome.value, class_=f"badge {ruling.outcome}"),
            " " + clean("; ".join(ruling.reasons)) if ruling.reasons else None),
        *(tag("p", f"Note: {clean(note)}.", class_="quiet") for note in ruling.notes),
        tag("div", table(header, rows), class_="wide"),
        tag("p", "p: one-sided, corrected by Holm over all; bold below 0.05. * gates.", class_="quiet"),
        *_show_flips(comparison.flips),
    )  # fmt: skip


def _show_difference(each: Difference) -> Sequence[Node]:
    name = each.metric.name
    between = (
        f" [{_sign(name, each.low)}, {_sign(name, each.high)}]"
        if each.low is not None
        else f" {clean(each.note)}"
    )
    return (
        tag("th", name, tag("b", " *") if each.is_gate else None, scope="row"),
        f"{each.cases:,}",
        format_value(name, each.before),
        format_value(name, each.after),
        tag("td", tag("b", _sign(name, each.difference)), tag("span", between, class_="interval"),
            class_="number"),
        _show_chance(each.corrected_loss),
        _show_chance(each.corrected_gain),
    )  # fmt: skip


def _show_chance(value: float) -> Element:
    words = f"{value:.3f}" if value >= 0.001 else "<0.001"
    return tag("td", tag("b", words) if value < ALPHA else words)


def _show_flips(flips: Sequence[Flip]) -> list[Element]:
    """What was lost, then what was gained, each case once."""
    cases: dict[str, list[Flip]] = {}
    for flip in flips:
        cases.setdefault(flip.case.case.id, []).append(flip)
    if not cases:
        return [tag("p", "No case changed.")]
    lost = [group for group in cases.values() if any(flip.is_loss for flip in group)]
    gained = [group for group in cases.values() if not any(flip.is_loss for flip in group)]
    found = []
    for words, groups in (("Lost", lost), ("Gained", gained)):
        if groups:
            found.append(tag("h4", f"{words}: {len(groups):,}"))
            found.append(tag("ul", *map(_show_flip, groups), class_="flips"))
    return found


def _show_flip(group: Sequence[Flip]) -> Element:
    case = group[0].case.case
    asked = clean(case.question or (case.claim.text if case.claim else ""))
    changes = ", ".join(
        f"{flip.metric} {format_value(flip.metric, flip.before)} → {format_value(flip.metric, flip.after)}"
        for flip in group
    )
    return tag(
        "li",
        tag("a", case.id, href=f"#{quote(anchor_of(case.id))}", class_="to"),
        " ",
        spoken("span", asked, case.language),
        " ",
        tag("span", changes, class_="quiet"),
    )


def _sign(name: str, value: float | None) -> str:
    return ("+" if value is not None and value > 0 else "") + format_value(name, value)
