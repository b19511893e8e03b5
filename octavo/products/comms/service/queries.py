"""Finding services and their senders."""

from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number.queries import COLUMNS as NUMBER_COLUMNS
from octavo.products.comms.number.rows import PhoneNumber
from octavo.products.comms.paging import Keyset, PageRequest, Slice, page_by_id
from octavo.products.comms.service.rows import AlphaSender, Service

COLUMNS = ", ".join(Service.__struct_fields__)
_SERVICES = Keyset(f"SELECT {COLUMNS} FROM comms.service WHERE account_id = $1")
_POOL = Keyset(f"SELECT {NUMBER_COLUMNS} FROM comms.number WHERE account_id = $1 AND service_id = $2")
_ALPHAS = Keyset(
    "SELECT account_id, id, service_id, name, created_at FROM comms.alpha_sender"
    " WHERE account_id = $1 AND service_id = $2"
)
LARGEST_POOL = 400


async def service(db: Queryable, account_id: AccountId, service_id: UUID) -> Service:
    """Raises CommsRefusal 20404."""
    found = await db.one(
        Service, f"SELECT {COLUMNS} FROM comms.service WHERE account_id = $1 AND id = $2", account_id, service_id
    )
    if found is None:
        raise CommsRefusal(20404)
    return found


async def services(db: Queryable, account_id: AccountId, page: PageRequest) -> Slice[Service]:
    return await page_by_id(db, Service, _SERVICES, account_id, page=page)


async def pool(db: Queryable, account_id: AccountId, service_id: UUID, page: PageRequest) -> Slice[PhoneNumber]:
    """The numbers of a service."""
    return await page_by_id(db, PhoneNumber, _POOL, account_id, service_id, page=page)


async def alpha_senders(
    db: Queryable, account_id: AccountId, service_id: UUID, page: PageRequest
) -> Slice[AlphaSender]:
    return await page_by_id(db, AlphaSender, _ALPHAS, account_id, service_id, page=page)


async def sticky_sender(db: Queryable, account_id: AccountId, service_id: UUID, recipient: str) -> str | None:
    found: str | None = await db.value(
        "SELECT sender FROM comms.sticky_sender WHERE account_id = $1 AND service_id = $2 AND recipient = $3",
        account_id,
        service_id,
        recipient,
    )
    return found
