"""The dispatch: sends what is due, for as long as the process of carriers runs."""

import asyncio
import time
from datetime import datetime

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.products.comms.carrier.choice import carriers
from octavo.products.comms.message.actions import DISPATCH
from octavo.products.comms.message.dispatch.actions import ALL_SHARDS, BATCH, send_due, settle_abandoned
from octavo.products.comms.turns import LONGEST_SLEEP, repeat

SETTLE_EVERY = 5.0  # seconds

_NEXT = """
    SELECT min(due) FROM comms.outbound /* fanout: one dispatch for all accounts */
    WHERE queue_shard = ANY($1) AND lease IS NULL
"""


async def run_dispatch(engines: Engines, stopping: asyncio.Event) -> None:
    """Until `stopping`."""
    lines, settled_at = carriers(engines), 0.0

    async def turn() -> float:
        nonlocal settled_at
        if time.monotonic() - settled_at >= SETTLE_EVERY:
            settled_at = time.monotonic()
            await settle_abandoned(engines.context(now()), lines)
        while not stopping.is_set() and await send_due(engines.context(now()), lines) == BATCH:
            pass
        due: datetime | None = await engines.db.main.value(_NEXT, ALL_SHARDS)
        return LONGEST_SLEEP if due is None else (due - now()).total_seconds()

    await repeat(engines, stopping, topic=DISPATCH, turn=turn, name="dispatch of messages")
