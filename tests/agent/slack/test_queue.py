from __future__ import annotations

import asyncio
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from agent.slack.events import RequestKind, SlackRequest
from agent.slack.queue import FairQueue


def request(user: str, number: int, thread: str | None = None) -> SlackRequest:
    return SlackRequest(
        key=f"{user}-{number}",
        kind=RequestKind.MENTION,
        team="T1",
        channel="C1",
        user=user,
        text="why?",
        ts=f"17000000{number:02d}.{abs(hash(user)) % 10**6:06d}",
        thread_ts=thread,
    )


def test_users_take_turns_and_each_is_told_how_many_go_before() -> None:
    async def run() -> tuple[list[int | None], list[str]]:
        queue = FairQueue()
        users = ["A", "A", "A", "A", "B", "C", "B"]
        before = []
        for number, user in enumerate(users):
            await queue.put(request(user, number))
            before.append(queue.before(request(user, number)))
        assert queue.before(request("A", 0)) == 0 and queue.before(request("A", 3)) == 6
        assert queue.before(request("D", 1)) is None
        order = []
        while len(queue):
            taken = await queue.take()
            order.append(taken.key)
            await queue.release(taken)
        return before, order

    before, order = asyncio.run(run())
    assert before == [0, 1, 2, 3, 1, 2, 4]
    assert order == ["A-0", "B-4", "C-5", "A-1", "B-6", "A-2", "A-3"]


def test_a_follow_up_waits_for_the_answer_before_it() -> None:
    async def run() -> list[str]:
        queue = FairQueue()
        thread = "1700000000.000001"
        for user, number, within in (("A", 1, thread), ("B", 2, thread), ("C", 3, None)):
            await queue.put(request(user, number, within))
        first, second = await queue.take(), await queue.take()
        third = asyncio.create_task(queue.take())
        await asyncio.sleep(0)
        assert not third.done()
        await queue.release(first)
        return [first.key, second.key, (await third).key]

    assert asyncio.run(run()) == ["A-1", "C-3", "B-2"]


def test_what_waits_can_be_taken_back() -> None:
    async def run() -> tuple[object, ...]:
        queue = FairQueue()
        for number in range(3):
            await queue.put(request("A", number))
        message = request("A", 1).message
        removed = queue.remove(message)
        again = queue.remove(message)
        count = queue.count("A")
        return removed, again, count, [left.key for left in queue.clear()], len(queue)

    removed, again, count, left, length = asyncio.run(run())
    assert (removed, again, count, left, length) == (request("A", 1), None, 2, ["A-0", "A-2"], 0)


@given(st.lists(st.sampled_from("ABCDE"), max_size=40))
def test_none_is_lost_none_comes_twice_and_nobody_gets_ahead(users: list[str]) -> None:
    async def run() -> list[SlackRequest]:
        queue = FairQueue()
        for number, user in enumerate(users):
            await queue.put(request(user, number))
        taken = []
        for _ in users:
            taken.append(await queue.take())
            await queue.release(taken[-1])
        return taken

    taken = asyncio.run(run())
    assert sorted(each.key for each in taken) == sorted(f"{user}-{n}" for n, user in enumerate(users))
    served: Counter[str] = Counter()
    asked = Counter(users)
    for each in taken:
        served[each.user] += 1
        assert all(served[each.user] <= served[other] + 1 for other in asked if served[other] < asked[other])
