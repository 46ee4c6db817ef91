from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

from agent.answer.answer import Answer
from eval.judge.scoring import score_run
from eval.report.charts import Axis, Chart, Point, choose_ticks, draw_bars, draw_dots, draw_lines
from eval.report.plots import Plot, plot_all
from eval.report.rendering import environment
from eval.runs.folder import ScoredRun
from eval.runs.rows import UsedModel
from tests.eval.runs.rows import HASH, answer, make_run, plan, quote, row, say


@pytest.mark.parametrize(
    ("top", "ticks"),
    [
        (0, [0, 1]),
        (1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0.95, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0.5, [0, 0.1, 0.2, 0.3, 0.4, 0.5]),
        (7_100, [0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000]),
        (0.00071, [0, 0.0001, 0.0002, 0.0003, 0.0004, 0.0005, 0.0006, 0.0007, 0.0008]),
    ],
)
def test_ticks_are_round_and_reach_the_top(top: float, ticks: list[float]) -> None:
    assert choose_ticks(top) == ticks


def draw(chart: Chart) -> Element:
    return fromstring(str(environment().get_template("chart.svg").module.show(chart)))  # type: ignore[attr-defined]


def test_dots_lie_where_their_values_are() -> None:
    rows = [("en", [Point(0.5, 0.25, 1.0, "A: half"), None])]
    drawing = draw(draw_dots("T <i>", rows, Axis("x", str, 1.0)))
    assert drawing.get("role") == "img" and drawing.get("aria-label") == drawing.findtext("title") == "T <i>"
    (dot,) = drawing.findall("g")
    left, right = 16 + 6.6 * 2, 560 - 16
    assert dot.findtext("title") == "A: half"
    whisker, circle = (path.get("d", "") for path in dot.findall("path"))
    x, y = circle.removeprefix("M").partition("m")[0].split()
    assert float(x) == pytest.approx((left + right) / 2, abs=0.1)
    assert whisker == f"M{round(left + (right - left) / 4, 1)} {y}H{float(right)}"


def test_lines_and_bars_fill_their_axes() -> None:
    across, upright = Axis("x", str, 1.0), Axis("y", str)
    lines = draw(draw_lines("t", [[(0, 0), (1, 0.2)]], [(0.5, Point(0.1, note="A"))], across, upright))
    path = next(each for each in lines.iter("path") if each.get("class") == "line run0")
    assert path.get("d", "").endswith("L544.0 10.0")
    bars = draw(
        draw_bars("t", ["1", "2"], [[Point(1.0, note="A"), Point(0.0, note="A")]], "x", Axis("y", str))
    )
    edges = [re.findall(r"M[\d.]+ ([\d.]+)V([\d.]+)", each.get("d", "")) for each in bars.findall("g/path")]
    assert edges == [[("216", "10.0")], [("216", "216.0")]]


def left_out(runs: list[ScoredRun]) -> dict[str, str]:
    return {plot.title: plot.caption for plot in plot_all(runs) if plot.drawing is None}


def make(
    tmp_path: Path,
    name: str,
    given: list[Answer],
    *,
    model: bool = False,
    latencies: bool = True,
    **fields: object,
) -> ScoredRun:
    cases = [plan(number, **fields) for number in range(len(given))]  # type: ignore[arg-type]
    run = make_run(tmp_path, name, cases, [row(f"c{number}", each) for number, each in enumerate(given)])
    used = UsedModel(name="m", endpoint="http://m", temperature=0, settings=HASH) if model else None
    manifest = run.run.manifest.model_copy(
        update={
            "has_latencies": latencies,
            "system": run.run.manifest.system.model_copy(update={"model": used}),
        }
    )
    (run.run.folder / "run.json").write_text(manifest.model_dump_json(), "utf-8")
    return score_run(run.run.folder)


def spend(tokens: int, cost: str | None) -> Answer:
    given = say("The harbour did not burn.")
    usage = given.usage.model_copy(
        update={"prompt_tokens": tokens, "model_calls": 1, "cost": Decimal(cost) if cost else None}
    )
    return given.model_copy(update={"usage": usage})


def test_a_plot_of_nothing_is_left_out_with_the_reason(tmp_path: Path) -> None:
    run = make(tmp_path, "a", [quote(), quote()], latencies=False)
    assert left_out([run]) == {
        "By language": "All questions are in one language.",
        "Risk and coverage": "No case has an answer and a confidence that differs from another's.",
        "Latency": "The suite encodes each passage once for all questions, so that times are not a user's.",
        "Cost against quality": "There is one run; give several to see what better answers cost.",
    }
    other = make(tmp_path, "b", [quote(), quote()], latencies=False)
    assert left_out([run, other])["Cost against quality"] == (
        "No run asked a model, so that none costs anything."
    )
    failed = make_run(tmp_path, "c", [plan(1)], [row("c1", failure="down")])
    assert set(left_out([failed])) == {plot.title for plot in plot_all([failed])}
    assert left_out([failed])["Rank of the first gold sentence"] == "No case has gold sentences to find."


def find_cost(runs: list[ScoredRun]) -> Plot:
    return next(plot for plot in plot_all(runs) if plot.title == "Cost against quality")


def test_cost_is_in_dollars_where_all_are_known_and_else_in_tokens(tmp_path: Path) -> None:
    free = make(tmp_path, "a", [quote(), quote()])
    priced = make(tmp_path, "b", [spend(100, "0.01"), spend(300, "0.03")], model=True)
    unpriced = make(tmp_path, "c", [spend(100, None), spend(300, None)], model=True)
    dollars, tokens = find_cost([free, priced]), find_cost([priced, unpriced])
    assert dollars.header == ("run", "dollars", "passed")
    assert [each[:2] for each in dollars.rows] == [("A", "0"), ("B", "0.02")]
    assert tokens.header == ("run", "tokens of the model", "passed")
    assert [each[:2] for each in tokens.rows] == [("A", "200"), ("B", "200")]
    assert tokens.caption.endswith("In tokens, as not every price is known.")


def test_risk_and_coverage_stop_where_the_system_refuses(tmp_path: Path) -> None:
    sure = quote()
    unsure = answer(confidence=0.2)
    run = make(tmp_path, "a", [sure, sure, unsure])
    (plot,) = (plot for plot in plot_all([run]) if plot.title == "Risk and coverage")
    assert [each[:3] for each in plot.rows] == [("A", "0.667", "0.000")]
    assert plot.drawing is not None
    ((_, line, _),) = plot.drawing.lines
    assert line.count("L") == 1
