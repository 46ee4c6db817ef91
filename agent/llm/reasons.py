"""Why a model did not do what an answer can go without, in half a sentence of a note."""

from __future__ import annotations

from agent.llm import ModelError
from agent.llm.budget import Limit

LIMITS = {
    Limit.CALLS: "requests to the model",
    Limit.TOKENS: "tokens",
    Limit.SECONDS: "time",
    Limit.COST: "cost",
    Limit.JUDGED: "requests to the judge",
}


def explain_spent(limit: Limit) -> str:
    """That a part of the budget is used up, and the setting behind it."""
    return f"the limit on {LIMITS[limit]} is used up; `{limit}` sets it"


def explain_briefly(error: ModelError) -> str:
    """What happened, without the advice on answers that follows it in every `ModelError`."""
    return str(error).partition(". ")[0].rstrip(".")
