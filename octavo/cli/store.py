"""Trying the store of files out before anything relies on it."""

import asyncio
import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection

from octavo.kernel.blobs import StoreUnusable, open_blobs
from octavo.kernel.processes import die_with_parent
from octavo.kernel.refusals import Refusal
from octavo.settings import Settings

DIED = "The store of files could not be tried out: the attempt ended without a word."


def require_store(settings: Settings) -> None:
    """Raises StoreUnusable. In a child process: a remote store brings threads, which a later fork would not have."""
    if settings.blobs.engine == "local":
        return  # the data directory has been looked at
    processes = multiprocessing.get_context("fork")
    receiving, sending = processes.Pipe(duplex=False)
    child = processes.Process(target=_try_out, args=(settings, sending, die_with_parent()), daemon=True)
    child.start()
    sending.close()
    try:
        told = receiving.recv()
    except EOFError:
        told = DIED
    finally:
        child.kill()  # asked to stop, nobody waits for a slow store
        child.join()
    if told:
        raise StoreUnusable(told)


def _try_out(settings: Settings, sending: Connection, die: Callable[[], None]) -> None:
    # It has the parent's sockets and its lock, which must be free as soon as the parent has ended.
    die()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    try:
        asyncio.run(_check(settings))
        sending.send("")
    except Refusal as refusal:
        sending.send(str(refusal))


async def _check(settings: Settings) -> None:
    await open_blobs(settings).check()
