"""Requests are counted by all processes together, and a repeated one is answered without being done again."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import httpx
import msgspec
import pytest

from octavo.kernel.clock import now
from octavo.kernel.context import Context, Engines
from octavo.kernel.http import Answer, Cookie, Limit, Router, public
from octavo.kernel.http._limits import Counted, LimitReached, count_request, estimate, window_start
from octavo.kernel.http.jobs import NoArguments, forget_expired
from octavo.kernel.refusals import Unavailable
from tests.kernel.http.small_house import house, house_of, visiting, with_settings

# An hour and a day, so that no test straddles two windows by accident more than once in a blue moon.
FEW = Limit("few", 3, per=86_400)
BY_ADDRESS = Limit("doors", 2, per=86_400, by="address")


def limited() -> Router:
    api = Router("/api/t/v1", product="test")

    @api.post("/few", access=public, limit=FEW, status=204)
    async def few(ctx: Context) -> None:
        pass

    @api.post("/doors", access=public, limit=BY_ADDRESS, status=204)
    async def doors(ctx: Context) -> None:
        pass

    return api


async def test_past_the_limit_a_request_has_to_wait(engines: Engines) -> None:
    async with house_of(engines, *limited().routes) as client:
        answers = [await client.post("/api/t/v1/few") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [204, 204, 204, 429]
    assert [answer.headers["ratelimit"].split(";")[1] for answer in answers] == ["r=2", "r=1", "r=0", "r=0"]
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"few";q=3;w=86400'}
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 86_400


async def test_processes_count_together_and_at_once(engines: Engines) -> None:
    async with visiting(house(engines, limited().routes)) as one, visiting(house(engines, limited().routes)) as two:
        answers = await asyncio.gather(*[client.post("/api/t/v1/few") for client in (one, two) for _ in range(4)])
    assert sorted(answer.status_code for answer in answers) == [204] * 3 + [429] * 5


async def test_people_are_counted_apart_and_addresses_together(engines: Engines) -> None:
    ada = {"authorization": "Bearer ada"}
    async with house_of(engines, *limited().routes) as client:
        for _ in range(3):
            await client.post("/api/t/v1/few")
        assert (await client.post("/api/t/v1/few")).status_code == 429
        assert (await client.post("/api/t/v1/few", headers=ada)).status_code == 204
        assert [(await client.post("/api/t/v1/doors", headers=ada)).status_code for _ in range(2)] == [204, 204]
        assert (await client.post("/api/t/v1/doors")).status_code == 429


async def test_an_ipv6_network_is_one_visitor(engines: Engines) -> None:
    app = house(engines, limited().routes)
    statuses = []
    for address in ("2001:db8::1", "2001:db8::2", "2001:db8::ffff:3", "2001:db8:1::1"):
        transport = httpx.ASGITransport(app=app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://octavo.test") as client:
            statuses.append((await client.post("/api/t/v1/doors")).status_code)
    assert statuses == [204, 204, 429, 204]


async def test_a_socket_for_both_kinds_of_address_tells_ipv4_visitors_apart(engines: Engines) -> None:
    app = house(engines, limited().routes)
    statuses = []
    for address in ("::ffff:192.0.2.1", "192.0.2.1", "::ffff:192.0.2.1", "::ffff:192.0.2.2"):
        transport = httpx.ASGITransport(app=app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://octavo.test") as client:
            statuses.append((await client.post("/api/t/v1/doors")).status_code)
    assert statuses == [204, 204, 429, 204]


async def test_limits_can_be_switched_off(engines: Engines) -> None:
    async with house_of(with_settings(engines, rate_limits=False), *limited().routes) as client:
        answers = [await client.post("/api/t/v1/few") for _ in range(5)]
    assert {answer.status_code for answer in answers} == {204}


def test_the_earlier_window_counts_less_and_less() -> None:
    assert estimate(Counted(count=1, previous=10), 0.0) == 11
    assert estimate(Counted(count=1, previous=10), 0.5) == 6
    assert estimate(Counted(count=1, previous=10), 0.99) == 1


async def test_a_request_of_the_window_before_that_comes_late_keeps_the_count(ctx: Context) -> None:
    before = replace(ctx, now=window_start(FEW, ctx.now) - timedelta(seconds=1))
    after = replace(ctx, now=window_start(FEW, ctx.now))
    for at in (before, before, after, before):
        with suppress(LimitReached):
            await count_request(FEW, at, "192.0.2.1")
    with pytest.raises(LimitReached):
        await count_request(FEW, after, "192.0.2.1")


class Order(msgspec.Struct, frozen=True):
    thing: str


class Shop:
    """Counts what was really done."""

    def __init__(self) -> None:
        self.orders: list[str] = []
        self.entered = asyncio.Event()
        self.open = asyncio.Event()
        self.open.set()

    def routes(self) -> Router:
        api = Router("/api/t/v1", product="test")

        @api.post("/orders", access=public, status=201, idempotent=True)
        async def order(ctx: Context, body: Order) -> Answer:
            self.entered.set()
            await self.open.wait()
            if body.thing == "sold out":
                raise Unavailable
            self.orders.append(body.thing)
            answer = {"number": len(self.orders)}
            return Answer(answer, headers={"location": f"/o/{len(self.orders)}"}, cookies=[Cookie("seen", "1")])

        return api


async def order(client: httpx.AsyncClient, thing: str, key: str = "k", who: str = "ada") -> httpx.Response:
    headers = {"idempotency-key": key, "authorization": f"Bearer {who}"}
    return await client.post("/api/t/v1/orders", json={"thing": thing}, headers=headers)


async def test_a_repeated_request_gets_the_first_answer(engines: Engines) -> None:
    shop = Shop()
    async with house_of(engines, *shop.routes().routes) as client:
        first, again, other = await order(client, "tea"), await order(client, "tea"), await order(client, "tea", "k2")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json() == {"number": 1}
    assert first.headers["location"] == again.headers["location"] == "/o/1"
    assert again.headers["idempotency-replayed"] == "true"
    assert "set-cookie" not in again.headers
    assert other.json() == {"number": 2}


async def test_an_answer_that_is_kept_lies_sealed(engines: Engines) -> None:
    async with house_of(engines, *Shop().routes().routes) as client:
        await order(client, "tea")
    [kept] = await engines.db.main.column("SELECT body FROM http.repetition")
    assert kept
    assert b"number" not in kept


async def test_one_key_is_for_one_request(engines: Engines) -> None:
    async with house_of(engines, *Shop().routes().routes) as client:
        await order(client, "tea")
        answer = await order(client, "coffee")
        anonymous = await client.post("/api/t/v1/orders", json={"thing": "milk"}, headers={"idempotency-key": "k"})
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/key-reused"
    assert anonymous.status_code == 201


async def test_a_wrong_request_may_be_put_right_under_its_key(engines: Engines) -> None:
    async with house_of(engines, *Shop().routes().routes) as client:
        headers = {"idempotency-key": "k", "authorization": "Bearer ada"}
        assert (await client.post("/api/t/v1/orders", json={}, headers=headers)).status_code == 422
        assert (await order(client, "tea")).status_code == 201


async def test_two_at_once_are_done_once(engines: Engines) -> None:
    shop = Shop()
    shop.open.clear()
    async with house_of(engines, *shop.routes().routes) as client:
        first = asyncio.create_task(order(client, "tea"))
        await shop.entered.wait()
        second = await order(client, "tea")
        shop.open.set()
        assert (await first).status_code == 201
        assert (await order(client, "tea")).json() == {"number": 1}
    assert second.status_code == 409
    assert second.json()["type"] == "/problems/still-running"
    assert shop.orders == ["tea"]


async def test_what_may_have_happened_is_not_done_again(engines: Engines) -> None:
    async with house_of(engines, *Shop().routes().routes) as client:
        assert (await order(client, "sold out")).status_code == 503
        long_ago = now() - timedelta(minutes=10)
        await engines.db.main.execute("UPDATE http.repetition SET started_at = $1", long_ago)
        answer = await order(client, "sold out")
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/attempt-cut-off"


async def test_what_has_expired_is_forgotten(engines: Engines, ctx: Context) -> None:
    class Running:
        def __init__(self, ctx: Context) -> None:
            self.ctx = ctx

    async with house_of(engines, *Shop().routes().routes, *limited().routes) as client:
        await order(client, "tea")
        await client.post("/api/t/v1/few")
        await forget_expired.handler(Running(ctx), NoArguments())  # type: ignore[arg-type]
        assert await counted(engines) == [1, 1]
        in_a_week = replace(ctx, now=ctx.now + timedelta(days=7))
        await forget_expired.handler(Running(in_a_week), NoArguments())  # type: ignore[arg-type]
        assert await counted(engines) == [0, 0]
        assert (await order(client, "coffee")).json() == {"number": 2}


async def counted(engines: Engines) -> list[int]:
    tables = ("http.repetition", "http.rate_window")
    return [await engines.db.main.value(f"SELECT count(*) FROM {table}") for table in tables]
