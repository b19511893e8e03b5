"""The simulated carrier as the dispatch meets it: takes everything at once, and decides what becomes of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.db import Transaction
from octavo.kernel.events import wake_after
from octavo.products.comms.carrier.protocol import Outcome, Submission
from octavo.products.comms.carrier.simulated import queries, rules
from octavo.products.comms.carrier.simulated.rules import Decision
from octavo.products.comms.carrier.simulated.texts import sealed
from octavo.products.comms.message.shards import queue_shard
from octavo.settings import Settings

REPORTS = "comms.simulated"  # what the service that tells of fates is woken by

_TAKE = """
    INSERT INTO comms.simulated_sms AS s (account_id, message_id, queue_shard, sender, recipient, sealed_body,
        media_urls, taken_at, fate, error_code, report_at)
    SELECT account_id, message_id, shard, sender, recipient, sealed_body, string_to_array(media, E'\\n'), $11, fate,
        error_code, report_at
    FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::text[], $5::text[], $6::bytea[], $7::text[], $8::text[],
        $9::integer[], $10::timestamptz[])
        AS t (account_id, message_id, shard, sender, recipient, sealed_body, media, fate, error_code, report_at)
    ON CONFLICT (account_id, message_id) DO UPDATE SET submissions = s.submissions + 1
"""
_COUNT = """
    UPDATE comms.handset AS h SET taken = h.taken + t.messages
    FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS t (account_id, number, messages)
    WHERE h.account_id = t.account_id AND h.number = t.number
"""


class SimulatedCarrier:
    """A message that it has already is not taken again, and it knows which it has."""

    name = "simulated"

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    async def submit(self, batch: Sequence[Submission]) -> list[Outcome]:
        """All of them in one statement."""
        time = now()
        async with self._engines.db.main.transaction() as tx:
            decisions = await _decisions(tx, self._engines.settings, batch, time)
            await _take(tx, self._engines.settings, batch, decisions, time)
            wake_after(tx, REPORTS)
        return [_accepted(one) for one in batch]

    async def settle(self, doubtful: Sequence[Submission]) -> list[Outcome]:
        """Only what it does not have is given to it."""
        taken = await queries.taken(self._engines.db.main, _keys(doubtful))
        if unsent := [one for one in doubtful if one.message_id not in taken]:
            await self.submit(unsent)
        return [_accepted(one) for one in doubtful]


def _accepted(one: Submission) -> Outcome:
    return Outcome(one.message_id, "accepted", carrier_ref=one.message_id.hex)


def _keys(batch: Sequence[Submission]) -> list[tuple[UUID, UUID]]:
    return [(one.account_id, one.message_id) for one in batch]


async def _decisions(
    tx: Transaction, settings: Settings, batch: Sequence[Submission], time: datetime
) -> list[Decision]:
    """What becomes of each message, in the order of the batch."""
    seed, delay = settings.comms.simulation_seed, settings.comms.simulated_delay
    found = await queries.handsets_by_turns(tx, [(one.account_id, one.recipient) for one in batch])
    known = {(one.account_id, one.number): one for one in found}
    turns: dict[tuple[UUID, str], int] = {key: one.taken for key, one in known.items()}
    # What is here already has had its turn: a second one would change the fates of all that follow.
    here = await queries.taken(tx, _keys(batch)) if known else set()
    decisions = []
    for one in batch:
        key = (one.account_id, one.recipient)
        if (handset := known.get(key)) is None or one.message_id in here:
            decisions.append(rules.decide_as_any(delay, time))
            continue
        turns[key] += 1
        decisions.append(rules.decide(handset, turns[key], seed, delay, time))
    if known:
        taken = [turns[key] - known[key].taken for key in known]
        await tx.execute(_COUNT, [key[0] for key in known], [key[1] for key in known], taken)
    return decisions


async def _take(
    tx: Transaction, settings: Settings, batch: Sequence[Submission], decisions: Sequence[Decision], time: datetime
) -> None:
    await tx.execute(
        _TAKE,
        [one.account_id for one in batch],
        [one.message_id for one in batch],
        [queue_shard(one.message_id) for one in batch],
        [one.sender for one in batch],
        [one.recipient for one in batch],
        [sealed(settings, one.account_id, one.body) for one in batch],
        ["\n".join(one.media_urls) for one in batch],
        [decision.fate for decision in decisions],
        [decision.error_code for decision in decisions],
        [decision.report_at for decision in decisions],
        time,
    )
