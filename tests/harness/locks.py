"""Moments at which one transaction waits for another."""

import asyncio

from octavo.kernel.context import Engines

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def until_waiting(engines: Engines, count: int) -> None:
    """So many transactions of this database wait for others."""
    async with asyncio.timeout(60):
        while await engines.db.main.value(WAITING) < count:
            await asyncio.sleep(0.02)
