"""A runner in a process of its own, to be killed, and soon believed to be dead: `runner_process URL FOLDER`."""

import asyncio
import signal
import sys
from datetime import timedelta
from pathlib import Path

from octavo.kernel.blobs import open_blobs
from octavo.kernel.cache import Cache
from octavo.kernel.callbacks import _lease, _service, run_callbacks
from octavo.kernel.context import Databases, Engines
from octavo.kernel.db import Database
from octavo.kernel.events import Signals
from tests.harness.settings import patient_settings
from tests.kernel.callbacks import sending  # its sender is registered by the import

SETTINGS = {"outgoing": {"allow": ["127.0.0.1"]}, "callbacks": {"first_retry": 0.2, "per_destination": 50}}


async def main(url: str, folder: Path) -> None:
    assert sending.OWNER
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    settings = patient_settings(folder, **SETTINGS)
    db = await Database.open(url, settings.db, application="test runner")
    signals = Signals(db)
    await signals.start()
    engines = Engines(settings, Databases(db, db, db), open_blobs(settings), Cache(settings.cache), signals)
    _service.BEAT_SECONDS, _lease.ALIVE = 0.5, timedelta(seconds=3)
    print("ready", flush=True)
    await run_callbacks(engines, stopping)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
