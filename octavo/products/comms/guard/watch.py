"""Looking for fraud in what accounts sent lately: many messages that nobody gets, and countries out of the blue."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.products.comms.guard import queries, rules
from octavo.products.comms.guard.rows import Traffic
from octavo.products.comms.monitor.actions import raise_alert

HELD_BACK = 30450


async def look_for_fraud(ctx: Context) -> None:
    """All accounts that the guard protects. What looks like fraud is held back for a while, and told by an alert."""
    for account_id in await queries.protected_accounts(ctx.db.main):
        async with ctx.db.main.transaction() as tx:
            await _look(ctx, tx, account_id)


async def _look(ctx: Context, tx: Transaction, account_id: UUID) -> None:
    began = ctx.now - rules.WINDOW
    traffic = await queries.traffic(tx, account_id, first_id_of(began))
    countries = rules.by_country(traffic)
    known = await queries.known_countries(tx, account_id)
    await _note_countries(tx, account_id, [one.beginning for one in countries], ctx.now)
    await _hold(ctx, tx, account_id, "pumping", rules.pumped(traffic))
    # Until an account has sent for longer than the window, every country is new to it.
    if known and min(known.values()) < began:
        sudden = [
            one
            for one in countries
            if one.messages >= rules.NEW_COUNTRY_MESSAGES and known.get(one.beginning, ctx.now) > began
        ]
        await _hold(ctx, tx, account_id, "new-country", sudden)


async def _note_countries(tx: Transaction, account_id: UUID, countries: Iterable[str], time: datetime) -> None:
    await tx.execute_many(
        """
        INSERT INTO comms.guard_country (account_id, country, first_seen) VALUES ($1, $2, $3)
        ON CONFLICT (account_id, country) DO NOTHING
        """,
        [(account_id, country, time) for country in countries if country],
    )


async def _hold(ctx: Context, tx: Transaction, account_id: UUID, kind: str, some: Iterable[Traffic]) -> None:
    for one in some:
        fresh = await tx.execute(
            """
            INSERT INTO comms.guard_block AS b (account_id, beginning, kind, messages, delivered, created_at, until)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (account_id, beginning) DO UPDATE SET
                kind = excluded.kind, messages = excluded.messages, delivered = excluded.delivered,
                created_at = excluded.created_at, until = excluded.until
            WHERE b.until <= $6
            """,
            account_id,
            one.beginning,
            kind,
            one.messages,
            one.delivered,
            ctx.now,
            ctx.now + rules.HELD,
        )
        if fresh:
            said = f"{one.messages} messages to {one.beginning} in ten minutes, {one.delivered} delivered ({kind})"
            await raise_alert(tx, account_id, HELD_BACK, at=ctx.now, said=said)


def first_id_of(time: datetime) -> UUID:
    """The smallest UUIDv7 of a moment (RFC 9562): the first 48 bits are its milliseconds."""
    return UUID(int=(int(time.timestamp() * 1000) << 80) | 0x7000_8000_0000_0000_0000)
