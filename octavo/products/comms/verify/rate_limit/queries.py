"""Finding limits and their buckets."""

from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.paging import Keyset, PageRequest, Slice, page_by_id
from octavo.products.comms.verify.rate_limit.rows import Bucket, RateLimit

COLUMNS = ", ".join(RateLimit.__struct_fields__)
BUCKET_COLUMNS = ", ".join(Bucket.__struct_fields__)
_LIMITS = Keyset(f"SELECT {COLUMNS} FROM comms.verify_rate_limit WHERE account_id = $1 AND service_id = $2")
_BUCKETS = Keyset(f"SELECT {BUCKET_COLUMNS} FROM comms.verify_bucket WHERE account_id = $1 AND rate_limit_id = $2")


async def rate_limit(db: Queryable, account_id: AccountId, service_id: UUID, limit_id: UUID) -> RateLimit:
    """Raises CommsRefusal 20404."""
    found = await db.one(
        RateLimit,
        f"SELECT {COLUMNS} FROM comms.verify_rate_limit WHERE account_id = $1 AND service_id = $2 AND id = $3",
        account_id,
        service_id,
        limit_id,
    )
    if found is None:
        raise CommsRefusal(20404)
    return found


async def rate_limits(db: Queryable, account_id: AccountId, service_id: UUID, page: PageRequest) -> Slice[RateLimit]:
    return await page_by_id(db, RateLimit, _LIMITS, account_id, service_id, page=page)


async def bucket(db: Queryable, account_id: AccountId, limit_id: UUID, bucket_id: UUID) -> Bucket:
    """Raises CommsRefusal 20404."""
    found = await db.one(
        Bucket,
        f"SELECT {BUCKET_COLUMNS} FROM comms.verify_bucket WHERE account_id = $1 AND rate_limit_id = $2 AND id = $3",
        account_id,
        limit_id,
        bucket_id,
    )
    if found is None:
        raise CommsRefusal(20404)
    return found


async def buckets(db: Queryable, account_id: AccountId, limit_id: UUID, page: PageRequest) -> Slice[Bucket]:
    return await page_by_id(db, Bucket, _BUCKETS, account_id, limit_id, page=page)
