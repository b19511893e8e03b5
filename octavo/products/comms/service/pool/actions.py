"""Filling the pool of a service: numbers, and names for the countries that show them."""

import re
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import Account
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.monitor.actions import note_event
from octavo.products.comms.number.queries import number_by_id
from octavo.products.comms.number.rows import PhoneNumber
from octavo.products.comms.service import queries, rules
from octavo.products.comms.service.rows import AlphaSender
from octavo.products.comms.sids import sid

_COUNTRY = re.compile(r"[A-Z]{2}|")


async def add_number(ctx: Context, account: Account, service_id: UUID, number_id: UUID) -> PhoneNumber:
    """Raises CommsRefusal 20404, 21710 where it is there already, or 21712 where another service has it."""
    async with ctx.db.main.transaction() as tx:
        await queries.service(tx, account.id, service_id)
        number = await number_by_id(tx, account.id, number_id)
        if number.service_id == service_id:
            raise CommsRefusal(21710, "Phone Number or Short Code is already in the Messaging Service.")
        if number.service_id is not None:
            raise CommsRefusal(21712, "Phone Number or Short Code is associated with another Messaging Service.")
        await _move(ctx, tx, account, number, service_id)
        return await number_by_id(tx, account.id, number_id)


async def remove_number(ctx: Context, account: Account, service_id: UUID, number_id: UUID) -> None:
    """Raises CommsRefusal 20404."""
    async with ctx.db.main.transaction() as tx:
        number = await queries.pooled_number(tx, account.id, service_id, number_id)
        await _move(ctx, tx, account, number, None)
        await tx.execute(
            "DELETE FROM comms.sticky_sender WHERE account_id = $1 AND service_id = $2 AND sender = $3",
            account.id,
            service_id,
            number.number,
        )


async def _move(ctx: Context, tx: Transaction, account: Account, number: PhoneNumber, service_id: UUID | None) -> None:
    await tx.execute(
        "UPDATE comms.number SET service_id = $3 WHERE account_id = $1 AND id = $2", account.id, number.id, service_id
    )
    told = {"service_sid": {"previous": _sid(number.service_id), "updated": _sid(service_id)}}
    await note_event(ctx, tx, account.id, "phone-number.updated", resource_sid=number.sid, data=told)


def _sid(service_id: UUID | None) -> str | None:
    return None if service_id is None else sid("MG", service_id)


async def add_alpha_sender(
    ctx: Context, account: Account, service_id: UUID, name: str, *, country: str = ""
) -> AlphaSender:
    """Raises CommsRefusal 20404, 20001, 21713 or, where it is there already, 21714."""
    await queries.service(ctx.db.main, account.id, service_id)
    if not _COUNTRY.fullmatch(country):
        raise CommsRefusal(20001, f"IsoCountryCode is not a country of two letters: {country[:40]}")
    async with ctx.db.main.transaction() as tx:
        made = await tx.one(
            AlphaSender,
            f"""
            INSERT INTO comms.alpha_sender (account_id, id, service_id, name, country, created_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (account_id, service_id, country, name) DO NOTHING RETURNING {queries.ALPHA_COLUMNS}
            """,
            account.id,
            new_id(),
            service_id,
            rules.checked_alpha(name),
            country,
            ctx.now,
        )
        if made is None:
            raise CommsRefusal(21714, "The AlphaSender is already in the Messaging Service.")
        await note_event(ctx, tx, account.id, "alpha-sender.created", resource_sid=made.sid)
    return made


async def remove_alpha_sender(ctx: Context, account: Account, service_id: UUID, sender_id: UUID) -> None:
    """Raises CommsRefusal 20404."""
    async with ctx.db.main.transaction() as tx:
        removed = await tx.execute(
            "DELETE FROM comms.alpha_sender WHERE account_id = $1 AND service_id = $2 AND id = $3",
            account.id,
            service_id,
            sender_id,
        )
        if not removed:
            raise CommsRefusal(20404)
        await note_event(ctx, tx, account.id, "alpha-sender.deleted", resource_sid=sid("AI", sender_id))
