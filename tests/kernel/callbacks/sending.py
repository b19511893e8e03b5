"""What tests of callbacks send, and the service that delivers it, in this process."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from octavo.kernel.callbacks import Attempt, Callback, Form, Sender, Signed, register_sender, run_callbacks, send_many
from octavo.kernel.context import Engines
from octavo.kernel.ids import new_id
from octavo.kernel.outgoing import close_outgoing

OWNER = UUID(int=1)


async def sign(engines: Engines, owner_id: UUID, url: str, form: Form, json: bytes | None) -> Signed:
    return Signed(url, {"X-Signed-For": owner_id.hex})


def explain(attempt: Attempt) -> Form:
    return [("Why", attempt.reason), ("Where", attempt.url)]


register_sender("test", Sender(sign=sign, explain=explain))


def a_callback(url: str, *, thread: UUID | None = None, said: str = "hello", **others: object) -> Callback:
    given = {"owner_id": OWNER, "kind": "test.told", "subject": "SM1", "form": [("Said", said)]} | others
    return Callback(thread=thread or new_id(), url=url, **given)  # type: ignore[arg-type]


async def sent(engines: Engines, callbacks: Sequence[Callback]) -> list[UUID]:
    async with engines.db.main.transaction() as tx:
        return await send_many(tx, callbacks)


@asynccontextmanager
async def delivering(engines: Engines) -> AsyncIterator[None]:
    """The service runs inside the block."""
    stopping = asyncio.Event()
    service = asyncio.create_task(run_callbacks(engines, stopping))
    try:
        yield
    finally:
        stopping.set()
        await asyncio.wait_for(service, 60)
        await close_outgoing(engines)
