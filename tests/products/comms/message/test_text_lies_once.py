"""A text lies in its message and nowhere else in clear: not where an account encrypts, nor once it was forgotten."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from msgspec import Struct

from octavo.kernel.callbacks import run_callbacks
from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.outgoing import close_outgoing
from octavo.products.comms.account.actions import change_account
from octavo.products.comms.account.rows import Account, NewAccount
from octavo.products.comms.carrier.protocol import Arrived
from octavo.products.comms.carrier.simulated.actions import forget_handset, keep_handset, say
from octavo.products.comms.carrier.simulated.queries import conversation
from octavo.products.comms.carrier.simulated.rows import Handset, Reply
from octavo.products.comms.carrier.simulated.service import run_simulated_carrier
from octavo.products.comms.inbound.actions import receive_many
from octavo.products.comms.message.actions import delete_message, redact_message
from octavo.products.comms.message.bodies import opened
from octavo.products.comms.message.dispatch.service import run_dispatch
from octavo.products.comms.message.queries import messages
from octavo.products.comms.message.resealing import reseal_bodies
from octavo.products.comms.message.rows import Message
from octavo.products.comms.message.rules import FINAL
from octavo.products.comms.message_search.queries import search_messages
from octavo.products.comms.message_search.rows import Wanted
from octavo.products.comms.message_search.service import index_round
from octavo.products.comms.number.rows import PhoneNumber
from octavo.products.comms.paging import PageRequest
from tests.harness.receiver import Received, Receiver
from tests.harness.web import AppServer
from tests.products.comms.message.outgoing import a_message, a_number
from tests.products.comms.servers import number, server, settings
from tests.products.comms.wire.calls import calling

__all__ = ["number", "server", "settings"]

WORD = "quetzalcoatlus"
HANDSET = "+14155550111"
REPLIES = f"<Response><Message>{WORD}, you say?</Message><Message/><Redirect method='GET'>/next</Redirect></Response>"


class Column(Struct, frozen=True):
    schema: str
    table: str


async def places(engines: Engines) -> list[str]:
    """The tables that have the word somewhere, in whatever column, as text or as the bytes of a text."""
    tables = await engines.db.main.fetch(
        Column,
        """
        SELECT table_schema AS schema, table_name AS table FROM information_schema.tables
        WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2
        """,
    )
    names = [f"{one.schema}.{one.table}" for one in tables]
    has_it = "SELECT true FROM {} AS t WHERE t::text ILIKE ANY($1) LIMIT 1"
    spelled = [f"%{WORD}%", f"%{WORD.encode().hex()}%"]
    return [name for name in names if await engines.db.main.value(has_it.format(name), spelled)]


@asynccontextmanager
async def running(engines: Engines) -> AsyncIterator[None]:
    stopping = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for run in (run_dispatch, run_simulated_carrier, run_callbacks):
            group.create_task(run(engines, stopping))
        yield
        stopping.set()
    await close_outgoing(engines)


async def settled(engines: Engines, account: Account, count: int) -> list[Message]:
    """The account's messages, once there are so many, all at their end, and everything was told."""
    async with asyncio.timeout(60):
        while True:
            found = (await messages(engines.db.main, account.id, PageRequest())).items
            waiting = await engines.db.main.value("SELECT count(*) FROM callbacks.delivery WHERE state = 'waiting'")
            if len(found) >= count and not waiting and all(one.status in FINAL for one in found):
                return found
            await asyncio.sleep(0.05)


async def everything(
    engines: Engines, app_server: AppServer, acme: NewAccount, number: PhoneNumber, server: Receiver
) -> list[Message]:
    """A text goes out, its handset answers, another comes in, servers answer well and badly; all say the word."""

    def broken(got: Received) -> web.Response:
        return web.Response(status=500, text=f"cannot read {got.url} {got.body.decode()}")

    server.answers["/sms"] = lambda _: web.Response(text=REPLIES.replace("<Message/>", ""), content_type="text/xml")
    server.answers["/next"] = server.answers["/fallback"] = broken
    account, ctx = acme.account, engines.context(now())
    await keep_handset(ctx, Handset(account_id=account.id, number=HANDSET, replies=[Reply("ready", f"Which {WORD}?")]))
    async with running(engines):
        async with calling(app_server, acme) as client:
            path = f"/2010-04-01/Accounts/{account.sid}/Messages.json"
            form = {"To": HANDSET, "From": number.number, "Body": f"A {WORD} is ready", "StatusCallback": server.url}
            for _ in range(2):
                answer = await client.post(path, data=form, headers={"Idempotency-Key": "once"})
                assert answer.json()["body"] == f"A {WORD} is ready"
        await say(ctx, account.id, sender=HANDSET, recipient=number.number, body=f"Hello {WORD}")
        found = await settled(engines, account, 5)
    await forget_handset(ctx, account.id, HANDSET)  # what it was told to answer is no message
    await index_round(engines)
    assert await engines.db.main.value("SELECT count(*) FROM comms.alert WHERE sealed_words IS NOT NULL") > 0
    assert {one.form["Body"] for one in server.got if one.path == "/sms"} == {f"Which {WORD}?", f"Hello {WORD}"}
    assert [WORD in (await opened(engines, one)).body for one in found] == [True] * 5
    return found


