"""News of a handset as server-sent events: that something changed, and nothing of what; pages look for themselves."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime
from uuid import UUID

from octavo.kernel.clock import now
from octavo.kernel.context import Context
from octavo.kernel.http import ServerEvent
from octavo.kernel.refusals import Unavailable
from octavo.products.comms.carrier.simulated.actions import topic_of
from octavo.products.comms.carrier.simulated.queries import latest_of

State = tuple[datetime | None, UUID | None]
POLL_SECONDS = 2.0  # a wake-up may be lost
SETTLE_SECONDS = 0.1  # under load pages look at most so often


async def news(ctx: Context, account_id: UUID, number: str) -> AsyncGenerator[ServerEvent, None]:
    """`changed` whenever the handset heard or said something new."""
    last = await latest_of(ctx.db.main, account_id, number, ctx.now)
    async with ctx.engines.signals.waiting(topic_of(account_id)) as woken:
        while True:
            woken.clear()
            latest = await _latest(ctx, account_id, number, last)
            if latest != last:
                last = latest
                yield ServerEvent({}, "changed")
                await asyncio.sleep(SETTLE_SECONDS)
            await _wait(woken)


async def _latest(ctx: Context, account_id: UUID, number: str, last: State) -> State:
    """A database that does not answer for a moment changes nothing for those who follow."""
    try:
        return await latest_of(ctx.db.main, account_id, number, now())
    except Unavailable:
        return last


async def _wait(woken: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(POLL_SECONDS):
            await woken.wait()
    except TimeoutError:
        pass
