"""The statements of the queue: claiming what is due, and leasing, putting off and ending it. All work on many rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from octavo.kernel.db import Queryable, Transaction
from octavo.products.comms.message.dispatch.rows import Due, Ended, Going, Pace
from octavo.products.comms.message.dispatch.rules import Sender
from octavo.products.comms.message.rules import BEFORE
from octavo.products.comms.message.shards import QUEUE_SHARDS

ALL_SHARDS = list(range(QUEUE_SHARDS))

_ROW = """
    SELECT account_id, message_id, sender, segments, paced, waits, attempts, carrier, expires_at
    FROM comms.outbound /* fanout: one dispatch for all accounts */
"""
_DUE = f"""
    {_ROW} WHERE queue_shard = ANY($1) AND lease IS NULL AND due <= $2
    ORDER BY due, message_id LIMIT $3 FOR UPDATE SKIP LOCKED
"""
_ABANDONED = f"""
    {_ROW} WHERE queue_shard = ANY($1) AND lease IS NOT NULL AND lease_until < $2
    LIMIT $3 FOR UPDATE SKIP LOCKED
"""
_THIS = f"""
    {_ROW} WHERE account_id = $1 AND message_id = $2
      AND CASE WHEN lease IS NULL THEN due <= $3 ELSE lease_until < $3 END FOR UPDATE SKIP LOCKED
"""
_PACES = """
    SELECT account_id, sender, free_at FROM comms.sender_pace
    WHERE (account_id, sender) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))
    ORDER BY account_id, sender FOR UPDATE
"""
_PACE = """
    INSERT INTO comms.sender_pace AS p (account_id, sender, free_at)
    SELECT account_id, sender, free_at FROM unnest($1::uuid[], $2::text[], $3::timestamptz[])
        AS t (account_id, sender, free_at) ORDER BY account_id, sender
    ON CONFLICT (account_id, sender) DO UPDATE SET free_at = greatest(p.free_at, excluded.free_at)
"""
_PUT_OFF = """
    UPDATE comms.outbound AS o SET due = t.due, paced = true, waits = false, lease = NULL, lease_until = NULL
    FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS t (account_id, message_id, due)
    WHERE o.account_id = t.account_id AND o.message_id = t.message_id AND o.lease IS NOT DISTINCT FROM $4
"""
_LEASE = """
    UPDATE comms.outbound AS o SET lease = $4, lease_until = $5, attempts = o.attempts + 1, carrier = t.carrier,
        paced = true, waits = false
    FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS t (account_id, message_id, carrier)
    WHERE o.account_id = t.account_id AND o.message_id = t.message_id
"""
# Locked in the order of their ids, and with a LIMIT, as in message/reports.py.
_SENDING = """
    WITH t AS MATERIALIZED (
        SELECT m.account_id, m.id
        FROM (SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS u (account_id, message_id) LIMIT $5) AS u
        JOIN comms.message AS m ON m.account_id = u.account_id AND m.id = u.message_id
        WHERE m.status = ANY($4) ORDER BY m.account_id, m.id FOR NO KEY UPDATE OF m
    )
    UPDATE comms.message AS m SET
        status = 'sending', updated_at = $3,
        states = CASE WHEN m.status = 'sending' THEN m.states ELSE m.states || 'sending'::text END,
        state_times = CASE WHEN m.status = 'sending' THEN m.state_times ELSE m.state_times || $3::timestamptz END
    FROM t WHERE m.account_id = t.account_id AND m.id = t.id
    RETURNING m.account_id, m.id AS message_id, m.sender, m.recipient, m.body, m.sealed_body, m.body_key, m.media_urls,
        m.encoding, m.num_segments AS segments, m.as_mms
"""


async def claim(tx: Transaction, now: datetime, most: int) -> list[Due]:
    """What is due and nobody's; it stays locked until the transaction ends."""
    return await tx.fetch(Due, _DUE, ALL_SHARDS, now, most)


async def claim_abandoned(tx: Transaction, now: datetime, most: int) -> list[Due]:
    """What somebody was sending who let their lease run out."""
    return await tx.fetch(Due, _ABANDONED, ALL_SHARDS, now, most)


