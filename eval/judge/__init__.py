"""Judges: models that grade whether citations support statements, held against people before they gate.

Importing this package loads nothing: its commands are part of every `pullquote --help`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eval.judge.calibrating import calibrate
    from eval.judge.connecting import open_judge
    from eval.judge.gating import AGREEMENT, list_left_out
    from eval.judge.grading import EvalJudge
    from eval.judge.scoring import JUDGED, score_run

_MODULES = {
    "AGREEMENT": "gating",
    "EvalJudge": "grading",
    "JUDGED": "scoring",
    "calibrate": "calibrating",
    "list_left_out": "gating",
    "open_judge": "connecting",
    "score_run": "scoring",
}

__all__ = ["AGREEMENT", "JUDGED", "EvalJudge", "calibrate", "list_left_out", "open_judge", "score_run"]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
