"""The indexer of messages: it follows what is written, a little behind."""

import asyncio
from datetime import timedelta

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.products.comms.message_search.actions import all_before, index_since, keep_all_before
from octavo.products.comms.turns import repeat

# A message has its time before it is committed, so this much is looked at again; no transaction takes longer.
OVERLAP = timedelta(seconds=20)
PAUSE = 1.0


async def run_message_search(engines: Engines, stopping: asyncio.Event) -> None:
    """Until `stopping`."""
    await repeat(engines, stopping, topic="comms.search", turn=lambda: index_round(engines), name="index of messages")


async def index_round(engines: Engines) -> float:
    """Everything that is written by now; the seconds until the next round."""
    ctx = engines.context(now())
    await index_since(ctx, await all_before(ctx))
    await keep_all_before(ctx, ctx.now - OVERLAP)
    return PAUSE
