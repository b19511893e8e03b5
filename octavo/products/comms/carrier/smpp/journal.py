"""Writing down what lines bring, in the order in which it came and many at once; only then is it acknowledged."""

import asyncio
import logging
from collections.abc import Sequence

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.refusals import Unavailable
from octavo.products.comms.carrier.smpp.actions import keep
from octavo.products.comms.carrier.smpp.rows import Answer, InboundPart, Told

log = logging.getLogger("octavo.comms.smpp")
Entry = Answer | Told | InboundPart
LARGEST_BATCH = 500
RETRY_SECONDS = 0.5


class Journal:
    """Entries end in one transaction for all that came meanwhile, so that their number makes them cheap."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._entries: list[tuple[Entry, asyncio.Future[None]]] = []
        self._woken = asyncio.Event()

    def take(self, entry: Entry) -> asyncio.Future[None]:
        """A future that ends once the entry is kept; it fails where the entry cannot be kept by any means."""
        kept = asyncio.get_running_loop().create_future()
        self._entries.append((entry, kept))
        self._woken.set()
        return kept

    async def run(self, stopping: asyncio.Event) -> None:
        """Until `stopping`, and all that came before it is kept."""
        ending = asyncio.ensure_future(stopping.wait())
        try:
            while self._entries or not stopping.is_set():
                woken = asyncio.ensure_future(self._woken.wait())
                await asyncio.wait({woken, ending}, return_when="FIRST_COMPLETED")
                woken.cancel()
                self._woken.clear()
                while self._entries:
                    batch, self._entries = self._entries[:LARGEST_BATCH], self._entries[LARGEST_BATCH:]
                    await self._write(batch)
        finally:
            ending.cancel()

    async def _write(self, batch: Sequence[tuple[Entry, asyncio.Future[None]]]) -> None:
        while True:
            try:
                await keep(self._engines.context(now()), [entry for entry, _ in batch])
            except Unavailable as refusal:
                log.info("What lines brought waits for the database: %s", refusal)
                await asyncio.sleep(RETRY_SECONDS)
            except Exception as error:
                await self._write_alone(batch, error)
                return
            else:
                for _, kept in batch:
                    if not kept.done():
                        kept.set_result(None)
                return

    async def _write_alone(self, batch: Sequence[tuple[Entry, asyncio.Future[None]]], error: Exception) -> None:
        """Whichever of them it is, the others are not held up by it."""
        if len(batch) > 1:
            for one in batch:
                await self._write([one])
            return
        [(_, kept)] = batch
        log.error("What a line brought cannot be kept", exc_info=error)
        if not kept.done():
            kept.set_exception(error)
