"""A media worker in a process of its own, to be killed: `python -m tests...worker_process DATABASE_URL DATA_DIR`."""

import asyncio
import sys
from pathlib import Path

from octavo.kernel.blobs import open_blobs
from octavo.kernel.cache import Cache
from octavo.kernel.context import Databases, Engines
from octavo.kernel.db import Database
from octavo.kernel.events import Signals
from tests.harness.settings import patient_settings
from tests.kernel.media.house import working


async def work(url: str, data_dir: Path) -> None:
    settings = patient_settings(data_dir)
    db = await Database.open(url, settings.db, application="killed worker")
    signals = Signals(db)
    await signals.start()
    blobs, cache = open_blobs(settings), Cache(settings.cache)
    async with working(Engines(settings, Databases(db, db, db), blobs, cache, signals)):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], Path(sys.argv[2])))
