"""The dispatch: gives what is due to its carriers, for as long as the process of carriers runs."""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from octavo.kernel.clock import now
from octavo.kernel.context import Context, Engines
from octavo.kernel.ids import new_id
from octavo.kernel.refusals import Unavailable
from octavo.products.comms.aside import one_by_one
from octavo.products.comms.carrier.choice import carriers
from octavo.products.comms.carrier.protocol import Outcome, SmsCarrier, Submission
from octavo.products.comms.message.dispatch import queue
from octavo.products.comms.message.dispatch.actions import (
    BATCH,
    LEASE,
    UNKNOWN,
    Claimed,
    claim_abandoned,
    claim_due,
    set_aside,
    write_outcomes,
)
from octavo.products.comms.message.storing import DISPATCH
from octavo.products.comms.turns import LONGEST_SLEEP, repeat

LOOK_FOR_ABANDONED = 2.0  # seconds
RENEW_EVERY = LEASE.total_seconds() / 3
APART = 0.04  # seconds between turns
PAUSE = 0.5  # seconds, where the database is away
MOST_UNDER_WAY = 8  # batches with carriers at once
log = logging.getLogger("octavo.comms")


async def run_dispatch(engines: Engines, stopping: asyncio.Event) -> None:
    """Until `stopping`; what is with carriers then is written down first."""
    dispatch = Dispatch(engines, carriers(engines))
    renewing = asyncio.create_task(dispatch.renew())
    try:
        await repeat(engines, stopping, topic=DISPATCH, turn=dispatch.turn, name="dispatch of messages", apart=APART)
        await dispatch.finish()
    finally:
        renewing.cancel()


class Dispatch:
    """One per process. What it claims is under a lease that is renewed while a carrier has it, and no longer: what was
    claimed or answered in vain is found again as abandoned, however busy the process is.
    """

    def __init__(self, engines: Engines, lines: Mapping[str, SmsCarrier]) -> None:
        self._engines = engines
        self._carriers = lines
        self._looked_at = 0.0
        self._under_way: dict[asyncio.Task[None], UUID] = {}

    async def turn(self) -> float:
        """Give out all that is due; the seconds until more is."""
        if time.monotonic() - self._looked_at >= LOOK_FOR_ABANDONED:
            self._looked_at = time.monotonic()
            await self._renew()  # the database may have been away: what is with carriers is not abandoned
            lease = new_id()
            self._start(lease, await claim_abandoned(self._context(), lease), is_first_time=False)
        while True:
            await self._room()
            lease = new_id()
            count, claimed = await claim_due(self._context(), lease)
            self._start(lease, claimed, is_first_time=True)
            if count < BATCH:
                break
        due: datetime | None = await queue.next_due(self._engines.db.main)
        return LONGEST_SLEEP if due is None else (due - now()).total_seconds()

    async def renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY)
            try:
                await self._renew()
            except Unavailable as refusal:
                log.info("The leases of the dispatch wait for the database: %s", refusal)
            except Exception:
                log.exception("The leases of the dispatch could not be renewed, and are tried again")

    async def _renew(self) -> None:
        if leases := set(self._under_way.values()):
            await queue.renew(self._engines.db.main, list(leases), now() + LEASE)

    async def finish(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=LEASE.total_seconds())

    async def _room(self) -> None:
        while len(self._under_way) >= MOST_UNDER_WAY:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)

    def _start(self, lease: UUID, claimed: Claimed, *, is_first_time: bool) -> None:
        for name, some in claimed.items():
            task = asyncio.create_task(self._carry(lease, name, some, is_first_time=is_first_time))
            self._under_way[task] = lease
            task.add_done_callback(self._under_way.pop)

    async def _carry(self, lease: UUID, name: str, some: Sequence[Submission], *, is_first_time: bool) -> None:
        """Give messages to their carrier and write down what it says. What fails here is found again as abandoned."""
        try:
            outcomes = await self._ask(name, some, is_first_time=is_first_time)
            await self._write(lease, name, some, outcomes)
        except Unavailable as refusal:
            log.info("%d messages wait for the database: %s", len(some), refusal)
        except Exception:
            log.exception("Outcomes of %d messages were not written down", len(some))

    async def _write(self, lease: UUID, name: str, some: Sequence[Submission], outcomes: Sequence[Outcome]) -> None:
        """Until it is written: a carrier that said once that it took a message may not be able to say so again."""
        while True:
            try:
                await write_outcomes(self._context(), name, some, outcomes, lease)
                return
            except Unavailable as refusal:
                log.info("Outcomes of %d messages wait for the database: %s", len(some), refusal)
                await asyncio.sleep(PAUSE)

    async def _ask(self, name: str, some: Sequence[Submission], *, is_first_time: bool) -> list[Outcome]:
        carrier = self._carriers.get(name)
        if carrier is None:
            log.error("There is no carrier %s any more; what it was being given counts as lost", name)
            return [_lost(one) for one in some]
        if is_first_time:
            return await _submit(carrier, some)
        return _in_time(some, await self._settled(carrier, some))

    async def _settled(self, carrier: SmsCarrier, some: Sequence[Submission]) -> list[Outcome]:
        try:
            return await carrier.settle(some)
        except Unavailable:
            raise
        except Exception:
            log.exception("The carrier %s failed over %d messages, and is asked about each", carrier.name, len(some))
        outcomes: list[Outcome] = []

        async def alone(one: Submission) -> None:
            outcomes.extend(await carrier.settle([one]))

        await one_by_one(some, alone, lambda one: set_aside(self._context(), one))
        return outcomes

    def _context(self) -> Context:
        return self._engines.context(now())


async def _submit(carrier: SmsCarrier, some: Sequence[Submission]) -> list[Outcome]:
    try:
        return await carrier.submit(some)
    except Unavailable as refusal:
        log.info("The carrier %s is not available: %s", carrier.name, refusal)
    except Exception:
        log.exception("The carrier %s failed over %d messages", carrier.name, len(some))
    return [Outcome(one.message_id, "doubtful") for one in some]


def _lost(one: Submission) -> Outcome:
    return Outcome(one.message_id, "refused", error_code=UNKNOWN)


def _in_time(some: Sequence[Submission], outcomes: Sequence[Outcome]) -> list[Outcome]:
    """A carrier may be in doubt for as long as a message may take, and no longer."""
    over = {one.message_id for one in some if one.expires_at <= now()}
    return [
        Outcome(one.message_id, "refused", error_code=UNKNOWN)
        if one.kind == "doubtful" and one.message_id in over
        else one
        for one in outcomes
    ]
