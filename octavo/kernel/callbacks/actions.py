"""Queueing callbacks, sending old ones again, and forgetting them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from octavo.kernel import clock
from octavo.kernel.callbacks import rules
from octavo.kernel.callbacks._shards import shard_of
from octavo.kernel.callbacks.queries import delivery
from octavo.kernel.callbacks.rows import Callback
from octavo.kernel.db import Queryable, Transaction, execute_in_batches
from octavo.kernel.events import wake_after
from octavo.kernel.ids import new_id

if TYPE_CHECKING:
    from octavo.kernel.context import Context

TOPIC = "callbacks"  # what the service is woken by

_SEND = """
    INSERT INTO callbacks.delivery (owner_id, id, thread, queue_shard, kind, subject, destination, url, method, fields,
        json, fallback_url, fallback_method, wants_answer, sealed_fields, due, created_at)
    SELECT owner_id, id, thread, shard, kind, subject, destination, url, method, fields, json, fallback_url,
        fallback_method, wants_answer, sealed_fields, $16, $16
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::smallint[], $5::text[], $6::text[], $7::text[], $8::text[],
        $9::text[], $10::text[], $11::bytea[], $12::text[], $13::text[], $14::boolean[], $15::bytea[])
        AS t (owner_id, id, thread, shard, kind, subject, destination, url, method, fields, json, fallback_url,
            fallback_method, wants_answer, sealed_fields)
    ON CONFLICT (owner_id, id) DO NOTHING
"""


async def send(tx: Transaction, callback: Callback) -> UUID:
    """Deliver `callback` once `tx` has committed. Returns its id."""
    return (await send_many(tx, [callback]))[0]


async def send_many(tx: Transaction, callbacks: Sequence[Callback], *, now: datetime | None = None) -> list[UUID]:
    """Deliver all of them once `tx` has committed, each thread in this order."""
    ids = [one.id or new_id() for one in callbacks]
    await tx.execute(
        _SEND,
        [one.owner_id for one in callbacks],
        ids,
        [one.thread for one in callbacks],
        [shard_of(one.thread) for one in callbacks],
        [one.kind for one in callbacks],
        [one.subject for one in callbacks],
        [rules.destination(one.url) for one in callbacks],
        [one.url for one in callbacks],
        [one.method for one in callbacks],
        [urlencode(one.form) for one in callbacks],
        [one.json for one in callbacks],
        [one.fallback_url for one in callbacks],
        [one.fallback_method for one in callbacks],
        [one.wants_answer for one in callbacks],
        [one.sealed_fields for one in callbacks],
        now or clock.now(),
    )
    wake_after(tx, TOPIC)
    return ids


async def replay(ctx: "Context", owner_id: UUID, delivery_id: UUID) -> UUID:
    """Send a callback once more, as a new one; the new one's id. Its answer is not carried out again.

    Raises NotFound.
    """
    old = await delivery(ctx.db.main, owner_id, delivery_id)
    new = new_id()
    async with ctx.db.main.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO callbacks.delivery (owner_id, id, thread, queue_shard, kind, subject, destination, url, method,
                fields, json, fallback_url, fallback_method, wants_answer, sealed_fields, due, created_at)
            SELECT owner_id, $3, $3, queue_shard, kind, subject, destination, url, method, fields, json, fallback_url,
                fallback_method, false, sealed_fields, $4, $4
            FROM callbacks.delivery WHERE owner_id = $1 AND id = $2
            """,
            owner_id,
            old.id,
            new,
            ctx.now,
        )
        wake_after(tx, TOPIC)
    return new


async def forget(tx: Transaction, owner_id: UUID, subject: str) -> None:
    """Take away what people wrote from all callbacks about `subject`, and what servers answered to it.

    Those that wait are sent all the same, with these fields blank: so a server that then looks finds what it was told.
    """
    await tx.execute(
        """
        UPDATE callbacks.delivery SET sealed_fields = NULL, sealed_answer = NULL
        WHERE owner_id = $1 AND subject = $2 AND sealed_fields IS NOT NULL
        """,
        owner_id,
        subject,
    )


async def forget_answers(tx: Transaction, owner_id: UUID, subject: str) -> None:
    """Take away what servers answered to callbacks about `subject` that carry what people wrote."""
    await tx.execute(
        """
        UPDATE callbacks.delivery SET sealed_answer = NULL
        WHERE owner_id = $1 AND subject = $2 AND sealed_fields IS NOT NULL
        """,
        owner_id,
        subject,
    )


async def forget_old(db: Queryable, before: datetime) -> int:
    """Remove what was delivered or given up before then; how many."""
    return await execute_in_batches(
        db,
        # fanout: the old ones of all owners.
        """
        DELETE FROM callbacks.delivery WHERE (owner_id, id) IN (
            SELECT owner_id, id FROM callbacks.delivery /* fanout */ WHERE done_at < $1 LIMIT $2
        )
        """,
        before,
    )
