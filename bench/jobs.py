"""10,000 jobs that do nothing, one worker: enqueueing and running, against pgqueuer and procrastinate."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import msgspec
import pgqueuer
import procrastinate
import uvloop
from pgqueuer.db import AsyncpgPoolDriver
from pgqueuer.types import QueueExecutionMode

from bench.frame import Measure
from octavo.kernel.blobs import open_blobs
from octavo.kernel.cache import Cache
from octavo.kernel.context import Databases, Engines
from octavo.kernel.db import Database, EmbeddedServer, migrate
from octavo.kernel.events import Signals
from octavo.kernel.events.module import MODULE as EVENTS_TABLES
from octavo.kernel.jobs import Run, Worker, enqueue, enqueue_many, job
from octavo.kernel.jobs.module import MODULE as JOBS_TABLES
from octavo.settings import Settings, load_settings

JOBS = 10_000
ROUNDS = 3
STARTS = 50
LONGEST = 150.0  # seconds for procrastinate; on a busy machine its rate is that of the jobs done by then
PGQUEUER_BATCH = 500  # as large as our own largest batch; it was no faster with 100 or 1,000


@dataclass(frozen=True, slots=True)
class Rates:
    """Jobs per second."""

    enqueued: float
    done: float


class Nothing(msgspec.Struct, frozen=True):
    pass


@job("bench.nothing")
async def nothing(run: Run, args: Nothing) -> None:
    pass


def run() -> Sequence[Measure]:
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(Path(folder), environ={})
        server = EmbeddedServer(settings.data_dir, settings.db)
        try:
            return uvloop.run(_measure(settings, server.start()))
        finally:
            server.stop()


async def _measure(settings: Settings, url: str) -> Sequence[Measure]:
    await migrate(url, (EVENTS_TABLES, JOBS_TABLES))
    async with _opened(settings, url) as engines:
        ours, theirs = [], []
        for _ in range(ROUNDS):  # in turn, so that what else the machine does meets both
            ours.append(await _octavo(engines))
            theirs.append(await _pgqueuer(url))
        latency = await _start_latency(engines)
    slow = await _procrastinate(url)
    mine, quick = _median(ours), _median(theirs)
    return (
        Measure("run, against pgqueuer", mine.done, quick.done, 1.0, "jobs/s", at_most=False),
        Measure("run, against procrastinate", mine.done, slow.done, 10.0, "jobs/s", at_most=False),
        Measure("enqueue, against pgqueuer", mine.enqueued, quick.enqueued, 1.0, "jobs/s", at_most=False),
        Measure("enqueue, against procrastinate", mine.enqueued, slow.enqueued, 1.0, "jobs/s", at_most=False),
        Measure("from commit to start, median", latency * 1000, None, 10.0, "ms"),
    )


def _median(rates: Sequence[Rates]) -> Rates:
    return Rates(statistics.median(r.enqueued for r in rates), statistics.median(r.done for r in rates))


@asynccontextmanager
async def _opened(settings: Settings, url: str) -> AsyncIterator[Engines]:
    db = await Database.open(url, settings.db, application="bench")
    signals = Signals(db)
    await signals.start()
    yield Engines(settings, Databases(db, db, db), open_blobs(settings), Cache(settings.cache), signals)
    await signals.stop()
    await db.close()


async def _octavo(engines: Engines) -> Rates:
    async def fill() -> None:
        async with engines.db.main.transaction() as tx:
            await enqueue_many(tx, nothing, [Nothing()] * JOBS)

    async def empty() -> bool:
        return not await engines.db.main.value("SELECT EXISTS (SELECT FROM jobs.job)")

    stopping = asyncio.Event()
    worker = Worker(engines, [nothing], ["default"])
    enqueued = await _timed(fill)
    done = await _timed(lambda: _drained(worker.run(stopping), empty, stopping.set))
    return Rates(JOBS / enqueued, JOBS / done)


async def _start_latency(engines: Engines) -> float:
    """Seconds from the end of the enqueueing transaction to the first line of the handler, the queue being idle."""
    started = asyncio.Event()

    @job("bench.prompt")
    async def prompt(run: Run, args: Nothing) -> None:
        started.set()

    stopping, waits = asyncio.Event(), []
    working = asyncio.create_task(Worker(engines, [prompt], ["default"]).run(stopping))
    for _ in range(STARTS):
        started.clear()
        async with engines.db.main.transaction() as tx:
            await enqueue(tx, prompt, Nothing())
        waits.append(await _timed(started.wait))
        await asyncio.sleep(0.02)
    stopping.set()
    await working
    return statistics.median(waits)


async def _pgqueuer(url: str) -> Rates:
    async with asyncpg.create_pool(url, min_size=4, max_size=10) as pool:
        queuer = pgqueuer.PgQueuer(AsyncpgPoolDriver(pool))
        queries = pgqueuer.Queries(AsyncpgPoolDriver(pool))
        await pool.execute("DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public")
        await queries.install()

        @queuer.entrypoint("nothing")
        async def _nothing(job: pgqueuer.Job) -> None:
            pass

        enqueued = await _timed(lambda: queries.enqueue(["nothing"] * JOBS, [None] * JOBS, [0] * JOBS))
        done = await _timed(lambda: queuer.run(batch_size=PGQUEUER_BATCH, mode=QueueExecutionMode.drain))
        left = await pool.fetchval("SELECT count(*) FROM pgqueuer")
        if left:
            raise RuntimeError(f"pgqueuer left {left} jobs")
    return Rates(JOBS / enqueued, JOBS / done)


async def _procrastinate(url: str) -> Rates:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url, min_size=4, max_size=10))

    @app.task(name="nothing")
    async def _nothing() -> None:
        pass

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        enqueued = await _timed(lambda: _nothing.batch_defer_async(*[{}] * JOBS))
        working = asyncio.create_task(
            app.run_worker_async(wait=False, concurrency=10, install_signal_handlers=False, listen_notify=False)
        )
        took = await _timed(lambda: asyncio.wait([working], timeout=LONGEST))
        left = len(list(await app.job_manager.list_jobs_async(status="todo")))
        working.cancel()
        await asyncio.wait([working])
    return Rates(JOBS / enqueued, (JOBS - left) / took)


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def _drained(working: Awaitable[None], empty: Callable[[], Awaitable[bool]], stop: Callable[[], None]) -> None:
    """Work until the queue is empty, with the worker's whole start and end included, as in the peers' drain mode."""
    task = asyncio.ensure_future(working)
    while not await empty():  # noqa: ASYNC110 -- only the database knows
        await asyncio.sleep(0.01)
    stop()
    await task
