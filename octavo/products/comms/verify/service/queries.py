"""Finding services, and where their texts go out."""

from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.paging import Keyset, PageRequest, Slice, page_by_id
from octavo.products.comms.verify.service.rows import Route, SafeNumber, VerifyService

COLUMNS = ", ".join(VerifyService.__struct_fields__)
ROUTE_COLUMNS = ", ".join(Route.__struct_fields__)
SAFE_COLUMNS = ", ".join(SafeNumber.__struct_fields__)
_SERVICES = Keyset(f"SELECT {COLUMNS} FROM comms.verify_service WHERE account_id = $1")


async def service(db: Queryable, account_id: AccountId, service_id: UUID) -> VerifyService:
    """Raises CommsRefusal 20404."""
    found = await db.one(
        VerifyService,
        f"SELECT {COLUMNS} FROM comms.verify_service WHERE account_id = $1 AND id = $2",
        account_id,
        service_id,
    )
    if found is None:
        raise CommsRefusal(20404)
    return found


async def services(db: Queryable, account_id: AccountId, page: PageRequest) -> Slice[VerifyService]:
    return await page_by_id(db, VerifyService, _SERVICES, account_id, page=page)


async def routes(db: Queryable, account_id: AccountId, service_id: UUID) -> list[Route]:
    return await db.fetch(
        Route,
        f"""
        SELECT {ROUTE_COLUMNS} FROM comms.verify_route WHERE account_id = $1 AND service_id = $2
        ORDER BY country COLLATE "C"
        """,
        account_id,
        service_id,
    )


async def route(db: Queryable, account_id: AccountId, service_id: UUID, country: str) -> Route:
    """Raises CommsRefusal 20404."""
    for found in await routes(db, account_id, service_id):
        if found.country == country:
            return found
    raise CommsRefusal(20404)


async def safe_number(db: Queryable, account_id: AccountId, number: str) -> SafeNumber | None:
    return await db.one(
        SafeNumber,
        f"SELECT {SAFE_COLUMNS} FROM comms.verify_safe_number WHERE account_id = $1 AND number = $2",
        account_id,
        number,
    )
