"""The gate's error rates, on a small world; `python -m bench.gate` measures the published ones."""

from __future__ import annotations

from bench.gate import DROP, RERUNS, Measured, World, measure, render


def test_an_unchanged_deterministic_system_never_alarms_and_an_injured_one_always_does() -> None:
    found = measure(World(noise=0.0, per_article=1), runs=20)
    assert found == Measured(World(0.0, 1), flips=0.0, false_alarms=0.0, power_all=1.0, power_one=1.0)


def test_the_table_names_what_was_drawn() -> None:
    lines = render([Measured(World(0.3, 4), 0.091, 0.03, 1.0, 0.955)]).splitlines()
    assert lines[0] == "n = 200 cases, 4 metrics, 200 runs of each kind, 80% right before"
    assert lines[-1] == "| 9.1% | 4 | 1 | 3.0% | 100.0% | 95.5% |"
    assert (RERUNS, DROP) == (200, 0.10)
