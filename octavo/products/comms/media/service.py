"""The service that fetches files of messages: what goes out waits for them, and so does the word of what came in."""

import asyncio
import logging
from collections import Counter
from contextlib import suppress
from uuid import UUID

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.events import wake
from octavo.kernel.refusals import Unavailable
from octavo.products.comms.aside import ASIDE, tell_of_fault
from octavo.products.comms.media.actions import FETCHING
from octavo.products.comms.media.gathering import MOST_ATTEMPTS, gather
from octavo.products.comms.media.queue import claim, next_due, put_off
from octavo.products.comms.media.rows import Fetch
from octavo.products.comms.sids import sid
from octavo.products.comms.turns import LONGEST_SLEEP, repeat

log = logging.getLogger("octavo.comms")
AT_ONCE = 16  # messages
# Of one account and its sub-accounts: servers of their choice may hang, and they alone wait for them.
SHARE = 4


async def run_media(engines: Engines, stopping: asyncio.Event) -> None:
    """Until `stopping`. Servers may be slow: what was begun then is given back."""
    slots = _Slots(engines)
    try:
        await repeat(engines, stopping, topic=FETCHING, turn=slots.fill, name="fetching of media")
    finally:
        await slots.give_back()


class _Slots:
    """Messages under way. A slot that is free again is filled at once, whatever the others wait for."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._under_way: dict[asyncio.Task[None], UUID] = {}

    async def fill(self) -> float:
        """Begins what is due and has room; the seconds until more is due."""
        db, room = self._engines.db.main, AT_ONCE - len(self._under_way)
        if room == 0:
            return LONGEST_SLEEP  # whatever ends wakes us
        for one in await claim(db, room, share=SHARE, busy=Counter(self._under_way.values())):
            task = asyncio.create_task(self._work(one))
            self._under_way[task] = one.family_id
            task.add_done_callback(self._ended)
        due = await next_due(db)
        return LONGEST_SLEEP if due is None else (due - now()).total_seconds()

    async def give_back(self) -> None:
        begun = list(self._under_way)
        for task in begun:
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)

    async def _work(self, one: Fetch) -> None:
        try:
            await gather(self._engines.context(now()), one)
        except Unavailable as refusal:
            log.info("Media of message %s waits for the database: %s", one.message_id, refusal)
        except Exception:
            log.exception("Media of message %s could not be fetched, and is tried again", one.message_id)
            if one.attempts >= MOST_ATTEMPTS:
                await self._set_aside(one)

    async def _set_aside(self, one: Fetch) -> None:
        db = self._engines.db.main
        with suppress(Unavailable):
            await put_off(db, one, ASIDE)
            async with db.transaction() as tx:
                await tell_of_fault(tx, one.account_id, sid("MM", one.message_id), now())

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        wake(FETCHING)
