"""Simple charts as SVG inside the page: dots with whiskers, lines, bars.

Made by hand, because what draws charts in a browser (Vega, Plotly) is megabytes of script in every page, and
what draws them in Python (Matplotlib) is a heavy dependency for five drawings whose colours could then not
follow the reader's. Places are computed here, and `templates/chart.svg` draws them; the page's style colours
them; what can be pointed at says its value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

WIDTH = 560
_RIGHT, _TOP, _BOTTOM = 16, 10, 44
_LETTER = 6.6
"""Width of a letter at the size of a label, in units of the drawing: an upper estimate."""
_DASHES = (None, "7 3", "2 3", "8 3 2 3", "12 4", "4 4")
_MARKERS = (
    "m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z",
    "m-4-4h8v8h-8z",
    "m0-6l6 6l-6 6l-6-6z",
    "m0-5.5l5.5 10h-11z",
    "m0 5.5l5.5-10h-11z",
    "m-1.8-5.5h3.6v3.7h3.7v3.6h-3.7v3.7h-3.6v-3.7h-3.7v-3.6h3.7z",
)
"""A shape of its own for each run, so that they differ in more than colour."""


@dataclass(frozen=True, slots=True)
class Point:
    """A value, with a range around it where there is one."""

    value: float
    low: float | None = None
    high: float | None = None
    note: str = ""
    """Said when it is pointed at."""


@dataclass(frozen=True, slots=True)
class Axis:
    """What a side of the drawing measures."""

    title: str
    form: Callable[[float], str]
    most: float | None = None
    """Where it ends; as far as it must when None."""

    def ticks(self, values: Iterable[float]) -> list[float]:
        return choose_ticks(self.most or max(values))

    def width(self, ticks: Sequence[float]) -> float:
        """Of the widest of them, in units of the drawing."""
        return _LETTER * max(len(self.form(tick)) for tick in ticks)


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from 0 to `high` along a side of the drawing."""

    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return round(self.start + value / self.high * (self.end - self.start), 1)


@dataclass(frozen=True, slots=True)
class ChartLabel:
    """Words in the drawing."""

    words: str
    x: float
    y: float
    anchor: str = "middle"
    kind: str | None = None
    transform: str | None = None


@dataclass(frozen=True, slots=True)
class ChartMark:
    """What can be pointed at."""

    run: int
    note: str
    shape: str
    whisker: str = ""


@dataclass(slots=True)
class Chart:
    """A drawing, part by part; shapes are paths of SVG."""

    title: str
    height: float
    grid: list[str] = field(default_factory=list)
    labels: list[ChartLabel] = field(default_factory=list)
    lines: list[tuple[int, str, str | None]] = field(default_factory=list)
    """Run, path, dashes."""
    marks: list[ChartMark] = field(default_factory=list)

    def add_x_axis(self, axis: Axis, ticks: Sequence[float], x: Scale) -> None:
        """The lower side, with its ticks as far as they have room."""
        widest = axis.width(ticks)
        # As many labels as do not run into each other.
        every = math.ceil((widest + 8) / (x(ticks[1]) - x(ticks[0])))
        for place, tick in enumerate(ticks):
            self.grid.append(f"M{x(tick)} {_TOP}V{self.height - _BOTTOM}")
            if place % every == 0:
                at = round(min(x(tick), WIDTH - widest / 2), 1)
                self.labels.append(ChartLabel(axis.form(tick), at, self.height - _BOTTOM + 16))
        self.add_x_title(axis.title, x.start)

    def add_x_title(self, title: str, left: float) -> None:
        """What the lower side measures."""
        middle = round((left + WIDTH - _RIGHT) / 2, 1)
        self.labels.append(ChartLabel(title, middle, self.height - 8, kind="axis"))

    def add_y_axis(self, axis: Axis, ticks: Sequence[float], left: float) -> Scale:
        """Return the left side, from the bottom to the top."""
        y = Scale(axis.most or ticks[-1], self.height - _BOTTOM, _TOP)
        for tick in ticks:
            self.grid.append(f"M{left} {y(tick)}H{WIDTH - _RIGHT}")
            self.labels.append(ChartLabel(axis.form(tick), round(left - 8, 1), y(tick) + 4, "end"))
        middle = (y.start + y.end) / 2
        self.labels.append(
            ChartLabel(axis.title, 12, middle, kind="axis", transform=f"rotate(-90 12 {middle:g})")
        )
        return y


