"""The service: claims callbacks that are due, sends them, and writes down in batches what came of them."""

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from octavo.kernel import clock
from octavo.kernel.callbacks import _statements as statements
from octavo.kernel.callbacks._attempt import Round, carry
from octavo.kernel.callbacks._breaker import Destinations
from octavo.kernel.callbacks._metrics import DELIVERED, FAILED, RETRIED, WAITED
from octavo.kernel.callbacks._sender import sender_of
from octavo.kernel.callbacks.actions import TOPIC
from octavo.kernel.callbacks.rows import Delivery
from octavo.kernel.events import wake
from octavo.kernel.ids import new_id
from octavo.kernel.outgoing import close_outgoing
from octavo.kernel.refusals import Unavailable

if TYPE_CHECKING:
    from octavo.kernel.context import Engines

log = logging.getLogger("octavo.callbacks")
POLL_SECONDS = 1.0
BATCH = 200
WRITE_EVERY = 0.004  # seconds in which outcomes gather, so that one statement writes many
RECOVER_EVERY = 5.0


async def run_callbacks(engines: "Engines", stopping: asyncio.Event) -> None:
    """Until `stopping`; what is under way then has a few seconds to end, and what does not is sent again later."""
    service = _Service(engines)
    try:
        await service.run(stopping)
    finally:
        await close_outgoing(engines)


class _Service:
    def __init__(self, engines: "Engines") -> None:
        self._engines = engines
        self._settings = engines.settings.callbacks
        self._db = engines.db.main
        self._destinations = Destinations(self._settings.per_destination)
        self._lease = new_id()
        self._under_way: set[asyncio.Task[None]] = set()
        self._done: list[tuple[Delivery, Round]] = []
        self._finished = asyncio.Event()
        self._recovered_at = 0.0

    async def run(self, stopping: asyncio.Event) -> None:
        writing = asyncio.create_task(self._write())
        ending = asyncio.create_task(stopping.wait())
        async with self._engines.signals.waiting(TOPIC) as woken:
            while not stopping.is_set():
                woken.clear()
                pause = await self._turn()
                waking = asyncio.create_task(woken.wait())
                await asyncio.wait({ending, waking}, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
                waking.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=3.0)
        await self._write_done()
        writing.cancel()
        for task in self._under_way:
            task.cancel()
        await statements.give_back(self._db, self._lease)

    async def _turn(self) -> float:
        """Claim and begin what may be; the seconds until it makes sense to look again."""
        try:
            await self._recover()
            room = self._settings.concurrency - len(self._under_way)
            if room <= 0:
                return POLL_SECONDS  # whatever ends wakes us
            claimed = await statements.claim(
                self._db,
                self._lease,
                min(room, BATCH),
                blocked=self._destinations.full(time.monotonic()),
                now=clock.now(),
                seconds=self._settings.timeout * 4 + 30,
            )
            begun = await self._begin(claimed)
            if begun and len(claimed) == min(room, BATCH):
                return 0.0
            due = await statements.next_due(self._db)
            wait = POLL_SECONDS if due is None else (due - clock.now()).total_seconds()
            return max(0.002, min(POLL_SECONDS, wait if wait > 0 else 0.05))
        except Unavailable as refusal:
            log.info("Callbacks wait for the database: %s", refusal)
        except Exception:
            log.exception("Callbacks could not be claimed")
        return POLL_SECONDS

    async def _recover(self) -> None:
        """Take back what a service that died had claimed."""
        if time.monotonic() - self._recovered_at >= RECOVER_EVERY:
            self._recovered_at = time.monotonic()
            await statements.recover(self._db, clock.now())

    async def _begin(self, claimed: list[Delivery]) -> int:
        now, too_many = time.monotonic(), []
        for one in claimed:
            if self._destinations.room(one.destination, now) <= 0:
                too_many.append(one)
                continue
            self._destinations.begin(one.destination)
            task = asyncio.create_task(self._deliver(one))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        if too_many:
            await statements.release(self._db, self._lease, too_many)
        return len(claimed) - len(too_many)

    async def _deliver(self, one: Delivery) -> None:
        WAITED.observe((clock.now() - one.created_at).total_seconds())
        well = False
        try:
            round_ = await carry(self._engines, one)
            well = round_.answer is not None
            if well and one.wants_answer:
                await self._take_answer(one, round_)
            self._done.append((one, round_))
            self._finished.set()
        except Exception:
            # The lease runs out, and it is tried again.
            log.exception("A callback to %s failed", one.destination)
        finally:
            self._destinations.end(one.destination, time.monotonic(), well=well)

    async def _take_answer(self, one: Delivery, round_: Round) -> None:
        answered, answer = sender_of(one.kind).answered, round_.answer
        if answered is not None and answer is not None:
            content_type = answer.headers.get("content-type", "")
            await answered(self._engines.context(clock.now()), one, content_type, answer.body)

    async def _write(self) -> None:
        while True:
            await self._finished.wait()
            await asyncio.sleep(WRITE_EVERY)
            await self._write_done()

    async def _write_done(self) -> None:
        self._finished.clear()
        done, self._done = self._done, []
        if not done:
            return
        try:
            await self._settle(done)
        except Unavailable as refusal:
            log.info("Outcomes of callbacks wait for the database: %s", refusal)
            self._done = done + self._done
            await asyncio.sleep(POLL_SECONDS)
            self._finished.set()
        except Exception:
            log.exception("Outcomes of %d callbacks were lost; they are sent again", len(done))

    async def _settle(self, done: list[tuple[Delivery, Round]]) -> None:
        now = clock.now()
        good = [(one, round_) for one, round_ in done if round_.answer is not None]
        bad = [(one, round_) for one, round_ in done if round_.answer is None]
        ctx = self._engines.context(now)
        async with self._db.transaction() as tx:
            await statements.note_wrong(tx, [(one, attempt) for one, round_ in done for attempt in round_.wrong])
            await statements.delivered(tx, self._lease, good, now)
            for one, round_ in bad:
                is_last = one.rounds + 1 >= self._settings.attempts or round_.reason == "refused"
                await statements.failed(
                    tx, self._lease, one, round_, now, first_wait=self._settings.first_retry, is_last=is_last
                )
                failed = sender_of(one.kind).failed
                if is_last and failed is not None:
                    await failed(ctx, tx, one, round_.reason, round_.status)
                (FAILED if is_last else RETRIED).inc()
        DELIVERED.inc(len(good))
        wake(TOPIC)  # others of the same threads may go now
