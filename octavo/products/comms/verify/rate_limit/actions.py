"""Making limits, and counting against them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from msgspec import Struct

from octavo.kernel.context import Context
from octavo.kernel.db import Queryable, Transaction, execute_in_batches
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import Account
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.verify.rate_limit import queries
from octavo.products.comms.verify.rate_limit.rows import RateLimit
from octavo.products.comms.verify.service.queries import service as service_of
from octavo.products.comms.verify.service.rows import VerifyService

MOST_LIMITS, MOST_BUCKETS = 10, 5
LONGEST_INTERVAL = 86_400  # seconds


class _Due(Struct, frozen=True):
    bucket_id: UUID
    unique_name: str
    most: int
    seconds: int


async def count_starts(ctx: Context, tx: Transaction, service: VerifyService, values: Mapping[str, str]) -> None:
    """Counts one start for each of the named limits. Raises CommsRefusal 60200 for an unknown one, 20429 past it."""
    if not values:
        return
    found = await tx.fetch(
        _Due,
        """
        SELECT b.id AS bucket_id, l.unique_name, b.most, b.seconds
        FROM comms.verify_rate_limit l
        JOIN comms.verify_bucket b ON b.account_id = l.account_id AND b.rate_limit_id = l.id
        WHERE l.account_id = $1 AND l.service_id = $2 AND l.unique_name = ANY($3) ORDER BY b.id
        """,
        service.account_id,
        service.id,
        list(values),
    )
    for one in found:
        taken: int = await tx.value(
            """
            INSERT INTO comms.verify_count AS c (account_id, bucket_id, value_hash, since, taken)
            VALUES ($1, $2, $3, $4, 1)
            ON CONFLICT (account_id, bucket_id, value_hash) DO UPDATE SET
                taken = CASE WHEN c.since <= $5 THEN 1 ELSE c.taken + 1 END,
                since = CASE WHEN c.since <= $5 THEN $4 ELSE c.since END
            RETURNING taken
            """,
            service.account_id,
            one.bucket_id,
            sha256(values[one.unique_name].encode()).digest(),
            ctx.now,
            ctx.now - timedelta(seconds=one.seconds),
        )
        if taken > one.most:
            raise CommsRefusal(20429, "Too many requests", retry_after=one.seconds)


async def forget_counts(db: Queryable, before: datetime) -> int:
    """Counts of intervals that are long over; how many."""
    return await execute_in_batches(
        db,
        # fanout: the old counts of all accounts.
        """
        DELETE FROM comms.verify_count WHERE (account_id, bucket_id, value_hash) IN (
            SELECT account_id, bucket_id, value_hash FROM comms.verify_count /* fanout */ WHERE since < $1 LIMIT $2
        )
        """,
        before,
    )


async def create_rate_limit(ctx: Context, account: Account, service_id: UUID, name: str, description: str) -> RateLimit:
    """Raises CommsRefusal 20404, 60200 or 60207."""
    if not 1 <= len(name) <= 64:
        raise CommsRefusal(60200, "Invalid parameter `UniqueName`: it has 1 to 64 characters.")
    async with ctx.db.main.transaction() as tx:
        await service_of(tx, account.id, service_id)
        made = await tx.one(
            RateLimit,
            f"""
            INSERT INTO comms.verify_rate_limit (account_id, id, service_id, unique_name, description, created_at,
                updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $6)
            ON CONFLICT (account_id, service_id, unique_name) DO NOTHING RETURNING {queries.COLUMNS}
            """,
            account.id,
            new_id(),
            service_id,
            name,
            description,
            ctx.now,
        )
        if made is None:
            raise CommsRefusal(60200, "Invalid parameter `UniqueName`: the service has a rate limit of this name.")
        count: int = await tx.value(
            "SELECT count(*) FROM comms.verify_rate_limit WHERE account_id = $1 AND service_id = $2",
            account.id,
            service_id,
        )
        if count > MOST_LIMITS:
            raise CommsRefusal(60207)
    return made


async def describe_rate_limit(
    ctx: Context, account: Account, service_id: UUID, limit_id: UUID, description: str
) -> RateLimit:
    """Raises CommsRefusal 20404."""
    changed = await ctx.db.main.one(
        RateLimit,
        f"""
        UPDATE comms.verify_rate_limit SET description = $4, updated_at = $5
        WHERE account_id = $1 AND service_id = $2 AND id = $3 RETURNING {queries.COLUMNS}
        """,
        account.id,
        service_id,
        limit_id,
        description,
        ctx.now,
    )
    if changed is None:
        raise CommsRefusal(20404)
    return changed


async def delete_rate_limit(ctx: Context, account: Account, service_id: UUID, limit_id: UUID) -> None:
    """With its buckets. Raises CommsRefusal 20404."""
    if not await ctx.db.main.execute(
        "DELETE FROM comms.verify_rate_limit WHERE account_id = $1 AND service_id = $2 AND id = $3",
        account.id,
        service_id,
        limit_id,
    ):
        raise CommsRefusal(20404)
