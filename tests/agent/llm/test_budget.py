from __future__ import annotations

from decimal import Decimal

import pytest

from agent.llm import TokenUsage
from agent.llm.budget import Budget, Limit, Price
from agent.settings.sections import AgentSettings


def dear(dollars_a_token: str) -> Price:
    return lambda usage: Decimal(dollars_a_token) * usage.total


def unknown(_: TokenUsage) -> None:
    return None


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def spend(budget: Budget, tokens: int) -> None:
    budget.end_call(budget.begin_call(), TokenUsage(tokens))


def test_tokens_and_money_are_one_purse_and_calls_are_not() -> None:
    budget = Budget(AgentSettings(max_calls=1, max_tokens=1000, max_cost=Decimal("0.9")), dear("0.001"))
    judge = budget.open_account(dear("0.002"), 2, Limit.JUDGED)
    spend(budget, 300)
    assert (budget.find_limit(10, 10), budget.find_limit(10, 10, judge)) == (Limit.CALLS, None)
    budget.end_call(budget.begin_call(judge), TokenUsage(100), judge)
    assert (budget.calls, budget.usage.total, budget.cost) == (2, 400, Decimal("0.5"))
    assert budget.find_limit(601, 0, judge) is Limit.TOKENS
    assert budget.find_limit(201, 0, judge) is Limit.COST
    budget.end_call(budget.begin_call(judge), TokenUsage(), judge)
    assert budget.find_limit(1, 0, judge) is Limit.JUDGED


def test_the_cost_is_unknown_where_one_of_the_prices_is() -> None:
    budget = Budget(AgentSettings(max_cost=Decimal("0.4")), dear("0.001"))
    judge = budget.open_account(unknown, 9, Limit.JUDGED)
    spend(budget, 300)
    assert budget.cost == Decimal("0.3")
    budget.end_call(budget.begin_call(judge), TokenUsage(100), judge)
    assert budget.cost is None
    assert (budget.find_limit(50, 50), budget.find_limit(51, 50)) == (None, Limit.COST)
    assert budget.find_limit(500, 500, judge) is None


def test_a_prompt_that_is_being_answered_is_taken_from_what_others_may_have() -> None:
    budget = Budget(AgentSettings(max_tokens=1000, max_cost=Decimal("0.9")), dear("0.001"))
    judge = budget.open_account(dear("0.001"), 9, Limit.JUDGED)
    began = budget.begin_call(prompt=600)
    assert (budget.usage.total, budget.room_for_reply(100)) == (0, 300)
    assert budget.find_limit(401, 0, judge) is Limit.TOKENS
    assert (budget.find_limit(300, 0, judge), budget.find_limit(301, 0, judge)) == (None, Limit.COST)
    budget.end_call(began, TokenUsage(500, 100))
    assert (budget.usage.total, budget.find_limit(300, 0, judge)) == (600, None)


@pytest.mark.parametrize("inner", [0.0, 3.0])
def test_a_call_within_a_call_is_timed_once(inner: float) -> None:
    clock = Clock()
    budget = Budget(AgentSettings(max_seconds=60), unknown, clock)
    judge = budget.open_account(unknown, 9, Limit.JUDGED)
    outer_began = budget.begin_call()
    clock.now += 2
    began = budget.begin_call(judge)
    clock.now += inner
    budget.end_call(began, TokenUsage(), judge)
    clock.now += 1
    budget.end_call(outer_began, TokenUsage())
    assert (budget.model_seconds, budget.seconds_left) == (3 + inner, 57 - inner)
