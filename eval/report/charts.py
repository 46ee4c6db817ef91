"""Simple charts as SVG inside the page: dots with whiskers, lines, bars.

Made by hand, because what draws charts in a browser (Vega, Plotly) is megabytes of script in every page, and
what draws them in Python (Matplotlib) is a heavy dependency for five drawings whose colours could then not
follow the reader's. The page's style colours them; what can be pointed at says its value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from eval.report.elements import Node, tag

WIDTH = 560
_RIGHT, _TOP, _BOTTOM = 16, 10, 44
_LETTER = 6.6
"""Width of a letter at the size of a label, in units of the drawing: an upper estimate."""
_DASHES = (None, "7 3", "2 3", "8 3 2 3", "12 4", "4 4")

Format = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Point:
    """A value, with a range around it where there is one."""

    value: float
    low: float | None = None
    high: float | None = None
    note: str = ""
    """Said when it is pointed at."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from `low` to `high` along a side of the drawing."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)


def draw_dots(
    rows: Sequence[tuple[str, Sequence[Point | None]]],
    title: str,
    axis: str,
    form: Format,
    most: float | None,
) -> Element:
    """A row for each name with a dot for each run; the axis goes from 0 to `most`, or as far as it must."""
    runs = max(len(points) for _, points in rows)
    step = max(22, 13 * runs + 8)
    left = 16 + _LETTER * max(len(name) for name, _ in rows)
    height = _TOP + step * len(rows) + _BOTTOM
    top = most or max(point.high or point.value for _, points in rows for point in points if point)
    ticks = choose_ticks(top)
    scale = Scale(0, most or ticks[-1], left, WIDTH - _RIGHT)
    parts: list[Node] = [*_draw_x_axis(ticks, scale, height, axis, form)]
    for place, (name, points) in enumerate(rows):
        middle = _TOP + step * (place + 0.5)
        parts.append(_text(name, left - 8, middle + 4, anchor="end"))
        for run, point in enumerate(points):
            if point is None:
                continue
            y = round(middle + 13 * (run - (len(points) - 1) / 2), 1)
            shape = _draw_marker(scale(point.value), y, run)
            if point.low is not None and point.high is not None:
                whisker = tag("path", d=f"M{scale(point.low)} {y}H{scale(point.high)}", class_="whisker")
                shape = tag("g", whisker, shape)
            parts.append(_say(shape, point.note, run))
    return _draw(parts, height, title)


def draw_lines(
    lines: Sequence[Sequence[tuple[float, float]]],
    spots: Sequence[tuple[float, Point] | None],
    title: str,
    axes: tuple[str, str],
    forms: tuple[Format, Format],
    most: tuple[float | None, float | None],
) -> Element:
    """A line for each run, and a spot with a vertical range for each; `most` ends the axes, x and y."""
    height = 300
    there = [(x, y.high or y.value) for x, y in filter(None, spots)]
    points = [*(point for line in lines for point in line), *there]
    x_ticks, y_ticks = (
        choose_ticks(end or max(point[side] for point in points)) for side, end in enumerate(most)
    )
    left = 34 + _LETTER * max(len(forms[1](tick)) for tick in y_ticks)
    x = Scale(0, most[0] or x_ticks[-1], left, WIDTH - _RIGHT)
    y = Scale(0, most[1] or y_ticks[-1], height - _BOTTOM, _TOP)
    parts: list[Node] = [
        *_draw_x_axis(x_ticks, x, height, axes[0], forms[0]),
        *_draw_y_axis(y_ticks, y, left, axes[1], forms[1]),
    ]
    for run, line in enumerate(lines):
        if line:
            path = "L".join(f"{x(one)} {y(other)}" for one, other in line)
            dash = _DASHES[run % len(_DASHES)]
            parts.append(tag("path", d=f"M{path}", class_=f"line run{run}", stroke_dasharray=dash))
    for run, spot in enumerate(spots):
        if spot is not None:
            at, point = spot
            shape = _draw_marker(x(at), y(point.value), run)
            if point.low is not None and point.high is not None:
                whisker = tag("path", d=f"M{x(at)} {y(point.low)}V{y(point.high)}", class_="whisker")
                shape = tag("g", whisker, shape)
            parts.append(_say(shape, point.note, run))
    return _draw(parts, height, title)


