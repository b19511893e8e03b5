"""Finding addresses, and the numbers that depend on them."""

from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.address.rows import Address
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number.queries import COLUMNS as NUMBER_COLUMNS
from octavo.products.comms.number.rows import PhoneNumber
from octavo.products.comms.paging import Keyset, PageRequest, Slice, page_by_id

COLUMNS = ", ".join(Address.__struct_fields__)
_ADDRESSES = Keyset(
    f"""
    SELECT {COLUMNS} FROM comms.address
    WHERE account_id = $1 AND ($2::text IS NULL OR customer_name = $2) AND ($3::text IS NULL OR friendly_name = $3)
      AND ($4::text IS NULL OR iso_country = $4) AND ($5::boolean IS NULL OR emergency_enabled = $5)
    """
)
_DEPENDENTS = Keyset(
    f"""
    SELECT {NUMBER_COLUMNS} FROM comms.number WHERE account_id = $1 AND $2 IN (address_id, emergency_address_id)
    """
)


async def address(db: Queryable, account_id: AccountId, address_id: UUID) -> Address:
    """Raises CommsRefusal 20404."""
    found = await db.one(
        Address, f"SELECT {COLUMNS} FROM comms.address WHERE account_id = $1 AND id = $2", account_id, address_id
    )
    if found is None:
        raise CommsRefusal(20404)
    return found


async def addresses(
    db: Queryable,
    account_id: AccountId,
    page: PageRequest,
    *,
    customer_name: str | None = None,
    friendly_name: str | None = None,
    iso_country: str | None = None,
    emergency_enabled: bool | None = None,
) -> Slice[Address]:
    """An account's addresses, newest first."""
    wanted = (customer_name or None, friendly_name or None, (iso_country or "").upper() or None, emergency_enabled)
    return await page_by_id(db, Address, _ADDRESSES, account_id, *wanted, page=page)


async def dependent_numbers(
    db: Queryable, account_id: AccountId, address_id: UUID, page: PageRequest
) -> Slice[PhoneNumber]:
    """The numbers that name the address."""
    return await page_by_id(db, PhoneNumber, _DEPENDENTS, account_id, address_id, page=page)
