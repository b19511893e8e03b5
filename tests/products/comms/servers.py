"""An account's server, a number that asks it, and the services that run between them: fixtures of several rooms."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from octavo.kernel.callbacks import run_callbacks
from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.outgoing import close_outgoing
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.media.service import run_media
from octavo.products.comms.number.actions import buy_number, change_number
from octavo.products.comms.number.rows import NumberChanges, PhoneNumber
from octavo.settings import Settings
from tests.harness.receiver import Receiver, impatient

NUMBER = "+14156548501"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return impatient(tmp_path / "data", attempts=2, timeout=15.0)


@pytest.fixture
def server(receiver: Receiver) -> Receiver:
    """The account's own, under the name that these rooms call it by."""
    return receiver


@pytest.fixture
async def services(engines: Engines) -> AsyncIterator[None]:
    """Callbacks leave, and media is fetched."""
    stopping = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for run in (run_callbacks, run_media):
            group.create_task(run(engines, stopping))
        yield
        stopping.set()
    await close_outgoing(engines)


@pytest.fixture
async def number(engines: Engines, acme: NewAccount, server: Receiver) -> PhoneNumber:
    """A number whose server is asked at /sms, and at /fallback if that does not help."""
    ctx = engines.context(now())
    bought = await buy_number(ctx, acme.account, NUMBER)
    changes = NumberChanges(sms_url=f"{server.url}/sms", sms_fallback_url=f"{server.url}/fallback")
    return await change_number(ctx, acme.account, bought.id, changes)
