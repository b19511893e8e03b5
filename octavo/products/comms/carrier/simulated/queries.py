"""Finding handsets, and what they hold."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from octavo.kernel.context import Context
from octavo.kernel.db import Queryable, Transaction
from octavo.products.comms.carrier.simulated.rows import Handset, Heard, Latest, Line, Reply, ReplyRow, StoredLine
from octavo.products.comms.carrier.simulated.texts import opened

HANDSET = "account_id, number, name, online, delay_min, delay_max, loss, error_code, opt_out_after, opt_in_after, taken"
MOST_LINES = 300
LATEST = 500
Key = tuple[UUID, str]

_THESE = f"""
    SELECT {HANDSET} FROM comms.handset
    WHERE (account_id, number) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))
"""
# In one order, so that two batches for the same handsets wait for each other and not in a ring.
_BY_TURNS = f"{_THESE} ORDER BY account_id, number FOR UPDATE"
_REPLIES = """
    SELECT account_id, number, words, reply, delay FROM comms.handset_reply
    WHERE (account_id, number) IN (SELECT * FROM unnest($1::uuid[], $2::text[])) ORDER BY position
"""


async def handsets(db: Queryable, keys: Sequence[Key]) -> dict[Key, Handset]:
    """The handsets among these accounts and numbers, where they were told how to behave; with their replies."""
    found = await db.fetch(Handset, _THESE, [key[0] for key in keys], [key[1] for key in keys])
    return await _with_replies(db, found) if found else {}


async def handsets_by_turns(tx: Transaction, keys: Sequence[Key]) -> list[Handset]:
    """The same without their replies, and held until the transaction ends: who comes next waits."""
    return await tx.fetch(Handset, _BY_TURNS, [key[0] for key in keys], [key[1] for key in keys])


async def taken(db: Queryable, messages: Sequence[tuple[UUID, UUID]]) -> set[UUID]:
    """Those of these messages (account, message) that the carrier has."""
    return set(
        await db.column(
            """
            SELECT message_id FROM comms.simulated_sms
            WHERE (account_id, message_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
            """,
            [account_id for account_id, _ in messages],
            [message_id for _, message_id in messages],
        )
    )


async def handset(db: Queryable, account_id: UUID, number: str) -> Handset:
    """The handset of the number; the usual one, where nobody told it anything."""
    key = (account_id, number)
    return (await handsets(db, [key])).get(key) or Handset(account_id=account_id, number=number)


async def handsets_of(db: Queryable, account_id: UUID) -> list[Handset]:
    """An account's handsets by number."""
    found = await db.fetch(
        Handset, f'SELECT {HANDSET} FROM comms.handset WHERE account_id = $1 ORDER BY number COLLATE "C"', account_id
    )
    return list((await _with_replies(db, found)).values())


async def numbers_written_to(db: Queryable, account_id: UUID) -> list[str]:
    """The numbers that the account's latest messages went to, the latest first."""
    latest = await db.column(
        "SELECT recipient FROM comms.simulated_sms WHERE account_id = $1 ORDER BY message_id DESC LIMIT $2",
        account_id,
        LATEST,
    )
    return list(dict.fromkeys(latest))


async def conversation(ctx: Context, account_id: UUID, number: str, now: datetime) -> list[Line]:
    """What a handset heard and said until now, oldest first; of very much only the latest."""
    lines = await ctx.db.main.fetch(
        StoredLine,
        """
        (SELECT message_id AS id, sender AS peer, false AS said, sealed_body, media_urls, told_at AS at
         FROM comms.simulated_sms
         WHERE account_id = $1 AND recipient = $2 AND fate = 'delivered' AND told_at IS NOT NULL
         ORDER BY message_id DESC LIMIT $3)
        UNION ALL
        (SELECT id, recipient, true, sealed_body, media_urls, due FROM comms.handset_said
         WHERE account_id = $1 AND sender = $2 AND due <= $4 ORDER BY id DESC LIMIT $3)
        ORDER BY at, id
        """,
        account_id,
        number,
        MOST_LINES,
        now,
    )
    return [
        Line(one.id, one.peer, one.said, opened(ctx.settings, account_id, one.sealed_body), one.media_urls, one.at)
        for one in lines[-MOST_LINES:]
    ]


async def latest_of(db: Queryable, account_id: UUID, number: str, now: datetime) -> tuple[datetime | None, UUID | None]:
    """When the handset last heard something, and what it said last: other values mean news."""
    found = await db.one(
        Latest,
        """
        SELECT
            (SELECT max(told_at) FROM (
                SELECT told_at FROM comms.simulated_sms
                WHERE account_id = $1 AND recipient = $2 AND fate = 'delivered' ORDER BY message_id DESC LIMIT $4
            ) AS told) AS heard_at,
            (SELECT id FROM comms.handset_said WHERE account_id = $1 AND sender = $2 AND due <= $3
             ORDER BY id DESC LIMIT 1) AS said_id
        """,
        account_id,
        number,
        now,
        MOST_LINES,
    )
    return (found.heard_at, found.said_id) if found else (None, None)


async def heard(db: Queryable, keys: Sequence[tuple[UUID, str, str]]) -> dict[tuple[UUID, str, str], int]:
    """How many messages these handsets (account, number) have had from these senders."""
    found = await db.fetch(
        Heard,
        """
        SELECT account_id, recipient, sender, count(*) AS messages FROM comms.simulated_sms
        WHERE (account_id, recipient, sender) IN (SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[]))
            AND fate = 'delivered' AND told_at IS NOT NULL
        GROUP BY account_id, recipient, sender
        """,
        [key[0] for key in keys],
        [key[1] for key in keys],
        [key[2] for key in keys],
    )
    return {(one.account_id, one.recipient, one.sender): one.messages for one in found}


async def _with_replies(db: Queryable, found: Sequence[Handset]) -> dict[Key, Handset]:
    rows = await db.fetch(ReplyRow, _REPLIES, [one.account_id for one in found], [one.number for one in found])
    replies: dict[Key, list[Reply]] = defaultdict(list)
    for row in rows:
        replies[row.account_id, row.number].append(Reply(row.words, row.reply, row.delay))
    keys = ((one.account_id, one.number) for one in found)
    return {key: replace(one, replies=replies[key]) for key, one in zip(keys, found, strict=True)}
