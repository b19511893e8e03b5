"""Writing addresses down."""

from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import Account
from octavo.products.comms.address import queries, rules
from octavo.products.comms.address.rows import Address, AddressChanges
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.monitor.actions import note_event
from octavo.products.comms.sids import sid


async def create_address(ctx: Context, account: Account, fields: AddressChanges, iso_country: str) -> Address:
    """Raises CommsRefusal for what is missing or cannot be."""
    row = {
        "account_id": account.id,
        "id": new_id(),
        "friendly_name": "",
        "street_secondary": "",
        "emergency_enabled": False,
        **dict.fromkeys(rules.NEEDED, ""),
        **fields.given(),
        "iso_country": rules.check_country(iso_country),
        "created_at": ctx.now,
        "updated_at": ctx.now,
    }
    rules.check_address(row)
    names, marks = ", ".join(row), ", ".join(f"${n}" for n in range(1, len(row) + 1))
    async with ctx.db.main.transaction() as tx:
        made = await tx.one(
            Address,
            f"INSERT INTO comms.address ({names}) VALUES ({marks}) RETURNING {queries.COLUMNS}",
            *row.values(),
        )
        assert made is not None
        await note_event(ctx, tx, account.id, "address.created", resource_sid=made.sid)
    return made


async def change_address(ctx: Context, account: Account, address_id: UUID, fields: AddressChanges) -> Address:
    """The country stays. Raises CommsRefusal 20404, or another for what cannot be."""
    given = fields.given()
    rules.check_address(given)
    given["updated_at"] = ctx.now
    assignments = ", ".join(f"{name} = ${n}" for n, name in enumerate(given, start=3))
    async with ctx.db.main.transaction() as tx:
        changed = await tx.one(
            Address,
            f"UPDATE comms.address SET {assignments} WHERE account_id = $1 AND id = $2 RETURNING {queries.COLUMNS}",
            account.id,
            address_id,
            *given.values(),
        )
        if changed is None:
            raise CommsRefusal(20404)
        # Whose address it is or was stays where it can be deleted: the event names only what has changed.
        told = {"changed": sorted(fields.given())}
        await note_event(ctx, tx, account.id, "address.updated", resource_sid=changed.sid, data=told)
    return changed


async def delete_address(ctx: Context, account: Account, address_id: UUID) -> None:
    """Raises CommsRefusal 20404, or 20009 while numbers depend on it."""
    async with ctx.db.main.transaction() as tx:
        deleted = await tx.execute(
            """
            DELETE FROM comms.address WHERE account_id = $1 AND id = $2
              AND NOT EXISTS (SELECT 1 FROM comms.number n WHERE n.account_id = $1
                              AND $2 IN (n.address_id, n.emergency_address_id))
            """,
            account.id,
            address_id,
        )
        if not deleted:
            await queries.address(tx, account.id, address_id)
            raise CommsRefusal(20009, "Numbers depend on the address; give them another first.")
        await note_event(ctx, tx, account.id, "address.deleted", resource_sid=sid("AD", address_id))
