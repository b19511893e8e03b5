"""Files of messages: having them fetched, keeping them, and deleting them."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from msgspec import structs

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.events import wake_after
from octavo.products.comms.account.rows import Account, AccountId
from octavo.products.comms.media import queries
from octavo.products.comms.media.rows import Media
from octavo.products.comms.media.rules import USAGE_SLOTS, check_room
from octavo.products.comms.message.rows import Message
from octavo.products.comms.message.shards import QUEUE_SHARDS

FETCHING = "comms.media"  # what the service that fetches is woken by


async def hold_for_media(ctx: Context, tx: Transaction, messages: Sequence[Message], *, wish: str = "") -> None:
    """Have the files of messages fetched. One that goes out is not sent before they are here.

    Its place in the queue is put off to the end of its validity: if nobody ever fetched, it would expire there.
    """
    waiting = [one for one in messages if one.media_urls]
    if not waiting:
        return
    await tx.execute_many(
        """
        INSERT INTO comms.media_fetch (account_id, message_id, queue_shard, urls, wish, due)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account_id, message_id) DO NOTHING
        """,
        [
            (one.account_id, one.id, one.id.bytes[-1] % QUEUE_SHARDS, list(one.media_urls), wish, ctx.now)
            for one in waiting
        ],
    )
    await tx.execute(
        """
        UPDATE comms.outbound AS o SET due = expires_at
        FROM unnest($1::uuid[], $2::uuid[]) AS t (account_id, message_id)
        WHERE o.account_id = t.account_id AND o.message_id = t.message_id
        """,
        [one.account_id for one in waiting],
        [one.id for one in waiting],
    )
    wake_after(tx, FETCHING)


async def keep_media(ctx: Context, account_id: AccountId, files: Sequence[tuple[Media, Path]]) -> list[Media]:
    """Stores files of one message with their bytes; those that are stored already stay. Raises CommsRefusal 11751.

    Where the message was deleted meanwhile there is nothing to keep; its bytes are swept later.
    """
    used, size = await queries.used_bytes(ctx.db.main, account_id), sum(one.size for one, _ in files)
    check_room(used, ctx.settings.comms.media_quota, size)
    for one, path in files:
        await ctx.blobs.put(one.key, path)
    async with ctx.db.main.transaction() as tx:
        return [one for one, _ in files if await _is_there(tx, one) and await _insert(tx, one)]


async def _is_there(tx: Transaction, one: Media) -> bool:
    """Whether the message still is, and stays until `tx` has ended."""
    return bool(
        await tx.value(
            "SELECT true FROM comms.message WHERE account_id = $1 AND id = $2 FOR KEY SHARE",
            one.account_id,
            one.message_id,
        )
    )


async def _insert(tx: Transaction, one: Media) -> bool:
    row = structs.asdict(one)
    names, marks = ", ".join(row), ", ".join(f"${n}" for n in range(1, len(row) + 1))
    stored = await tx.execute(
        f"""
        INSERT INTO comms.media ({names}) VALUES ({marks}) ON CONFLICT (account_id, message_id, position) DO NOTHING
        """,
        *row.values(),
    )
    if stored:
        await _count(tx, one, one.size)
    return bool(stored)


async def delete_media(ctx: Context, account: Account, message_id: UUID, media_id: UUID) -> None:
    """Raises CommsRefusal 20404."""
    found = await queries.media(ctx.db.main, account.id, message_id, media_id)
    async with ctx.db.main.transaction() as tx:
        await forget_media(tx, [found])
    await ctx.blobs.delete(found.key)


async def forget_media(tx: Transaction, some: Sequence[Media]) -> None:
    """Removes the rows and what they count for; the bytes are the caller's to delete once `tx` has committed."""
    for one in some:
        if await tx.execute("DELETE FROM comms.media WHERE account_id = $1 AND id = $2", one.account_id, one.id):
            await _count(tx, one, -one.size)


async def _count(tx: Transaction, one: Media, size: int) -> None:
    await tx.execute(
        """
        INSERT INTO comms.media_usage AS u (account_id, slot, bytes) VALUES ($1, $2, $3)
        ON CONFLICT (account_id, slot) DO UPDATE SET bytes = u.bytes + excluded.bytes
        """,
        one.account_id,
        one.id.bytes[-1] % USAGE_SLOTS,
        size,
    )