async def claim_one(tx: Transaction, account_id: UUID, message_id: UUID, now: datetime) -> list[Due]:
    """This one, if it still is due or abandoned."""
    return await tx.fetch(Due, _THIS, account_id, message_id, now)


async def paces(tx: Transaction, senders: Sequence[Sender]) -> list[Pace]:
    """When these senders are free, for those that have sent before; theirs are locked."""
    return await tx.fetch(Pace, _PACES, [account_id for account_id, _ in senders], [sender for _, sender in senders])


async def keep_paces(tx: Transaction, free_at: Mapping[Sender, datetime]) -> None:
    if free_at:
        accounts, senders = [account_id for account_id, _ in free_at], [sender for _, sender in free_at]
        await tx.execute(_PACE, accounts, senders, list(free_at.values()))


async def put_off(tx: Transaction, some: Sequence[tuple[UUID, UUID, datetime]], lease: UUID | None) -> None:
    """Until later, and nobody's: account, message and when for each that is still under `lease`."""
    if some:
        await tx.execute(_PUT_OFF, [one[0] for one in some], [one[1] for one in some], [one[2] for one in some], lease)


async def say_sending(tx: Transaction, some: Sequence[Due], now: datetime) -> list[Going]:
    """The messages themselves. One that was canceled or reported on meanwhile is not among them."""
    return await tx.fetch(
        Going,
        _SENDING,
        [one.account_id for one in some],
        [one.message_id for one in some],
        now,
        list(BEFORE["sending"]),
        len(some),
    )


async def lease_out(tx: Transaction, some: Sequence[tuple[UUID, UUID, str]], lease: UUID, until: datetime) -> None:
    """Account, message and carrier for each that is being sent now."""
    await tx.execute(_LEASE, [one[0] for one in some], [one[1] for one in some], [one[2] for one in some], lease, until)


async def end(tx: Transaction, some: Sequence[tuple[UUID, UUID]], lease: UUID | None) -> list[Ended]:
    """Take them from the queue for good; those that were still under `lease`."""
    return await tx.fetch(
        Ended,
        """
        DELETE FROM comms.outbound
        WHERE (account_id, message_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
          AND lease IS NOT DISTINCT FROM $3
        RETURNING account_id, message_id
        """,
        [account_id for account_id, _ in some],
        [message_id for _, message_id in some],
        lease,
    )


async def doubt(tx: Transaction, some: Sequence[tuple[UUID, UUID]], lease: UUID, nobody: UUID, until: datetime) -> None:
    """Leave them under a lease that nobody renews: once it has run out, their carrier is asked what became of them."""
    if some:
        await tx.execute(
            """
            UPDATE comms.outbound SET lease = $4, lease_until = $5
            WHERE (account_id, message_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[])) AND lease = $3
            """,
            [account_id for account_id, _ in some],
            [message_id for _, message_id in some],
            lease,
            nobody,
            until,
        )


async def renew(db: Queryable, leases: Sequence[UUID], until: datetime) -> None:
    await db.execute(
        """
        UPDATE comms.outbound SET lease_until = $3 /* fanout: one dispatch for all accounts */
        WHERE queue_shard = ANY($1) AND lease = ANY($2)
        """,
        ALL_SHARDS,
        leases,
        until,
    )


async def set_aside(tx: Transaction, account_id: UUID, message_id: UUID, nobody: UUID, until: datetime) -> None:
    """No one looks at it before then. What was in doubt stays so, under a lease that nobody renews."""
    await tx.execute(
        """
        UPDATE comms.outbound SET due = $4, lease = CASE WHEN lease IS NOT NULL THEN $3::uuid END,
            lease_until = CASE WHEN lease IS NOT NULL THEN $4::timestamptz END
        WHERE account_id = $1 AND message_id = $2
        """,
        account_id,
        message_id,
        nobody,
        until,
    )


async def next_due(db: Queryable) -> datetime | None:
    found: datetime | None = await db.value(
        """
        SELECT min(due) FROM comms.outbound /* fanout: one dispatch for all accounts */
        WHERE queue_shard = ANY($1) AND lease IS NULL
        """,
        ALL_SHARDS,
    )
    return found
