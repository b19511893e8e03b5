"""Octavo with lines to a test's message centre, as the process of carriers runs them."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec

from octavo.kernel.clock import now
from octavo.kernel.context import Context, Databases, Engines
from octavo.kernel.db import Database
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.carrier.protocol import Outcome, Submission
from octavo.products.comms.carrier.smpp.carrier import SmppCarrier
from octavo.products.comms.carrier.smpp.service import run_smpp
from octavo.products.comms.message.actions import create_message
from octavo.products.comms.message.queries import message
from octavo.products.comms.message.rows import NewMessage
from octavo.products.comms.number.actions import buy_any_number
from octavo.products.comms.number.queries import numbers_by_e164
from octavo.products.comms.number.rows import PhoneNumber, Search
from octavo.settings import Settings
from tests.products.comms.carrier.smpp.smsc import PASSWORD
from tests.products.comms.carrier.submissions import RECIPIENT, a_submission


@asynccontextmanager
async def a_process(engines: Engines, port: int, **settings: Any) -> AsyncIterator[Engines]:
    """The engines of a carrier process with one line, `main`, to the port."""
    line = {
        "host": "127.0.0.1",
        "port": port,
        "system_id": "octavo",
        "password": PASSWORD,
        "answer_seconds": 60,
        **settings,
    }
    path = engines.settings.data_dir / f"lines-{abs(hash(json.dumps(line, sort_keys=True)))}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"lines": {"main": line}}))
    comms = msgspec.structs.replace(engines.settings.comms, smpp_lines=str(path), carrier="smpp")
    changed: Settings = msgspec.structs.replace(engines.settings, comms=comms)
    database = await Database.open(engines.db.main.url, changed.db, application="carrier")
    try:
        yield replace(engines, settings=changed, db=Databases(main=database, user=database, ledger=database))
    finally:
        await database.close()


@asynccontextmanager
async def running(engines: Engines) -> AsyncIterator[None]:
    """The service of the lines."""
    stopping = asyncio.Event()
    service = asyncio.create_task(run_smpp(engines, stopping))
    try:
        yield
    finally:
        stopping.set()
        await service


async def a_message(engines: Engines, account: NewAccount, body: str = "Hello", to: str = RECIPIENT) -> Submission:
    """A message that was accepted, as the dispatch gives it to the carrier."""
    ctx = engines.context(now())
    [number] = (await owned(ctx, account)) or [await buy_any_number(ctx, account.account, Search(country="US"))]
    new = NewMessage(to=to, from_=number.number, body=body)
    message = await create_message(ctx, account.account, new)
    return a_submission(
        account.account.id,
        message_id=message.id,
        sender=message.sender,
        recipient=message.recipient,
        body=body,
        encoding=message.encoding,
        segments=message.num_segments,
    )


async def owned(ctx: Context, account: NewAccount) -> list[PhoneNumber]:
    numbers = await ctx.db.main.column("SELECT number FROM comms.number WHERE account_id = $1", account.account.id)
    return list((await numbers_by_e164(ctx.db.main, numbers)).values())


async def states(engines: Engines, account: NewAccount, one: Submission) -> tuple[str, int | None]:
    found = await message(engines.db.main, account.account.id, one.message_id)
    return found.status, found.error_code


async def until_state(engines: Engines, account: NewAccount, one: Submission, state: str) -> int | None:
    """Wait for the state; its error code."""
    async with asyncio.timeout(60):
        while (found := await states(engines, account, one))[0] != state:
            await asyncio.sleep(0.02)
    return found[1]


async def accepted(carrier: SmppCarrier, batch: Sequence[Submission]) -> list[Outcome]:
    """Submit as soon as the line is up, and again what is to be given later."""
    outcomes: dict[UUID, Outcome] = {}
    async with asyncio.timeout(60):
        while waiting := [one for one in batch if one.message_id not in outcomes]:
            found = await carrier.submit(waiting)
            outcomes |= {one.message_id: one for one in found if one.kind != "later"}
            await asyncio.sleep(0.02)
    return [outcomes[one.message_id] for one in batch]
