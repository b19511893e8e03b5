"""A message from the API over the simulated carrier to a handset, and what its sender hears of it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from octavo.kernel.callbacks import run_callbacks
from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.carrier.simulated.service import run_simulated_carrier
from octavo.products.comms.message import queries
from octavo.products.comms.message.dispatch.service import run_dispatch
from octavo.products.comms.number.actions import buy_any_number
from octavo.products.comms.number.rows import Search
from octavo.products.comms.sids import read_sid
from tests.harness.web import AppServer
from tests.products.comms.wire.calls import calling

HANDSET = "+14155550100"


@pytest.fixture
async def services(engines: Engines) -> AsyncIterator[None]:
    """What `octavo up` runs beside the web process."""
    stopping = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for run in (run_dispatch, run_simulated_carrier, run_callbacks):
            group.create_task(run(engines, stopping))
        yield
        stopping.set()


async def until(condition, seconds: float = 60.0):  # type: ignore[no-untyped-def]
    async with asyncio.timeout(seconds):
        while not (found := await condition()):
            await asyncio.sleep(0.02)
        return found


async def test_a_message_reaches_its_handset(
    app_server: AppServer, engines: Engines, acme: NewAccount, services: None
) -> None:
    number = await buy_any_number(engines.context(now()), acme.account, Search(country="US"))
    async with calling(app_server, acme) as client:
        path = f"/2010-04-01/Accounts/{acme.account.sid}/Messages"
        sent = await client.post(f"{path}.json", data={"To": HANDSET, "From": number.number, "Body": "Tea is ready"})
        assert (sent.status_code, sent.json()["status"]) == (201, "queued")

        async def delivered() -> bool:
            shown = (await client.get(f"{path}/{sent.json()['sid']}.json")).json()
            return bool(shown["status"] == "delivered")

        await until(delivered)
    message = await queries.message(engines.db.main, acme.account.id, read_sid(sent.json()["sid"], "SM"))
    assert (message.body, message.sender) == ("Tea is ready", number.number)
    assert message.states == ["queued", "sending", "sent", "delivered"]
