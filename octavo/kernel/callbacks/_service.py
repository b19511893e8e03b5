"""The runner: claims callbacks that are due, sends them, and has written down what came of them."""

import asyncio
import logging
import time
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from octavo.kernel import clock
from octavo.kernel.callbacks import _statements as statements
from octavo.kernel.callbacks._attempt import Round, carry
from octavo.kernel.callbacks._destinations import Destinations, line_of
from octavo.kernel.callbacks._lease import BEAT_SECONDS, Lease
from octavo.kernel.callbacks._metrics import RESTING, UNDER_WAY, WAITED
from octavo.kernel.callbacks._outcomes import Outcomes
from octavo.kernel.callbacks._personal import opened
from octavo.kernel.callbacks._sender import sender_of
from octavo.kernel.callbacks.actions import TOPIC
from octavo.kernel.callbacks.rows import Delivery
from octavo.kernel.refusals import Unavailable

if TYPE_CHECKING:
    from octavo.kernel.context import Engines

BATCH = 200
POLL_SECONDS = 1.0
GRACE_SECONDS = 3.0  # for what is under way when the service is to end

log = logging.getLogger("octavo.callbacks")


async def run_callbacks(engines: "Engines", stopping: asyncio.Event) -> None:
    """Until `stopping`; what is under way then has a few seconds to end, and what does not is sent again later."""
    await _Runner(engines).run(stopping)


class _Runner:
    def __init__(self, engines: "Engines") -> None:
        self._engines = engines
        self._most = engines.settings.callbacks.concurrency
        self._db = engines.db.main
        self._destinations = Destinations(engines.settings.callbacks.per_destination)
        self._lease = Lease(self._db)
        self._under_way: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._leased = asyncio.Event()
        self._outcomes = Outcomes(engines, self._written)
        self._in_hand: set[UUID] = set()
        self._lost: set[UUID] = set()
        self._claiming = asyncio.Lock()

    async def run(self, stopping: asyncio.Event) -> None:
        async with self._engines.signals.waiting(TOPIC) as self._woken:
            helping = [asyncio.create_task(self._outcomes.run()), asyncio.create_task(self._beat())]
            working = asyncio.create_task(self._work())
            try:
                await stopping.wait()
            finally:
                for task in (working, helping[1]):
                    task.cancel()
                await asyncio.wait([working, helping[1]], timeout=GRACE_SECONDS)
                await self._end()
                helping[0].cancel()

    async def _work(self) -> None:
        await self._leased.wait()
        while True:
            self._woken.clear()
            pause = await self._turn()
            if pause > 0:
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._woken.wait()

    async def _turn(self) -> float:
        """Claim and begin what may be; the seconds until it makes sense to look again."""
        try:
            self._begin()
            room = min(BATCH, self._most - len(self._under_way))
            if room <= 0:
                return POLL_SECONDS  # whatever ends wakes us
            now = clock.now()
            blocked = self._destinations.full(time.monotonic())
            async with self._claiming:
                claimed = await statements.claim(self._db, self._lease.id, room, blocked=blocked, now=now)
                self._in_hand.update(one.id for one in claimed)
            for one in claimed:
                self._destinations.put(one)
            self._begin()
            if len(claimed) == room or self._woken.is_set():
                return 0.0
            due = await statements.next_due(self._db, now)
            wait = POLL_SECONDS if due is None else (due - clock.now()).total_seconds()
            return max(0.001, min(POLL_SECONDS, wait))
        except Unavailable as refusal:
            log.info("Callbacks wait for the database: %s", refusal)
        except Exception:
            log.exception("Callbacks could not be claimed")
        return POLL_SECONDS

    def _begin(self) -> None:
        room = self._most - len(self._under_way)
        for one in self._destinations.ready(time.monotonic(), room):
            task = asyncio.create_task(self._deliver(one))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _deliver(self, one: Delivery) -> None:
        if not one.rounds:
            WAITED.observe((clock.now() - one.created_at).total_seconds())
        round_: Round | None = None
        try:
            one = opened(self._engines.settings, one)
            round_ = await carry(self._engines, one)
            if round_.answer is not None and one.wants_answer:
                await self._take_answer(one, round_)
        except Exception:
            # Not the server's fault: it counts as a round, so that it ends one day, and not against the server.
            log.exception("The callback %s could not be sent, or its answer not be carried out", one.id)
            round_ = Round(None, round_.wrong if round_ else [])
            self._destinations.ended(line_of(one), time.monotonic(), well=True)
        except asyncio.CancelledError:
            self._destinations.ended(line_of(one), time.monotonic(), well=True)
            raise
        else:
            self._ended(one, round_)
        self._outcomes.put(one, round_)
        self._begin()

    async def _take_answer(self, one: Delivery, round_: Round) -> None:
        answered, answer = sender_of(one.kind).answered, round_.answer
        if answered is not None and answer is not None:
            content_type = answer.headers.get("content-type", "")
            await answered(self._engines.context(clock.now()), one, content_type, answer.body)

    def _ended(self, one: Delivery, round_: Round) -> None:
        line = line_of(one)
        rest = self._destinations.ended(line, time.monotonic(), well=not round_.is_down, wait=round_.wait)
        if rest:
            until = clock.now() + timedelta(seconds=rest)
            self._outcomes.put_back(line, self._destinations.put_back(line), until)

    async def _beat(self) -> None:
        """Keep the lease, and take over from the dead."""
        while True:
            try:
                if not self._leased.is_set():
                    await self._lease.take()
                    self._leased.set()
                elif not await self._lease.renew():
                    log.warning("Others took this runner for dead: what it has in hand is sent again by them")
                    self._in_hand.difference_update(one.id for one in self._destinations.put_all_back())
                if await self._lease.take_from_dead():
                    self._woken.set()
                await self._let_go_of_lost()
                self._destinations.forget(time.monotonic())
                UNDER_WAY.set(len(self._under_way))
                RESTING.set(self._destinations.resting)
            except Unavailable as refusal:
                log.info("The lease of callbacks waits for the database: %s", refusal)
            except Exception:
                log.exception("The lease of callbacks could not be renewed")
            await asyncio.sleep(BEAT_SECONDS)

    async def _end(self) -> None:
        self._destinations.put_all_back()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=GRACE_SECONDS)
        for task in self._under_way:
            task.cancel()
        with suppress(Unavailable):
            await self._outcomes.write()
            await self._lease.end()

    async def _let_go_of_lost(self) -> None:
        """What is leased to us at two beats and never in hand was claimed by a statement whose answer did not come."""
        async with self._claiming:  # what is just being claimed is in the database before it is in hand
            in_hand = set(self._in_hand)  # and what is just written has left our hands after it left the database
            lost = await self._lease.held() - in_hand - self._in_hand
        if lost & self._lost:
            await self._lease.let_go(lost & self._lost)
            self._woken.set()
        self._lost = lost

    def _written(self, ids: set[UUID]) -> None:
        self._in_hand -= ids
        self._woken.set()
