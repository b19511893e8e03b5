"""The dispatch: gives what is due to its carriers, for as long as the process of carriers runs."""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from datetime import datetime

from octavo.kernel.clock import now
from octavo.kernel.context import Context, Engines
from octavo.kernel.ids import new_id
from octavo.kernel.refusals import Unavailable
from octavo.products.comms.carrier.choice import carriers
from octavo.products.comms.carrier.protocol import Outcome, SmsCarrier, Submission
from octavo.products.comms.message.dispatch import queue, rules
from octavo.products.comms.message.dispatch.actions import (
    BATCH,
    LEASE,
    UNKNOWN,
    Claimed,
    claim_abandoned,
    claim_due,
    write_outcomes,
)
from octavo.products.comms.message.storing import DISPATCH
from octavo.products.comms.turns import LONGEST_SLEEP, repeat

LOOK_FOR_ABANDONED = 2.0  # seconds
RENEW_EVERY = LEASE.total_seconds() / 3
APART = 0.04  # seconds between turns
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
    """One per process. What it holds is under its lease; it may be taken away when that is not renewed."""

    def __init__(self, engines: Engines, lines: Mapping[str, SmsCarrier]) -> None:
        self._engines = engines
        self._carriers = lines
        self._lease = new_id()
        self._looked_at = 0.0
        self._under_way: set[asyncio.Task[None]] = set()

    async def turn(self) -> float:
        """Give out all that is due; the seconds until more is."""
        if time.monotonic() - self._looked_at >= LOOK_FOR_ABANDONED:
            self._looked_at = time.monotonic()
            self._start(await claim_abandoned(self._context(), self._lease), is_first_time=False)
        while True:
            await self._room()
            count, claimed = await claim_due(self._context(), self._lease)
            self._start(claimed, is_first_time=True)
            if count < BATCH:
                break
        due: datetime | None = await queue.next_due(self._engines.db.main)
        return LONGEST_SLEEP if due is None else (due - now()).total_seconds()

    async def renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY)
            if self._under_way:
                try:
                    await queue.renew(self._engines.db.main, self._lease, now() + LEASE)
                except Unavailable as refusal:
                    log.info("The leases of the dispatch wait for the database: %s", refusal)

    async def finish(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=LEASE.total_seconds())

    async def _room(self) -> None:
        while len(self._under_way) >= MOST_UNDER_WAY:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)

    def _start(self, claimed: Claimed, *, is_first_time: bool) -> None:
        for name, some in claimed.items():
            task = asyncio.create_task(self._carry(name, some, is_first_time=is_first_time))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _carry(self, name: str, some: Sequence[Submission], *, is_first_time: bool) -> None:
        """Give messages to their carrier and write down what it says. What fails here is found again as abandoned."""
        try:
            outcomes = await self._ask(name, some, is_first_time=is_first_time)
            await write_outcomes(self._context(), name, some, outcomes, self._lease)
        except Unavailable as refusal:
            log.info("Outcomes of %d messages wait for the database: %s", len(some), refusal)
        except Exception:
            log.exception("Outcomes of %d messages were not written down", len(some))

    async def _ask(self, name: str, some: Sequence[Submission], *, is_first_time: bool) -> list[Outcome]:
        carrier = self._carriers.get(name)
        if carrier is None:
            log.error("There is no carrier %s any more; what it was being given counts as lost", name)
            return [_lost(one) for one in some]
        if is_first_time or carrier.repeatable:
            return await _submit(carrier, some)
        resend = self._engines.settings.comms.doubtful == "resend"
        return [_decided(one, resend=resend) for one in await carrier.settle(some)]

    def _context(self) -> Context:
        return self._engines.context(now())


async def _submit(carrier: SmsCarrier, some: Sequence[Submission]) -> list[Outcome]:
    try:
        return await carrier.submit(some)
    except Unavailable as refusal:
        log.info("The carrier %s is not available: %s", carrier.name, refusal)
    except Exception:
        log.exception("The carrier %s failed over %d messages", carrier.name, len(some))
    if not carrier.repeatable:
        return [Outcome(one.message_id, "doubtful") for one in some]
    return [Outcome(one.message_id, "later", retry_after=rules.seconds_until_retry(one.attempt)) for one in some]


def _lost(one: Submission) -> Outcome:
    return Outcome(one.message_id, "refused", error_code=UNKNOWN)


def _decided(outcome: Outcome, *, resend: bool) -> Outcome:
    """Where the carrier itself does not know, the setting decides: it may go out twice, or it has failed."""
    if outcome.kind != "doubtful":
        return outcome
    if resend:
        return Outcome(outcome.message_id, "later", retry_after=0)
    return Outcome(outcome.message_id, "refused", error_code=UNKNOWN)
