"""How often the gate cries wolf, and how often it sees one. `python -m bench.gate`.

Pure simulation, no library and no model: outcomes are drawn, and what stands in `eval.comparison` judges
them, as `pullquote eval gate` does. A case has a propensity to come out right, shared in part by the cases
of its article and by the metrics; on each run a little noise is added, so that a few outcomes flip by chance
as with a model that is not deterministic. An injured system has every propensity moved until the share of
right outcomes is ten points lower.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from eval.comparison.gate import find_losses
from eval.comparison.pairs import Difference, measure_difference
from eval.scoring.catalogue import METRICS

GATE = ("passed", "hit@1", "evidence_recall", "refusal_correct")
"""The metrics that the shipped suite `seed` gates on."""
CASES = 200
RERUNS = 200
DROP = 0.10
RIGHT = 0.8
"""Share of right outcomes before the injury, a little under what the shipped suites give."""
SHARED = 0.3
"""Share of the variance that the cases of one article have in common; another that the metrics have."""


@dataclass(frozen=True, slots=True)
class World:
    """What is drawn."""

    noise: float
    """Standard deviation of a run's noise beside a propensity's 1."""
    per_article: int
    """Cases that share an article."""
    repeats: int = 1
    """How often a run asks each case."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the table."""

    world: World
    flips: float
    """Mean distance of an outcome in two runs of the same system: of single answers, the share that flips."""
    false_alarms: float
    power_all: float
    """Alarms when every metric falls."""
    power_one: float
    """Alarms when only one of them falls."""


WORLDS = (
    *(World(noise, size) for noise in (0.0, 0.05, 0.15, 0.3, 0.6) for size in (1, 4)),
    World(0.6, 4, repeats=3),
)


def measure(world: World, seed: int = 0, runs: int = RERUNS) -> Measured:
    """Re-runs of an unchanged system, and runs of an injured one, each against a run of its own baseline."""
    random = np.random.default_rng(seed)
    flips, alarms, found_all, found_one = [], 0, 0, 0
    for _ in range(runs):
        propensities = _draw(world, random)
        baseline = _run(propensities, world, random, [0.0] * len(GATE))
        again = _run(propensities, world, random, [0.0] * len(GATE))
        flips.append(np.mean(np.abs(baseline - again)))
        alarms += _is_alarm(baseline, again, world)
        drop = _shift(world)
        found_all += _is_alarm(baseline, _run(propensities, world, random, [drop] * len(GATE)), world)
        one = [drop, *[0.0] * (len(GATE) - 1)]
        found_one += _is_alarm(baseline, _run(propensities, world, random, one), world)
    return Measured(world, float(np.mean(flips)), alarms / runs, found_all / runs, found_one / runs)


def render(measured: Iterator[Measured] | list[Measured]) -> str:
    """A Markdown table."""
    lines = [
        f"n = {CASES} cases, {len(GATE)} metrics, {RERUNS} runs of each kind, {RIGHT:.0%} right before",
        "",
        "| outcomes that flip by chance | cases an article | repeats | false alarms "
        "| power, all fall by 10 points | power, one falls by 10 points |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {each.flips:.1%} | {each.world.per_article} | {each.world.repeats} | {each.false_alarms:.1%} "
        f"| {each.power_all:.1%} | {each.power_one:.1%} |"
        for each in measured
    ]
    return "\n".join(lines)


def _draw(world: World, random: np.random.Generator) -> NDArray[np.float64]:
    """(cases, metrics) propensities of variance 1."""
    articles = math.ceil(CASES / world.per_article)
    by_article = np.repeat(random.standard_normal(articles), world.per_article)[:CASES, None]
    by_case = random.standard_normal((CASES, 1))
    own = random.standard_normal((CASES, len(GATE)))
    return math.sqrt(SHARED) * by_article + math.sqrt(SHARED) * by_case + math.sqrt(1 - 2 * SHARED) * own


def _run(
    propensities: NDArray[np.float64], world: World, random: np.random.Generator, drops: list[float]
) -> NDArray[np.float64]:
    """(cases, metrics) outcomes of one run, repeats averaged."""
    spread = math.sqrt(1 + world.noise**2)
    threshold = NormalDist().inv_cdf(1 - RIGHT) * spread
    moved = propensities - np.array(drops)
    noise = world.noise * random.standard_normal((world.repeats, *propensities.shape))
    return np.asarray((moved + noise > threshold).mean(axis=0), np.float64)


def _shift(world: World) -> float:
    """What has to be taken from every propensity to lose `DROP`."""
    normal = NormalDist()
    return (normal.inv_cdf(RIGHT) - normal.inv_cdf(RIGHT - DROP)) * math.sqrt(1 + world.noise**2)


def _is_alarm(before: NDArray[np.float64], after: NDArray[np.float64], world: World) -> bool:
    clusters = [str(row // world.per_article) for row in range(CASES)]
    gating: list[Difference] = [
        measure_difference(
            METRICS[name],
            before[:, column].tolist(),
            after[:, column].tolist(),
            clusters,
            is_gate=True,
        )
        for column, name in enumerate(GATE)
    ]
    return bool(find_losses(gating))


if __name__ == "__main__":
    print(render([measure(world) for world in WORLDS]))
