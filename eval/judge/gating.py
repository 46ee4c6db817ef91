"""Whether a judge is good enough for what it says to stop a release."""

from __future__ import annotations

from pathlib import Path

from eval.judge import AGREEMENT
from eval.judge.files import find_calibrations
from eval.judge.rows import Calibration
from eval.judge.scoring import JUDGED
from eval.runs.folder import ScoredRun

MOST_UNSCORED = 0.2
"""Share of labels that may stay unscored: what a judge agrees on says little when it picks what it grades."""


def doubt_calibration(calibration: Calibration, agreement: float = AGREEMENT) -> str:
    """Return why this calibration does not let a judge gate; empty when it does."""
    metrics = {metric.name: metric for metric in calibration.metrics}
    kappa, unscored = metrics["kappa"], metrics["unscored"]
    about = f"the judge {calibration.judge} on {calibration.layout}"
    if unscored.estimate is not None and unscored.estimate > MOST_UNSCORED:
        return (
            f"{about} leaves {unscored.estimate:.0%} of {calibration.labels} labels unscored, more than "
            f"{MOST_UNSCORED:.0%}"
        )
    if kappa.estimate is None:
        return f"{about} has no kappa: {kappa.note}"
    if kappa.low is None:
        return f"{about} has a kappa of {kappa.estimate:.2f} without an interval: {kappa.note}"
    if kappa.low < agreement:
        interval = f"{kappa.estimate:.2f} [{kappa.low:.2f}, {kappa.high:.2f}]"
        return f"{about} has a kappa of {interval}, whose low end is below {agreement:g}"
    return ""


def list_left_out(run: ScoredRun, folder: Path, agreement: float = AGREEMENT) -> dict[str, str]:
    """Metrics of a run that its judge may not take for a gate, each with the reason; raises as `read_row`."""
    judge = run.summary.judge
    if judge is None:
        return {}
    known = find_calibrations(folder, judge)
    # Every layout it was held against has to show that it may.
    doubts = list(filter(None, (doubt_calibration(each, agreement) for each in known)))
    if not known:
        doubts.append(
            f"the judge {judge} has not been held against people. Next: pullquote eval judge calibrate "
            f"--judge {judge.name} --data PATH"
        )
    return dict.fromkeys(JUDGED, "; ".join(doubts)) if doubts else {}