def draw_dots(title: str, rows: Sequence[tuple[str, Sequence[Point | None]]], axis: Axis) -> Chart:
    """Return a row for each name with a dot for each run."""
    runs = max(len(points) for _, points in rows)
    step = max(22, 13 * runs + 8)
    left = 16 + _LETTER * max(len(name) for name, _ in rows)
    chart = Chart(title, _TOP + step * len(rows) + _BOTTOM)
    there = filter(None, chain.from_iterable(points for _, points in rows))
    ticks = axis.ticks(map(_reach, there))
    x = Scale(axis.most or ticks[-1], left, WIDTH - _RIGHT)
    chart.add_x_axis(axis, ticks, x)
    for place, (name, points) in enumerate(rows):
        middle = _TOP + step * (place + 0.5)
        chart.labels.append(ChartLabel(name, round(left - 8, 1), middle + 4, "end"))
        for run, point in enumerate(points):
            if point is None:
                continue
            y = round(middle + 13 * (run - (len(points) - 1) / 2), 1)
            whisker = ""
            if point.low is not None and point.high is not None:
                whisker = f"M{x(point.low)} {y}H{x(point.high)}"
            chart.marks.append(ChartMark(run, point.note, draw_marker(run, x(point.value), y), whisker))
    return chart


def draw_lines(
    title: str,
    lines: Sequence[Sequence[tuple[float, float]]],
    spots: Sequence[tuple[float, Point] | None],
    across: Axis,
    upright: Axis,
) -> Chart:
    """Return a line for each run, and a spot with a vertical range for each."""
    chart = Chart(title, 300)
    points = list(chain.from_iterable(lines))
    points += [(at, _reach(point)) for at, point in filter(None, spots)]
    xs, ys = zip(*points, strict=True)
    x_ticks, y_ticks = across.ticks(xs), upright.ticks(ys)
    left = 34 + upright.width(y_ticks)
    x = Scale(across.most or x_ticks[-1], left, WIDTH - _RIGHT)
    chart.add_x_axis(across, x_ticks, x)
    y = chart.add_y_axis(upright, y_ticks, left)
    for run, line in enumerate(lines):
        if line:
            path = "L".join(f"{x(one)} {y(other)}" for one, other in line)
            chart.lines.append((run, f"M{path}", _DASHES[run % len(_DASHES)]))
    for run, spot in enumerate(spots):
        if spot is None:
            continue
        at, point = spot
        whisker = ""
        if point.low is not None and point.high is not None:
            whisker = f"M{x(at)} {y(point.low)}V{y(point.high)}"
        chart.marks.append(ChartMark(run, point.note, draw_marker(run, x(at), y(point.value)), whisker))
    return chart


def draw_bars(
    title: str, names: Sequence[str], runs: Sequence[Sequence[Point]], across: str, upright: Axis
) -> Chart:
    """Upright bars, those of the runs beside each other over each name."""
    chart = Chart(title, 260)
    ticks = upright.ticks(map(_reach, chain.from_iterable(runs)))
    left = 34 + upright.width(ticks)
    y = chart.add_y_axis(upright, ticks, left)
    step = (WIDTH - _RIGHT - left) / len(names)
    width = round(step * 0.8 / len(runs), 1)
    for place, name in enumerate(names):
        begin = left + step * (place + 0.1)
        chart.labels.append(ChartLabel(name, round(begin + step * 0.4, 1), chart.height - _BOTTOM + 16))
        for run, points in enumerate(runs):
            x, right = round(begin + width * run, 1), round(begin + width * run + max(1.0, width - 1), 1)
            bar = f"M{x} {chart.height - _BOTTOM:g}V{y(points[place].value)}H{right}V{y(0)}z"
            chart.marks.append(ChartMark(run, points[place].note, bar))
    chart.add_x_title(across, left)
    return chart


def _reach(point: Point) -> float:
    return point.high or point.value


def draw_marker(run: int, x: float = 8, y: float = 8) -> str:
    """Return the path of a run's mark; in a legend other readers have the run's letter beside it."""
    return f"M{x} {y}{_MARKERS[run % len(_MARKERS)]}"


def choose_ticks(top: float) -> list[float]:
    """From 0 to at least `top` in steps of 1, 2 or 5 times a power of ten, four to eight of them."""
    if top <= 0:
        return [0.0, 1.0]
    power = 10.0 ** math.floor(math.log10(top / 4))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power * 8 >= top - 1e-9 * top)
    return [round(step * number, 12) for number in range(math.ceil(top / step - 1e-9) + 1)]
