"""Lines: so many callbacks at once from an account to a server, and none to one that keeps failing."""

import asyncio
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from aiohttp import web

from octavo.kernel import clock
from octavo.kernel.callbacks import _destinations, deliveries, delivery, forget_old
from octavo.kernel.callbacks._destinations import FAILURES_TO_OPEN, FIRST_REST, REMEMBERED, Destinations, Line
from octavo.kernel.callbacks.rows import Delivery
from octavo.kernel.context import Context, Engines
from octavo.kernel.ids import new_id
from tests.harness.receiver import Received, Receiver, receiving
from tests.kernel.callbacks.sending import OWNER, a_callback, delivering, sent

A = Line(OWNER, "a")
STRANGER = UUID(int=2)
LONG = 3600.0  # seconds


@pytest.fixture
def long_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that has to rest does so for longer than anybody waits."""
    monkeypatch.setattr(_destinations, "FIRST_REST", LONG)
    monkeypatch.setattr(_destinations, "_Standing", partial(_destinations._Standing, next_rest=LONG))


def a_delivery(to: str, owner: UUID = OWNER) -> Delivery:
    return Delivery(
        owner,
        new_id(),
        new_id(),
        "test.told",
        "",
        to,
        to,
        "POST",
        "",
        None,
        "",
        "POST",
        False,
        0,
        new_id(),
        clock.now(),
    )


def begin(destinations: Destinations, now: float, most: int = 100) -> list[str]:
    return [one.destination for one in destinations.ready(now, most)]


def test_servers_take_turns_and_none_gets_more_than_its_share() -> None:
    destinations = Destinations(2)
    for to in "aaab":
        destinations.put(a_delivery(to))
    assert begin(destinations, 0.0) == ["a", "b", "a"]
    assert destinations.full(0.0) == [A]
    assert begin(destinations, 0.0) == []
    destinations.ended(A, 0.0, well=True)
    assert begin(destinations, 0.0) == ["a"]


def test_a_server_that_keeps_failing_rests_and_is_tried_with_one() -> None:
    destinations = Destinations(100)
    for _ in range(FAILURES_TO_OPEN + 3):
        destinations.put(a_delivery("a"))
    begin(destinations, 0.0, FAILURES_TO_OPEN)
    rests = [destinations.ended(A, 0.0, well=False) for _ in range(FAILURES_TO_OPEN)]
    assert rests == [0.0] * (FAILURES_TO_OPEN - 1) + [FIRST_REST]
    assert destinations.resting == 1
    assert begin(destinations, FIRST_REST - 1) == []
    assert begin(destinations, FIRST_REST + 1) == ["a"], "one is sent to see whether it is back"
    assert begin(destinations, FIRST_REST + 1) == []
    assert destinations.ended(A, FIRST_REST + 1, well=False) == FIRST_REST * 2
    assert len(destinations.put_back(A)) == 2


def test_those_that_fail_together_make_one_rest() -> None:
    destinations = Destinations(100)
    for _ in range(20):
        destinations.put(a_delivery("a"))
    begin(destinations, 0.0, 20)
    rests = [destinations.ended(A, 0.0, well=False) for _ in range(20)]
    assert [rest for rest in rests if rest] == [FIRST_REST]


def test_a_server_that_is_back_gets_the_rest() -> None:
    destinations = Destinations(100)
    for _ in range(FAILURES_TO_OPEN + 3):
        destinations.put(a_delivery("a"))
    begin(destinations, 0.0, FAILURES_TO_OPEN)
    for _ in range(FAILURES_TO_OPEN):
        destinations.ended(A, 0.0, well=False)
    begin(destinations, FIRST_REST + 1)
    destinations.ended(A, FIRST_REST + 1, well=True)
    assert len(begin(destinations, FIRST_REST + 1)) == 2
    assert destinations.resting == 0


def test_what_one_account_meets_at_a_server_is_no_matter_of_another() -> None:
    destinations = Destinations(100)
    for owner in (OWNER, STRANGER):
        for _ in range(FAILURES_TO_OPEN + 1):
            destinations.put(a_delivery("a", owner))
    begin(destinations, 0.0)
    for _ in range(FAILURES_TO_OPEN):
        destinations.ended(A, 0.0, well=False)
        destinations.ended(Line(STRANGER, "a"), 0.0, well=True)
    destinations.put(a_delivery("a"))
    destinations.put(a_delivery("a", STRANGER))
    assert [one.owner_id for one in destinations.ready(1.0, 100)] == [STRANGER]
    assert destinations.full(1.0) == [A]


def test_a_server_that_asks_for_a_while_gets_it_at_once() -> None:
    destinations = Destinations(100)
    for _ in range(4):
        destinations.put(a_delivery("a"))
    begin(destinations, 0.0, 3)
    rests = [destinations.ended(A, 0.0, well=False, wait=wait) for wait in (30.0, 30.0, 90.0)]
    assert rests == [30.0, 0.0, 90.0], "only a longer wait is news"
    assert begin(destinations, 89.0) == []
    assert begin(destinations, 91.0) == ["a"]


def test_a_line_that_nobody_uses_is_forgotten() -> None:
    destinations = Destinations(100)
    destinations.put(a_delivery("a"))
    begin(destinations, 0.0)
    destinations.forget(REMEMBERED + 1)
    destinations.ended(A, 10.0, well=False, wait=60.0)
    destinations.forget(REMEMBERED + 11)
    assert destinations.resting == 1
    destinations.forget(REMEMBERED + 71)
    assert destinations.resting == 0


@pytest.mark.usefixtures("long_rests")
async def test_an_account_whose_server_says_not_found_holds_up_nobody(engines: Engines, receiver: Receiver) -> None:
    receiver.answers["/gone"] = lambda _: web.Response(status=404)
    async with delivering(engines):
        await sent(engines, [a_callback(f"{receiver.url}/gone") for _ in range(FAILURES_TO_OPEN * 2)])
        await receiver.until(FAILURES_TO_OPEN * 2)
        await sent(engines, [a_callback(f"{receiver.url}/told"), a_callback(f"{receiver.url}/told", owner_id=STRANGER)])
        async with asyncio.timeout(60):
            while sum(got.path == "/told" for got in receiver.got) < 2:
                await asyncio.sleep(0.01)


@pytest.mark.usefixtures("long_rests")
async def test_an_account_whose_server_fails_holds_up_no_other_of_the_same_host(
    engines: Engines, receiver: Receiver
) -> None:
    receiver.answers["/broken"] = lambda _: web.Response(status=500)
    async with delivering(engines):
        await sent(engines, [a_callback(f"{receiver.url}/broken") for _ in range(FAILURES_TO_OPEN * 2)])
        await receiver.until(FAILURES_TO_OPEN)
        await sent(engines, [a_callback(f"{receiver.url}/told", owner_id=STRANGER) for _ in range(20)])
        async with asyncio.timeout(60):
            while sum(got.path == "/told" for got in receiver.got) < 20:
                await asyncio.sleep(0.01)


async def test_a_server_that_says_too_many_is_asked_again_when_it_wants(engines: Engines, receiver: Receiver) -> None:
    receiver.answers["/busy"] = lambda _: web.Response(status=429, headers={"Retry-After": "120"})
    async with delivering(engines):
        [id] = await sent(engines, [a_callback(f"{receiver.url}/busy#rc=5&rp=all")])
        await receiver.until(1)
        async with asyncio.timeout(60):
            while not (found := await delivery(engines.db.main, OWNER, id)).rounds:
                await asyncio.sleep(0.01)
        [behind] = await sent(engines, [a_callback(f"{receiver.url}/other")])
        await asyncio.sleep(0.2)
    assert len(receiver.got) == 1, "neither at once again nor with another callback"
    assert timedelta(seconds=100) < found.due - clock.now() <= timedelta(seconds=120)
    assert (await delivery(engines.db.main, OWNER, behind)).state == "waiting"


@pytest.mark.usefixtures("long_rests")
async def test_a_dead_server_holds_up_nobody_else(engines: Engines, receiver: Receiver) -> None:
    async with receiving() as down:
        down.answers["/"] = lambda _: web.Response(status=500)
        async with delivering(engines):
            await sent(engines, [a_callback(f"{down.url}/") for _ in range(200)])
            await down.until(FAILURES_TO_OPEN)
            await sent(engines, [a_callback(f"{receiver.url}/told") for _ in range(50)])
            await receiver.until(50)
            before = len(down.got)
            await asyncio.sleep(0.5)
        assert before < 200, "it was left in peace before all had been tried"
        assert len(down.got) - before <= 50


async def test_no_server_gets_more_at_once_than_the_setting_says(engines: Engines, receiver: Receiver) -> None:
    under_way = most = 0

    async def count(_: Received) -> web.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.01)
        under_way -= 1
        return web.Response(status=204)

    receiver.answers["/busy"] = count
    async with delivering(engines):
        await sent(engines, [a_callback(f"{receiver.url}/busy") for _ in range(300)])
        await receiver.until(300)
    assert 1 < most <= engines.settings.callbacks.per_destination


async def test_what_is_done_is_listed_newest_first_until_it_is_forgotten(
    engines: Engines, ctx: Context, receiver: Receiver
) -> None:
    db = engines.db.main
    async with delivering(engines):
        ids = await sent(engines, [a_callback(f"{receiver.url}/told", subject=f"SM{n}") for n in range(5)])
        async with asyncio.timeout(60):
            while len(await deliveries(db, OWNER, state="delivered")) < 5:
                await asyncio.sleep(0.01)
    assert [one.id for one in await deliveries(db, OWNER, most=2)] == ids[:2:-1]
    assert [one.id for one in await deliveries(db, OWNER, before=ids[1])] == ids[:1]
    assert [one.id for one in await deliveries(db, OWNER, subject="SM2")] == [ids[2]]
    assert await forget_old(db, ctx.now - timedelta(days=1)) == 0
    assert await forget_old(db, ctx.now + timedelta(days=1)) == 5
    assert await deliveries(db, OWNER) == []
