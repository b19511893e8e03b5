"""A worker in a process of its own, to be killed, stopped and resumed: `worker_process URL FOLDER [SETTINGS]`."""

import asyncio
import json
import logging
import os
import signal
import sys
import time
from pathlib import Path

import msgspec

from octavo.kernel.blobs import open_blobs
from octavo.kernel.cache import Cache
from octavo.kernel.context import Databases, Engines
from octavo.kernel.db import Database
from octavo.kernel.events import Signals
from octavo.kernel.jobs import LeaseLost, Run, Worker, _worker, job
from octavo.kernel.processes import die_with_parent
from tests.harness.settings import patient_settings

# Short, so that tests of expiry take a second or two.
QUICK = {"heartbeat_seconds": 0.3, "lease_seconds": 1.5, "poll_seconds": 0.2, "shutdown_seconds": 1.0}


class Note(msgspec.Struct, frozen=True):
    """Where the job leaves its traces."""

    path: str


def note(args: Note, words: str) -> None:
    with Path(args.path).open("a") as file:
        file.write(f"{words}\n")


def wait_for(path: Path) -> None:
    while not path.exists():
        time.sleep(0.02)


@job("fault.note")
async def note_start(run: Run, args: Note) -> None:
    note(args, f"start {run.starts}")


@job("fault.kill", max_starts=3)
async def kill_worker(run: Run, args: Note) -> None:
    """A job that takes its worker with it, each time."""
    note(args, f"start {run.starts}")
    os.kill(os.getpid(), signal.SIGKILL)


@job("fault.long")
async def long(run: Run, args: Note) -> None:
    """Ends early when told to, as a job should; never by itself."""
    note(args, f"start {run.starts} {os.getpid()}")
    await run.lost.wait()
    note(args, "lost")
    run.check()


@job("fault.commit_late")
async def commit_late(run: Run, args: Note) -> None:
    """Tries to commit something when the file `go` appears, whatever it has heard until then."""
    note(args, f"start {run.starts}")
    await asyncio.to_thread(wait_for, Path(args.path).with_suffix(".go"))
    try:
        async with run.ctx.db.main.transaction() as tx:
            await run.hold(tx)
            await tx.execute(
                "INSERT INTO jobs.schedule (name, next_at) VALUES ($1, $2)", f"by {os.getpid()}", run.ctx.now
            )
    except LeaseLost:
        note(args, "too late")
        raise
    note(args, "committed")


@job("fault.stubborn")
async def stubborn(run: Run, args: Note) -> None:
    """Neither watches `lost` nor lets itself be cancelled."""
    note(args, f"start {run.starts}")
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            note(args, "cancelled")


@job("fault.child")
async def child(run: Run, args: Note) -> None:
    process = await asyncio.create_subprocess_exec("sleep", "600", preexec_fn=die_with_parent())
    note(args, str(process.pid))
    await process.wait()


JOBS = [note_start, kill_worker, long, commit_late, stubborn, child]


async def main(url: str, folder: Path, changes: dict[str, float]) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    settings = patient_settings(folder, jobs={**QUICK, **changes})
    db = await Database.open(url, settings.db, application="test worker")
    signals = Signals(db)
    await signals.start()
    engines = Engines(settings, Databases(db, db, db), open_blobs(settings), Cache(settings.cache), signals)
    _worker.OUTCOMES_END = _worker.LEASE_ENDS = 30.0  # what is given back is written, if the machine stands still too
    await Worker(engines, JOBS, ["default"], {"default": 4}).run(stopping)
    os._exit(0)  # as a supervised process ends: a stubborn job may not keep it


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(message)s")
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3]) if len(sys.argv) > 3 else {}))
