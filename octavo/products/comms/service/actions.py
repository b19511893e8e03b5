"""Making and changing services, and choosing who sends for them."""

from collections.abc import Sequence
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import Account
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.monitor.actions import differences, note_event
from octavo.products.comms.number.rows import PhoneNumber
from octavo.products.comms.service import queries, rules
from octavo.products.comms.service.rows import Pool, Service, ServiceChanges
from octavo.products.comms.sids import sid


async def create_service(ctx: Context, account: Account, changes: ServiceChanges) -> Service:
    """Raises CommsRefusal 20001 or 21402."""
    given = {"friendly_name": ""} | changes.given()
    rules.check_changes(given)
    row = {"account_id": account.id, "id": new_id(), "created_at": ctx.now, "updated_at": ctx.now} | given
    names, marks = ", ".join(row), ", ".join(f"${n}" for n in range(1, len(row) + 1))
    async with ctx.db.main.transaction() as tx:
        made = await tx.one(
            Service, f"INSERT INTO comms.service ({names}) VALUES ({marks}) RETURNING {queries.COLUMNS}", *row.values()
        )
        assert made is not None
        await note_event(ctx, tx, account.id, "messaging-service.created", resource_sid=made.sid)
    return made


async def change_service(ctx: Context, account: Account, service_id: UUID, changes: ServiceChanges) -> Service:
    """Raises CommsRefusal 20404, 20001 or 21402."""
    given = changes.given()
    rules.check_changes(given)
    given["updated_at"] = ctx.now
    assignments = ", ".join(f"{name} = ${n}" for n, name in enumerate(given, start=3))
    async with ctx.db.main.transaction() as tx:
        before = await queries.service(tx, account.id, service_id)
        changed = await tx.one(
            Service,
            f"UPDATE comms.service SET {assignments} WHERE account_id = $1 AND id = $2 RETURNING {queries.COLUMNS}",
            account.id,
            service_id,
            *given.values(),
        )
        if changed is None:
            raise CommsRefusal(20404)
        told = differences(before, changed, *changes.given())
        await note_event(ctx, tx, account.id, "messaging-service.updated", resource_sid=changed.sid, data=told)
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
        await note_event(ctx, tx, account.id, "messaging-service.deleted", resource_sid=sid("MG", service_id))


async def choose_sender(
    tx: Transaction,
    account: Account,
    service: Service,
    recipient: str,
    *,
    pool: Pool | None = None,
    from_: str = "",
    mms: bool = False,
) -> str:
    """Who a person hears from: the sender that was asked for, the one they know, a name, or a number that suits.

    Whoever chooses for many recipients gives the `pool`.

    Raises CommsRefusal 21712 for a sender that is not of the service, 21704 where it has none at all, and 21703 where
    none of them can send this.
    """
    pool = pool or await queries.senders(tx, account.id, service.id)
    names, numbers = pool.names, pool.numbers
    if from_:
        if from_ in {one.number for one in numbers} | {one.name for one in names}:
            return from_
        raise CommsRefusal(21712, f"{from_[:40]} is not a sender of the Messaging Service.")
    if not numbers and not names:
        raise CommsRefusal(21704, "The Messaging Service contains no phone numbers.")
    name = None if mms else rules.name_for(names, recipient)
    if name is not None:
        return name
    able = [one for one in numbers if (one.mms if mms else one.sms)]
    if not able:
        raise CommsRefusal(21703)
    if not service.sticky_sender:
        return rules.pick(able, recipient, geomatch=service.area_code_geomatch).number
    return await _known_or_new(tx, account, service, recipient, able)


async def _known_or_new(
    tx: Transaction, account: Account, service: Service, recipient: str, able: Sequence[PhoneNumber]
) -> str:
    """The number that the recipient knows, as long as it is still one of the service's; else one that they will."""
    known = await queries.sticky_sender(tx, account.id, service.id, recipient)
    if known in {one.number for one in able}:
        return str(known)
    chosen = rules.pick(able, recipient, geomatch=service.area_code_geomatch).number
    await tx.execute(
        """
        INSERT INTO comms.sticky_sender (account_id, service_id, recipient, sender) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account_id, service_id, recipient) DO UPDATE SET sender = excluded.sender
        """,
        account.id,
        service.id,
        recipient,
        chosen,
    )
    return chosen


async def remember_sender(tx: Transaction, service: Service, recipient: str, sender: str) -> None:
    """Who writes to one of a service's numbers first goes on hearing from that one."""
    if service.sticky_sender:
        await tx.execute(
            """
            INSERT INTO comms.sticky_sender (account_id, service_id, recipient, sender) VALUES ($1, $2, $3, $4)
            ON CONFLICT (account_id, service_id, recipient) DO NOTHING
            """,
            service.account_id,
            service.id,
            recipient,
            sender,
        )
