"""What is written down at the end of a campaign, read from outside: messages, what the carrier got, what is open."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from octavo.kernel.db import EmbeddedServer
from octavo.settings import load_settings
from tests.faults.stored import AWAY
from tests.harness.receiver import Receiver
from tests.harness.running import RunningOctavo

PATIENCE = 90.0
OPEN = """
    SELECT (SELECT count(*) FROM comms.outbound)
        + (SELECT count(*) FROM comms.simulated_sms WHERE report_at IS NOT NULL)
        + (SELECT count(*) FROM comms.handset_said WHERE waiting)
        + (SELECT count(*) FROM callbacks.delivery WHERE state = 'waiting')
        + (SELECT count(*) FROM comms.message WHERE status IN ('accepted', 'queued', 'sending'))
        + (SELECT count(*) FROM comms.message WHERE status = 'sent' AND carrier = 'smpp')
"""


# Taken by the carrier, and not yet written down by the dispatch.
BETWEEN = "SELECT EXISTS (SELECT FROM comms.outbound JOIN comms.simulated_sms USING (account_id, message_id))"


class Message(NamedTuple):
    id: UUID
    direction: str
    recipient: str
    body: str
    states: list[str]
    error_code: int | None
    carrier_ref: str

    @property
    def sid(self) -> str:
        return f"SM{self.id.hex}"


class Books(NamedTuple):
    """`submissions` counts how often the simulated carrier was given each message; `said` are what handsets said."""

    messages: list[Message]
    submissions: dict[UUID, int]
    said: set[str]
    failed_callbacks: int

    def of(self, direction: str) -> list[Message]:
        return [one for one in self.messages if one.direction == direction]


async def closed(running: RunningOctavo) -> Books:
    """The books, once nothing is open any more."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with suppress(*AWAY):
                async with _opened(running) as connection:
                    if not await connection.fetchval(OPEN):
                        return await _read(connection)
            await asyncio.sleep(0.2)


@asynccontextmanager
async def between(running: RunningOctavo) -> AsyncIterator[None]:
    """The moment in which a death of the dispatch leaves doubt. It is short, so the dispatch is held up in it by a lock
    on what it writes then.
    """
    async with AsyncExitStack() as stack, asyncio.timeout(PATIENCE):
        while True:
            with suppress(*AWAY):
                connection = await stack.enter_async_context(_opened(running))
                await connection.execute("BEGIN; LOCK TABLE callbacks.delivery IN SHARE MODE")
                while not await connection.fetchval(BETWEEN):
                    await asyncio.sleep(0.005)
                break
            await asyncio.sleep(0.05)
        yield


@asynccontextmanager
async def _opened(running: RunningOctavo) -> AsyncIterator[Any]:
    settings = load_settings(running.data_dir, environ={})
    url = EmbeddedServer(settings.data_dir, settings.db).running_url()
    if url is None:
        raise ConnectionRefusedError("PostgreSQL is not up.")
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        connection.terminate()


async def _read(connection: Any) -> Books:
    messages = await connection.fetch(f"SELECT {', '.join(Message._fields)} FROM comms.message ORDER BY id")
    given = await connection.fetch("SELECT message_id, submissions FROM comms.simulated_sms")
    return Books(
        messages=[Message(*row.values()) for row in messages],
        submissions={row["message_id"]: row["submissions"] for row in given},
        said={row["id"].hex for row in await connection.fetch("SELECT id FROM comms.handset_said")},
        failed_callbacks=await connection.fetchval("SELECT count(*) FROM callbacks.delivery WHERE state = 'failed'"),
    )


def told(receiver: Receiver) -> dict[str, list[str]]:
    """What each message was told of, in the order in which it first came. A callback may come twice: that is what at
    least once means.
    """
    states: defaultdict[str, list[str]] = defaultdict(list)
    for got in receiver.got:
        if got.path == "/status" and got.form["MessageStatus"] not in states[got.form["MessageSid"]]:
            states[got.form["MessageSid"]].append(got.form["MessageStatus"])
    return states
