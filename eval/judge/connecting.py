"""Which model judges, and where."""

from __future__ import annotations

from agent import Settings, connect_judge
from eval.judge.grading import EvalJudge
from vectorstore import SetupError


def open_judge(settings: Settings, name: str) -> EvalJudge:
    """The model `name` at the server of `checks.judge_base_url`, else at the model's.

    Raises:
        SetupError: no server is known.
    """
    from agent import HOW_TO_ADD

    cache = settings.cache.expanduser()
    checks = settings.checks.model_copy(update={"judge": name})
    connected = connect_judge(checks, settings.model, cache)
    if connected is None:
        raise SetupError(f"There is no server to ask the judge {name} of. Next: {HOW_TO_ADD}")
    return EvalJudge(connected.model, settings.agent, cache)
