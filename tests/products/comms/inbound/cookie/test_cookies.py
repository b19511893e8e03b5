"""A server that remembers by cookies whom it talks to: each conversation has its own."""

import asyncio
from datetime import timedelta
from http.cookies import SimpleCookie

from aiohttp import web

from octavo.kernel.callbacks import Callback, send_many
from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.carrier.protocol import Arrived
from octavo.products.comms.inbound.actions import receive_many
from octavo.products.comms.inbound.cookie.actions import forget_ended
from octavo.products.comms.number.rows import PhoneNumber
from tests.harness.receiver import Received, Receiver

NADIA, OMAR, NUMBER = "+14155550123", "+14155550124", "+14156548501"


def counting(got: Received) -> web.Response:
    """As tutorials have it: the server counts in a cookie what somebody has written."""
    said = SimpleCookie(got.headers.get("cookie", ""))
    count = int(said["counter"].value) + 1 if "counter" in said else 1
    answer = web.Response(text="<Response/>", content_type="text/xml")
    answer.set_cookie("counter", str(count))
    answer.set_cookie("seen", "yes")
    return answer


async def writes(engines: Engines, server: Receiver, person: str, ref: str) -> str:
    """What the server got as its cookies with this person's next text."""
    ctx, before = engines.context(now()), len(server.got)
    async with ctx.db.main.transaction() as tx:
        await receive_many(ctx, tx, [Arrived("test", ref, person, NUMBER, "Hello", [], ctx.now)])
    [got] = (await server.until(before + 1))[before:][:1]
    await until_all_is_told(engines)
    return got.headers.get("cookie", "")


async def until_all_is_told(engines: Engines) -> None:
    async with asyncio.timeout(60):
        while await engines.db.main.value("SELECT EXISTS (SELECT FROM callbacks.delivery WHERE state = 'waiting')"):
            await asyncio.sleep(0.01)


async def test_each_conversation_has_its_cookies(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, services: None
) -> None:
    server.answers["/sms"] = counting
    assert await writes(engines, server, NADIA, "1") == ""
    assert await writes(engines, server, NADIA, "2") == "counter=1; seen=yes"
    assert await writes(engines, server, OMAR, "3") == ""
    assert await writes(engines, server, NADIA, "4") == "counter=2; seen=yes"


async def test_a_redirect_and_a_fallback_of_the_same_server_take_them_along(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, services: None
) -> None:
    def moved(_: Received) -> web.Response:
        answer = web.Response(status=307, headers={"Location": "/broken"})
        answer.set_cookie("step", "one")
        return answer

    server.answers |= {"/sms": moved, "/broken": lambda _: web.Response(status=500)}
    await writes(engines, server, NADIA, "1")
    [fallback] = await server.until(1, path="/fallback")
    [broken] = await server.until(1, path="/broken")
    assert (broken.headers["cookie"], fallback.headers["cookie"]) == ("step=one", "step=one")


async def test_they_are_forgotten_after_four_hours(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, services: None
) -> None:
    server.answers["/sms"] = counting
    await writes(engines, server, NADIA, "1")
    await writes(engines, server, NADIA, "2")
    assert await forget_ended(engines.context(now() + timedelta(hours=3))) == 0
    assert await forget_ended(engines.context(now() + timedelta(hours=5))) == 1


async def test_who_is_only_told_has_no_conversation(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, services: None
) -> None:
    server.answers["/status"] = counting
    told = Callback(
        owner_id=acme.account.id,
        thread=new_id(),
        kind="comms.message_status",
        subject="SM1",
        url=f"{server.url}/status",
        form=[("From", NADIA), ("To", NUMBER)],
    )
    async with engines.db.main.transaction() as tx:
        await send_many(tx, [told, told])
    assert ["cookie" in got.headers for got in await server.until(2)] == [False, False]
    await until_all_is_told(engines)
    assert await engines.db.main.value("SELECT count(*) FROM comms.webhook_cookies") == 0
