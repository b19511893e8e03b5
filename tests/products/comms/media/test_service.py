"""Fetching gives back what it has begun when its process is to end."""

import asyncio

from aiohttp import web

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.outgoing import close_outgoing
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.media.service import run_media
from octavo.products.comms.message.actions import create_message
from octavo.products.comms.message.rows import NewMessage
from octavo.products.comms.number.rows import PhoneNumber
from tests.harness.receiver import Receiver


async def test_a_slow_server_holds_no_process_up(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver
) -> None:
    async def never(_: object) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    server.answers["/slow.png"] = never
    new = NewMessage(to="+14155550123", from_=number.number, media_urls=(f"{server.url}/slow.png",))
    message = await create_message(engines.context(now()), acme.account, new)
    stopping = asyncio.Event()
    running = asyncio.create_task(run_media(engines, stopping))
    await server.until(1, path="/slow.png")
    stopping.set()
    await asyncio.wait_for(running, 5)
    due = await engines.db.main.value(
        "SELECT due <= $3 FROM comms.media_fetch WHERE account_id = $1 AND message_id = $2",
        message.account_id,
        message.id,
        now(),
    )
    assert due
    await close_outgoing(engines)
