"""Making the buckets of a limit and changing them."""

from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import Account
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.verify.rate_limit import queries
from octavo.products.comms.verify.rate_limit.actions import LONGEST_INTERVAL, MOST_BUCKETS
from octavo.products.comms.verify.rate_limit.rows import Bucket, RateLimit

_TAKEN = "verify_bucket_interval"


def _interval_taken() -> CommsRefusal:
    return CommsRefusal(60200, "Invalid parameter `Interval`: the rate limit has a bucket of this interval.")


def _checked(most: int | None, seconds: int | None) -> None:
    """Raises CommsRefusal 60200."""
    if most is not None and most < 1:
        raise CommsRefusal(60200, "Invalid parameter `Max`: at least 1.")
    if seconds is not None and not 1 <= seconds <= LONGEST_INTERVAL:
        raise CommsRefusal(60200, f"Invalid parameter `Interval`: 1 to {LONGEST_INTERVAL} seconds.")


async def create_bucket(
    ctx: Context, account: Account, limit: RateLimit, most: int | None, seconds: int | None
) -> Bucket:
    """Raises CommsRefusal 60200 or 60208."""
    if most is None or seconds is None:
        raise CommsRefusal(60200, "Missing required parameters `Max` and `Interval`.")
    _checked(most, seconds)
    async with ctx.db.main.transaction(refusals={_TAKEN: lambda _: _interval_taken()}) as tx:
        made = await tx.one(
            Bucket,
            f"""
            INSERT INTO comms.verify_bucket (account_id, id, rate_limit_id, most, seconds, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING {queries.BUCKET_COLUMNS}
            """,
            account.id,
            new_id(),
            limit.id,
            most,
            seconds,
            ctx.now,
        )
        count: int = await tx.value(
            "SELECT count(*) FROM comms.verify_bucket WHERE account_id = $1 AND rate_limit_id = $2",
            account.id,
            limit.id,
        )
        if count > MOST_BUCKETS:
            raise CommsRefusal(60208)
    assert made is not None
    return made


async def change_bucket(
    ctx: Context, account: Account, limit: RateLimit, bucket_id: UUID, most: int | None, seconds: int | None
) -> Bucket:
    """Raises CommsRefusal 20404 or 60200."""
    _checked(most, seconds)
    async with ctx.db.main.transaction(refusals={_TAKEN: lambda _: _interval_taken()}) as tx:
        changed = await tx.one(
            Bucket,
            f"""
            UPDATE comms.verify_bucket SET most = coalesce($4, most), seconds = coalesce($5, seconds), updated_at = $6
            WHERE account_id = $1 AND rate_limit_id = $2 AND id = $3 RETURNING {queries.BUCKET_COLUMNS}
            """,
            account.id,
            limit.id,
            bucket_id,
            most,
            seconds,
            ctx.now,
        )
        if changed is None:
            raise CommsRefusal(20404)
    return changed


async def delete_bucket(ctx: Context, account: Account, limit: RateLimit, bucket_id: UUID) -> None:
    """Raises CommsRefusal 20404."""
    if not await ctx.db.main.execute(
        "DELETE FROM comms.verify_bucket WHERE account_id = $1 AND rate_limit_id = $2 AND id = $3",
        account.id,
        limit.id,
        bucket_id,
    ):
        raise CommsRefusal(20404)
