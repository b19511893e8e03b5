"""One SMPP line with a window of 50 to npm smpp as the carrier: messages accepted and their receipts told."""

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import uvloop

from bench.frame import Measure
from octavo.app import opened_engines, prepare_database
from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.db import EmbeddedServer
from octavo.kernel.ids import new_id
from octavo.products.comms.account.actions import create_account
from octavo.products.comms.carrier.protocol import Submission
from octavo.products.comms.carrier.smpp.carrier import SmppCarrier
from octavo.products.comms.carrier.smpp.network import network
from octavo.products.comms.carrier.smpp.service import run_smpp
from octavo.settings import Settings, load_settings
from octavo.ui.node import node_command
from tests.wire.packages import node_modules

MESSAGES = 10_000
BATCH, AT_ONCE = 250, 4
SCRIPT = Path(__file__).parent.parent / "tests" / "wire" / "smpp_smsc.mjs"
PASSWORD = "bench"


def run() -> Sequence[Measure]:
    node_modules()
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(Path(folder), environ={})
        server = EmbeddedServer(settings.data_dir, settings.db)
        try:
            return uvloop.run(_measure(settings, server.start()))
        finally:
            server.stop()


async def _measure(settings: Settings, url: str) -> Sequence[Measure]:
    await prepare_database(url)
    async with _centre() as port, _line(settings, url, port) as engines:
        account = (await create_account(engines.context(now()), name="Bench")).account
        batch = [_submission(account.id) for _ in range(MESSAGES)]
        began = time.perf_counter()
        await _send(engines, batch)
        accepted = time.perf_counter() - began
        while await _told(engines, account.id) < MESSAGES:  # noqa: ASYNC110 - the database does not tell
            await asyncio.sleep(0.02)
        told = time.perf_counter() - began
    return (
        Measure("submit_sm with receipts correlated", MESSAGES / told, None, 1000, "msg/s", at_most=False),
        Measure("submit_sm answered and kept", MESSAGES / accepted, None, 1000, "msg/s", at_most=False),
    )


async def _send(engines: Engines, batch: Sequence[Submission]) -> None:
    """A few batches at once, so that the window never runs dry while one is written down."""
    carrier, batches = SmppCarrier(engines), [batch[at : at + BATCH] for at in range(0, len(batch), BATCH)]

    async def some() -> None:
        while batches:
            outcomes = await carrier.submit(batches.pop())
            assert {one.kind for one in outcomes} == {"accepted"}, outcomes

    await asyncio.gather(*(some() for _ in range(AT_ONCE)))


def _submission(account_id: UUID) -> Submission:
    return Submission(
        account_id=account_id,
        message_id=new_id(),
        sender="+14155550100",
        recipient="+14155550111",
        body="Your table is ready at eight.",
        media_urls=(),
        encoding="GSM-7",
        segments=1,
        expires_at=now() + timedelta(hours=4),
        attempt=1,
    )


async def _told(engines: Engines, account_id: UUID) -> int:
    count: int = await engines.db.main.value(
        "SELECT count(*) FROM comms.smpp_submission WHERE account_id = $1 AND fate = 'delivered'", account_id
    )
    return count


@asynccontextmanager
async def _centre() -> AsyncIterator[int]:
    command = node_command(str(SCRIPT), PASSWORD, "count")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    assert process.stdout is not None
    try:
        yield json.loads(await process.stdout.readline())["port"]
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def _line(settings: Settings, url: str, port: int) -> AsyncIterator[Engines]:
    """The engines of a carrier process whose line is up."""
    line = {"host": "127.0.0.1", "port": port, "system_id": "octavo", "password": PASSWORD, "window": 50}
    path = settings.data_dir / "lines.yaml"
    path.write_text(json.dumps({"lines": {"main": line}}))
    comms = msgspec.structs.replace(settings.comms, smpp_lines=str(path))
    async with opened_engines(settings, url, application="carrier") as opened:
        engines = replace(opened, settings=msgspec.structs.replace(settings, comms=comms))
        stopping = asyncio.Event()
        service = asyncio.create_task(run_smpp(engines, stopping))
        while not network(engines).lines["main"].can_send:  # noqa: ASYNC110 - once, at the start
            await asyncio.sleep(0.01)
        try:
            yield engines
        finally:
            stopping.set()
            await service