async def heard(engines: Engines, account: Account) -> list[str]:
    lines = await conversation(engines.context(now()), account.id, HANDSET, now())
    return [line.body for line in lines]


@pytest.mark.slow
async def test_a_text_of_an_account_that_encrypts_lies_nowhere_in_clear(
    engines: Engines, app_server: AppServer, acme: NewAccount, number: PhoneNumber, server: Receiver
) -> None:
    await change_account(engines.context(now()), acme.account, encrypt_bodies=True)
    await everything(engines, app_server, acme, number, server)
    assert await places(engines) == []
    assert [WORD in body for body in await heard(engines, acme.account)] == [True] * 5


@pytest.mark.slow
async def test_a_text_lies_in_its_message_and_the_index_alone(
    engines: Engines, app_server: AppServer, acme: NewAccount, number: PhoneNumber, server: Receiver
) -> None:
    await everything(engines, app_server, acme, number, server)
    assert await places(engines) == ["comms.message", "search.thing", "search.token"]


@pytest.mark.slow
@pytest.mark.parametrize("forget", [redact_message, delete_message])
async def test_a_text_that_was_forgotten_lies_nowhere(
    engines: Engines, app_server: AppServer, acme: NewAccount, number: PhoneNumber, server: Receiver, forget: object
) -> None:
    for one in await everything(engines, app_server, acme, number, server):
        await forget(engines.context(now()), acme.account, one.id)  # type: ignore[operator]
    await index_round(engines)
    assert await places(engines) == []
    assert await heard(engines, acme.account) == [""] * 5
    kept = "SELECT count(*) FROM callbacks.delivery WHERE sealed_fields IS NOT NULL OR sealed_answer IS NOT NULL"
    assert await engines.db.main.value(kept) == 0
    assert await engines.db.main.value("SELECT count(*) FROM comms.alert WHERE sealed_words IS NOT NULL") == 0


async def test_texts_that_were_there_are_sealed_once_an_account_wants_that(engines: Engines, acme: NewAccount) -> None:
    sender = (await a_number(engines, acme.account)).number
    sent = await a_message(engines, acme, sender, body=f"A {WORD} is ready")
    await index_round(engines)
    ctx = engines.context(now())
    account = await change_account(ctx, acme.account, encrypt_bodies=True)
    [waiting] = await ctx.db.main.column("SELECT args->>'account_id' FROM jobs.job WHERE name = 'comms.seal_texts'")
    assert waiting == str(account.id)
    assert await reseal_bodies(ctx, account.id) == 1
    assert await places(engines) == []
    found = await search_messages(engines, account, Wanted(words=WORD), PageRequest())
    assert [(one.id, one.body) for one in found.items] == [(sent.id, f"A {WORD} is ready")]


async def test_a_server_hears_of_a_text_that_was_redacted_first_without_it(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver
) -> None:
    """It is told of the message all the same: when it looks, it finds what it was told."""
    ctx = engines.context(now())
    async with ctx.db.main.transaction() as tx:
        await receive_many(ctx, tx, [Arrived("test", "1", HANDSET, number.number, f"Hello {WORD}", [], ctx.now)])
    [came] = (await messages(engines.db.main, acme.account.id, PageRequest())).items
    await redact_message(ctx, acme.account, came.id)
    async with running(engines):
        [told] = await server.until(1, path="/sms")
    assert (told.form["MessageSid"], told.form["Body"], told.form["NumSegments"]) == (came.sid, "", "1")
