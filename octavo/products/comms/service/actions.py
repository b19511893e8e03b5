"""Making and changing services, filling their pools, and choosing who sends."""

from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import Account
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number.queries import number_by_id
from octavo.products.comms.number.rows import PhoneNumber
from octavo.products.comms.number.rules import country_of
from octavo.products.comms.paging import PageRequest
from octavo.products.comms.service import queries, rules
from octavo.products.comms.service.rows import AlphaSender, Service, ServiceChanges


async def create_service(ctx: Context, account: Account, name: str, changes: ServiceChanges) -> Service:
    """Raises CommsRefusal 20001."""
    row = {
        "account_id": account.id,
        "id": new_id(),
        **changes.given(),
        "friendly_name": rules.checked_name(name),
        "created_at": ctx.now,
        "updated_at": ctx.now,
    }
    names, marks = ", ".join(row), ", ".join(f"${n}" for n in range(1, len(row) + 1))
    made = await ctx.db.main.one(
        Service, f"INSERT INTO comms.service ({names}) VALUES ({marks}) RETURNING {queries.COLUMNS}", *row.values()
    )
    assert made is not None
    return made


async def change_service(ctx: Context, account: Account, service_id: UUID, changes: ServiceChanges) -> Service:
    """Raises CommsRefusal 20404 or 20001."""
    given = changes.given() | {"updated_at": ctx.now}
    if "friendly_name" in given:
        given["friendly_name"] = rules.checked_name(str(given["friendly_name"]))
    assignments = ", ".join(f"{name} = ${n}" for n, name in enumerate(given, start=3))
    changed = await ctx.db.main.one(
        Service,
        f"UPDATE comms.service SET {assignments} WHERE account_id = $1 AND id = $2 RETURNING {queries.COLUMNS}",
        account.id,
        service_id,
        *given.values(),
    )
    if changed is None:
        raise CommsRefusal(20404)
    return changed


async def delete_service(ctx: Context, account: Account, service_id: UUID) -> None:
    """Its numbers stay with the account. Raises CommsRefusal 20404."""
    async with ctx.db.main.transaction() as tx:
        if not await tx.execute("DELETE FROM comms.service WHERE account_id = $1 AND id = $2", account.id, service_id):
            raise CommsRefusal(20404)
        await tx.execute(
            "UPDATE comms.number SET service_id = NULL WHERE account_id = $1 AND service_id = $2",
            account.id,
            service_id,
        )


async def add_number(ctx: Context, account: Account, service_id: UUID, number_id: UUID) -> PhoneNumber:
    """Raises CommsRefusal 20404, 21710 where it is there already, or 21712 where another service has it."""
    async with ctx.db.main.transaction() as tx:
        await queries.service(tx, account.id, service_id)
        number = await number_by_id(tx, account.id, number_id)
        if number.service_id == service_id:
            raise CommsRefusal(21710, "The phone number is already in the Messaging Service.")
        if number.service_id is not None:
            raise CommsRefusal(21712, "The phone number is associated with another Messaging Service.")
        await _move(tx, account, number_id, service_id)
        return await number_by_id(tx, account.id, number_id)


async def remove_number(ctx: Context, account: Account, service_id: UUID, number_id: UUID) -> None:
    """Raises CommsRefusal 20404."""
    async with ctx.db.main.transaction() as tx:
        number = await number_by_id(tx, account.id, number_id)
        if number.service_id != service_id:
            raise CommsRefusal(20404)
        await _move(tx, account, number_id, None)
        await tx.execute(
            "DELETE FROM comms.sticky_sender WHERE account_id = $1 AND service_id = $2 AND sender = $3",
            account.id,
            service_id,
            number.number,
        )


async def _move(tx: Transaction, account: Account, number_id: UUID, service_id: UUID | None) -> None:
    await tx.execute(
        "UPDATE comms.number SET service_id = $3 WHERE account_id = $1 AND id = $2", account.id, number_id, service_id
    )


async def add_alpha_sender(ctx: Context, account: Account, service_id: UUID, name: str) -> AlphaSender:
    """Raises CommsRefusal 20404, 21713 or, where it is there already, 21714."""
    await queries.service(ctx.db.main, account.id, service_id)
    made = await ctx.db.main.one(
        AlphaSender,
        """
        INSERT INTO comms.alpha_sender (account_id, id, service_id, name, created_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (account_id, service_id, name) DO NOTHING RETURNING account_id, id, service_id, name, created_at
        """,
        account.id,
        new_id(),
        service_id,
        rules.checked_alpha(name),
        ctx.now,
    )
    if made is None:
        raise CommsRefusal(21714, "The AlphaSender is already in the Messaging Service.")
    return made


async def remove_alpha_sender(ctx: Context, account: Account, service_id: UUID, sender_id: UUID) -> None:
    """Raises CommsRefusal 20404."""
    removed = await ctx.db.main.execute(
        "DELETE FROM comms.alpha_sender WHERE account_id = $1 AND service_id = $2 AND id = $3",
        account.id,
        service_id,
        sender_id,
    )
    if not removed:
        raise CommsRefusal(20404)


async def choose_sender(tx: Transaction, account: Account, service: Service, recipient: str, *, from_: str = "") -> str:
    """Who a person hears from: the sender that was asked for, the one they know, a name, or a number that suits.

    Raises CommsRefusal 21703 for an empty pool.
    """
    alphas = await queries.alpha_senders(tx, account.id, service.id, PageRequest(size=1))
    numbers = (await queries.pool(tx, account.id, service.id, PageRequest(size=queries.LARGEST_POOL))).items
    if from_:
        if from_ in {one.number for one in numbers} | {one.name for one in alphas.items}:
            return from_
        raise CommsRefusal(21712, f"{from_[:40]} is not a sender of the Messaging Service.")
    known = await queries.sticky_sender(tx, account.id, service.id, recipient) if service.sticky_sender else None
    if known is not None:
        return known
    if alphas.items and country_of(recipient) not in rules.WITHOUT_NAMES:
        return alphas.items[0].name
    able = [one for one in numbers if one.sms]
    if not able:
        raise CommsRefusal(21703, "The Messaging Service contains no phone numbers.")
    chosen = rules.pick(able, recipient, geomatch=service.area_code_geomatch).number
    if service.sticky_sender:
        await tx.execute(
            """
            INSERT INTO comms.sticky_sender (account_id, service_id, recipient, sender) VALUES ($1, $2, $3, $4)
            ON CONFLICT (account_id, service_id, recipient) DO NOTHING
            """,
            account.id,
            service.id,
            recipient,
            chosen,
        )
    return chosen