def draw_bars(
    names: Sequence[str], runs: Sequence[Sequence[Point]], title: str, axes: tuple[str, str], form: Format
) -> Element:
    """Upright bars, those of the runs beside each other over each name."""
    height = 260
    ticks = choose_ticks(max(point.value for run in runs for point in run))
    left = 34 + _LETTER * max(len(form(tick)) for tick in ticks)
    y = Scale(0, ticks[-1], height - _BOTTOM, _TOP)
    parts: list[Node] = [*_draw_y_axis(ticks, y, left, axes[1], form)]
    step = (WIDTH - _RIGHT - left) / len(names)
    width = round(step * 0.8 / len(runs), 1)
    for place, name in enumerate(names):
        begin = left + step * place + step * 0.1
        parts.append(_text(name, begin + step * 0.4, height - _BOTTOM + 16))
        for run, points in enumerate(runs):
            top = y(points[place].value)
            bar = tag("rect", x=round(begin + width * run, 1), y=top, width=max(1.0, width - 1),
                      height=round(height - _BOTTOM - top, 1))  # fmt: skip
            parts.append(_say(bar, points[place].note, run))
    parts.append(_text(axes[0], (left + WIDTH - _RIGHT) / 2, height - 8, class_="axis"))
    return _draw(parts, height, title)


def draw_marker(run: int) -> Element:
    """The mark of a run, for legends; other readers have the run's letter beside it."""
    return tag(
        "svg", tag("g", _draw_marker(8, 8, run), class_=f"run{run}"),
        viewBox="0 0 16 16", width=16, height=16, class_="marker", aria_hidden="true",
    )  # fmt: skip


def choose_ticks(top: float) -> list[float]:
    """From 0 to at least `top` in steps of 1, 2 or 5 times a power of ten, four to eight of them."""
    if top <= 0:
        return [0.0, 1.0]
    power = 10.0 ** math.floor(math.log10(top / 4))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power * 8 >= top - 1e-9 * top)
    return [round(step * number, 12) for number in range(math.ceil(top / step - 1e-9) + 1)]


def _draw(parts: Sequence[Node], height: float, title: str) -> Element:
    return tag("svg", tag("title", title), *parts, viewBox=f"0 0 {WIDTH} {height:g}", role="img",
               aria_label=title, class_="chart")  # fmt: skip


def _draw_x_axis(ticks: Sequence[float], x: Scale, height: float, title: str, form: Format) -> Iterator[Node]:
    widest = _LETTER * max(len(form(tick)) for tick in ticks)
    every = math.ceil((widest + 8) / (x(ticks[1]) - x(ticks[0])))
    for place, tick in enumerate(ticks):
        yield tag("path", d=f"M{x(tick)} {_TOP}V{height - _BOTTOM}", class_="grid")
        if place % every == 0:
            yield _text(form(tick), min(x(tick), WIDTH - widest / 2), height - _BOTTOM + 16)
    yield _text(title, (x.start + x.end) / 2, height - 8, class_="axis")


def _draw_y_axis(ticks: Sequence[float], y: Scale, left: float, title: str, form: Format) -> Iterator[Node]:
    for tick in ticks:
        yield tag("path", d=f"M{left} {y(tick)}H{WIDTH - _RIGHT}", class_="grid")
        yield _text(form(tick), left - 8, y(tick) + 4, anchor="end")
    turn = f"rotate(-90 12 {(y.start + y.end) / 2:g})"
    yield _text(title, 12, (y.start + y.end) / 2, class_="axis", transform=turn)


def _draw_marker(x: float, y: float, run: int) -> Element:
    """A shape of its own for each run, so that colour is not all that tells them apart."""
    match run % 6:
        case 0:
            return tag("circle", cx=x, cy=y, r=4.5)
        case 1:
            return tag("rect", x=round(x - 4, 1), y=round(y - 4, 1), width=8, height=8)
        case 2:
            outline = "m0-6l6 6l-6 6l-6-6z"
        case 3:
            outline = "m0-5.5l5.5 10h-11z"
        case 4:
            outline = "m0 5.5l5.5-10h-11z"
        case _:
            outline = "m-1.8-5.5h3.6v3.7h3.7v3.6h-3.7v3.7h-3.6v-3.7h-3.7v-3.6h3.7z"
    return tag("path", d=f"M{x} {y}{outline}")


def _say(shape: Element, words: str, run: int) -> Element:
    return tag("g", tag("title", words), shape, class_=f"run{run}")


def _text(words: str, x: float, y: float, *, anchor: str = "middle", **attributes: str) -> Element:
    return tag("text", words, x=round(x, 1), y=round(y, 1), text_anchor=anchor, **attributes)
