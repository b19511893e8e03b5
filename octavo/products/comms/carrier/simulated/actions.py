"""What people and scenarios do with handsets: tell them how to behave, and have them say something."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction, execute_in_batches
from octavo.kernel.events import wake_after
from octavo.kernel.ids import new_id
from octavo.products.comms.carrier.simulated.carrier import REPORTS
from octavo.products.comms.carrier.simulated.rows import Handset, Said
from octavo.products.comms.carrier.simulated.texts import sealed
from octavo.products.comms.message.shards import queue_shard

_FORGET_HEARD = """
    DELETE FROM comms.simulated_sms WHERE (account_id, message_id) IN (
        SELECT account_id, message_id FROM comms.simulated_sms /* fanout: what is old in all accounts */
        WHERE taken_at < $1 AND report_at IS NULL LIMIT $2
    )
"""
_FORGET_SAID = """
    DELETE FROM comms.handset_said WHERE (account_id, id) IN (
        SELECT account_id, id FROM comms.handset_said /* fanout: what is old in all accounts */
        WHERE due < $1 AND NOT waiting LIMIT $2
    )
"""


async def say(
    ctx: Context,
    account_id: UUID,
    *,
    sender: str,
    recipient: str,
    body: str,
    media_urls: Sequence[str] = (),
    due: datetime | None = None,
) -> UUID:
    """Have a handset send a message, now or when it is `due`; the id that the handset keeps it under."""
    said = Said(account_id, new_id(), sender, recipient, body, list(media_urls), due or ctx.now)
    async with ctx.db.main.transaction() as tx:
        await say_all(ctx, tx, [said])
    return said.id


async def say_all(ctx: Context, tx: Transaction, said: Sequence[Said]) -> None:
    """Each goes out when it is due. What is said twice under the same id is said once."""
    if not said:
        return
    await tx.execute_many(
        """
        INSERT INTO comms.handset_said (account_id, id, queue_shard, sender, recipient, sealed_body, media_urls, due)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (account_id, id) DO NOTHING
        """,
        [
            (
                one.account_id,
                one.id,
                queue_shard(one.id),
                one.sender,
                one.recipient,
                sealed(ctx.settings, one.account_id, one.body),
                one.media_urls,
                one.due,
            )
            for one in said
        ],
    )
    wake_after(tx, REPORTS)
    for account_id in {one.account_id for one in said}:
        wake_after(tx, topic_of(account_id))


async def hold_heard(tx: Transaction, account_id: UUID, message_id: UUID) -> None:
    """Nothing is told of this message until the transaction ends. Whoever tells holds this row, then the message's."""
    await tx.execute(
        "SELECT FROM comms.simulated_sms WHERE account_id = $1 AND message_id = $2 FOR UPDATE", account_id, message_id
    )


async def forget_heard(tx: Transaction, account_id: UUID, message_id: UUID) -> None:
    """The handset that has this message, or will get it, has its text no more."""
    await tx.execute(
        "UPDATE comms.simulated_sms SET sealed_body = NULL WHERE account_id = $1 AND message_id = $2",
        account_id,
        message_id,
    )


async def forget_said(tx: Transaction, account_id: UUID, carrier_ref: str) -> None:
    """The handset that said this has its text no more. What other accounts' handsets said is theirs."""
    await tx.execute(
        "UPDATE comms.handset_said SET sealed_body = NULL WHERE account_id = $1 AND id = $2",
        account_id,
        UUID(carrier_ref),
    )


async def keep_handset(ctx: Context, handset: Handset) -> None:
    """Make the handset, or tell it to behave differently. Coming online, it gets what waited for it."""
    async with ctx.db.main.transaction() as tx:
        await _write(tx, handset, ctx.now)
        await tx.execute(
            "DELETE FROM comms.handset_reply WHERE account_id = $1 AND number = $2", handset.account_id, handset.number
        )
        await tx.execute_many(
            """
            INSERT INTO comms.handset_reply (account_id, number, position, words, reply, delay)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            [
                (handset.account_id, handset.number, position, one.words, one.reply, one.delay)
                for position, one in enumerate(handset.replies)
            ],
        )
        if handset.online:
            await _deliver_waiting(tx, handset.account_id, handset.number, ctx.now)


def topic_of(account_id: UUID) -> str:
    """What those who look at an account's handsets are woken by."""
    return f"comms.handsets:{account_id.hex}"


async def forget_handset(ctx: Context, account_id: UUID, number: str) -> None:
    """The number behaves as any other again."""
    async with ctx.db.main.transaction() as tx:
        await tx.execute("DELETE FROM comms.handset WHERE account_id = $1 AND number = $2", account_id, number)
        await _deliver_waiting(tx, account_id, number, ctx.now)


async def switch(ctx: Context, account_id: UUID, number: str, *, online: bool) -> None:
    """Take the handset off the air, or bring it back; what it else was told stays."""
    async with ctx.db.main.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO comms.handset (account_id, number, online, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $4)
            ON CONFLICT (account_id, number) DO UPDATE SET online = excluded.online, updated_at = excluded.updated_at
            """,
            account_id,
            number,
            online,
            ctx.now,
        )
        if online:
            await _deliver_waiting(tx, account_id, number, ctx.now)


async def _write(tx: Transaction, handset: Handset, time: datetime) -> None:
    await tx.execute(
        """
        INSERT INTO comms.handset (account_id, number, name, online, delay_min, delay_max, loss, error_code,
            opt_out_after, opt_in_after, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
        ON CONFLICT (account_id, number) DO UPDATE SET
            name = excluded.name, online = excluded.online, delay_min = excluded.delay_min,
            delay_max = excluded.delay_max, loss = excluded.loss, error_code = excluded.error_code,
            opt_out_after = excluded.opt_out_after, opt_in_after = excluded.opt_in_after,
            taken = 0, updated_at = excluded.updated_at
        """,
        handset.account_id,
        handset.number,
        handset.name,
        handset.online,
        handset.delay_min,
        handset.delay_max,
        handset.loss,
        handset.error_code,
        handset.opt_out_after,
        handset.opt_in_after,
        time,
    )


async def _deliver_waiting(tx: Transaction, account_id: UUID, number: str, time: datetime) -> None:
    await tx.execute(
        """
        UPDATE comms.simulated_sms SET fate = 'delivered', report_at = $3
        WHERE account_id = $1 AND recipient = $2 AND fate = 'waiting'
        """,
        account_id,
        number,
        time,
    )
    wake_after(tx, REPORTS)


async def forget_old(ctx: Context) -> int:
    """Messages that handsets have had for longer than the setting says; how many went."""
    before = ctx.now - timedelta(days=ctx.settings.comms.handset_days)
    return await execute_in_batches(ctx.db.main, _FORGET_HEARD, before) + await execute_in_batches(
        ctx.db.main, _FORGET_SAID, before
    )
