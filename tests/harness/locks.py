"""Moments at which one transaction waits for another."""

import asyncio

from octavo.kernel.context import Engines


async def until_waiting(engines: Engines, count: int) -> None:
    """So many transactions of this database wait for others."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with asyncio.timeout(60):
        while await engines.db.main.value(waiting) < count:
            await asyncio.sleep(0.02)
