"""Finding services and their senders."""

from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number.queries import COLUMNS as NUMBER_COLUMNS
from octavo.products.comms.number.queries import number_by_id
from octavo.products.comms.number.rows import PhoneNumber
from octavo.products.comms.paging import Keyset, PageRequest, Slice, page_by_id
from octavo.products.comms.service.rows import AlphaSender, Pool, Service

COLUMNS = ", ".join(Service.__struct_fields__)
ALPHA_COLUMNS = ", ".join(AlphaSender.__struct_fields__)
_SERVICES = Keyset(f"SELECT {COLUMNS} FROM comms.service WHERE account_id = $1")
_POOL = Keyset(f"SELECT {NUMBER_COLUMNS} FROM comms.number WHERE account_id = $1 AND service_id = $2")
_ALPHAS = Keyset(
    f"""
    SELECT {ALPHA_COLUMNS} FROM comms.alpha_sender
    WHERE account_id = $1 AND service_id = $2 AND ($3::text IS NULL OR country = $3)
    """
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


async def senders(db: Queryable, account_id: AccountId, service_id: UUID) -> Pool:
    """All senders of a service, for choosing among them."""
    every = PageRequest(size=LARGEST_POOL)
    numbers = await pool(db, account_id, service_id, every)
    return Pool(numbers.items, (await alpha_senders(db, account_id, service_id, every)).items)


async def pooled_texts(db: Queryable, account_id: AccountId, service_id: UUID) -> list[str]:
    """The numbers of a service as E.164."""
    return list(
        await db.column(
            "SELECT number FROM comms.number WHERE account_id = $1 AND service_id = $2", account_id, service_id
        )
    )


async def pooled_number(db: Queryable, account_id: AccountId, service_id: UUID, number_id: UUID) -> PhoneNumber:
    """Raises CommsRefusal 20404 for a number that is not in this service."""
    found = await number_by_id(db, account_id, number_id)
    if found.service_id != service_id:
        raise CommsRefusal(20404)
    return found


async def alpha_senders(
    db: Queryable, account_id: AccountId, service_id: UUID, page: PageRequest, *, country: str | None = None
) -> Slice[AlphaSender]:
    return await page_by_id(db, AlphaSender, _ALPHAS, account_id, service_id, country, page=page)


async def alpha_sender(db: Queryable, account_id: AccountId, service_id: UUID, sender_id: UUID) -> AlphaSender:
    """Raises CommsRefusal 20404."""
    found = await db.one(
        AlphaSender,
        f"SELECT {ALPHA_COLUMNS} FROM comms.alpha_sender WHERE account_id = $1 AND service_id = $2 AND id = $3",
        account_id,
        service_id,
        sender_id,
    )
    if found is None:
        raise CommsRefusal(20404)
    return found


async def sticky_sender(db: Queryable, account_id: AccountId, service_id: UUID, recipient: str) -> str | None:
    """The number that the recipient knows from before."""
    found: str | None = await db.value(
        "SELECT sender FROM comms.sticky_sender WHERE account_id = $1 AND service_id = $2 AND recipient = $3",
        account_id,
        service_id,
        recipient,
    )
    return found
