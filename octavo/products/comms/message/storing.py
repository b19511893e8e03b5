"""Writing new messages down, and with those that go out their place in the queue: many of one account at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.events import wake_after
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.media.actions import hold_for_media
from octavo.products.comms.message.bodies import sealed
from octavo.products.comms.message.rows import Message
from octavo.products.comms.message.rules import LONGEST_VALIDITY
from octavo.products.comms.message.shards import shard_of_sender

DISPATCH = "comms.dispatch"  # what the dispatch is woken by

# Arrays of arrays have to be rectangles, so addresses of media come as lines; no URL has a line break in it.
_STORE = """
    WITH new AS (
        SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::uuid[],
            $9::text[], $10::smallint[], $11::text[], $12::smallint[], $13::text[], $14::uuid[], $15::text[],
            $16::integer[], $17::timestamptz[], $18::bigint[], $19::text[], $20::timestamptz[], $21::smallint[],
            $22::timestamptz[], $23::timestamptz[])
            AS t (id, direction, sender, recipient, body, sealed_body, body_key, encoding, num_segments, media,
                num_media, status, service_id, status_callback, validity_seconds, send_at, price, currency, created_at,
                shard, due, expires_at)
    ), stored AS (
        INSERT INTO comms.message (account_id, id, direction, sender, recipient, body, sealed_body, body_key, encoding,
            num_segments, media_urls, num_media, status, service_id, status_callback, validity_seconds, send_at, price,
            currency, states, state_times, created_at, updated_at)
        SELECT $1, id, direction, sender, recipient, body, sealed_body, body_key, encoding, num_segments,
            string_to_array(media, E'\\n'), num_media, status, service_id, status_callback, validity_seconds, send_at,
            price, currency, ARRAY[status], ARRAY[created_at], created_at, created_at
        FROM new ON CONFLICT (account_id, id) DO NOTHING RETURNING id
    )
    INSERT INTO comms.outbound (account_id, message_id, queue_shard, sender, segments, due, expires_at, waits)
    SELECT $1, id, shard, sender, num_segments, due, expires_at, status <> 'queued' FROM new JOIN stored USING (id)
"""


async def store_outbound(
    ctx: Context, tx: Transaction, account_id: AccountId, messages: Sequence[Message], *, encrypt: bool
) -> None:
    """Messages that are to be sent. One whose id is there already is left as it is, and not sent again."""
    if not messages:
        return
    rows = await sealed(ctx.engines, account_id, messages) if encrypt else messages
    due = [one.send_at or one.created_at for one in rows]
    await tx.execute(
        _STORE,
        account_id,
        [one.id for one in rows],
        [one.direction for one in rows],
        [one.sender for one in rows],
        [one.recipient for one in rows],
        [one.body for one in rows],
        [one.sealed_body for one in rows],
        [one.body_key for one in rows],
        [one.encoding for one in rows],
        [one.num_segments for one in rows],
        ["\n".join(one.media_urls) for one in rows],
        [one.num_media for one in rows],
        [one.status for one in rows],
        [one.service_id for one in rows],
        [one.status_callback for one in rows],
        [one.validity_seconds for one in rows],
        [one.send_at for one in rows],
        [one.price for one in rows],
        [one.currency for one in rows],
        [one.created_at for one in rows],
        [shard_of_sender(account_id, one.sender) for one in rows],
        due,
        [_expires(one, at) for one, at in zip(rows, due, strict=True)],
    )
    await _keep_wishes(tx, account_id, messages)
    await hold_for_media(ctx, tx, messages)
    wake_after(tx, DISPATCH)


async def _keep_wishes(tx: Transaction, account_id: AccountId, messages: Sequence[Message]) -> None:
    """A statement of its own, so that the many messages that wish for nothing do not pay for the few that do."""
    wishing = [one for one in messages if one.as_mms or one.discards_body or one.hides_recipient]
    if wishing:
        await tx.execute(
            """
            UPDATE comms.message AS m
            SET as_mms = t.as_mms, discards_body = t.discards_body, hides_recipient = t.hides_recipient
            FROM unnest($2::uuid[], $3::boolean[], $4::boolean[], $5::boolean[])
                AS t (id, as_mms, discards_body, hides_recipient)
            WHERE m.account_id = $1 AND m.id = t.id
            """,
            account_id,
            [one.id for one in wishing],
            [one.as_mms for one in wishing],
            [one.discards_body for one in wishing],
            [one.hides_recipient for one in wishing],
        )


def _expires(message: Message, due: datetime) -> datetime:
    return due + timedelta(seconds=message.validity_seconds or LONGEST_VALIDITY)
