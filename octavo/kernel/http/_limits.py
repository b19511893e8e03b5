"""Limits on the number of requests, counted in PostgreSQL, so that all web processes count together."""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from octavo.kernel.http._household import household
from octavo.kernel.http._routes import Limit
from octavo.kernel.refusals import TooMany

if TYPE_CHECKING:
    from octavo.kernel.context import Context

Headers = tuple[tuple[bytes, bytes], ...]

# A request that waited, and finds that another has begun the next window ($4), counts in that one.
_COUNT = """
    INSERT INTO http.rate_window AS w (bucket, started_at, count, previous, expires_at)
    VALUES ($1, $2, 1, 0, $5)
    ON CONFLICT (bucket) DO UPDATE SET
        count = CASE WHEN w.started_at IN ($2, $4) THEN w.count + 1 ELSE 1 END,
        previous = CASE WHEN w.started_at IN ($2, $4) THEN w.previous WHEN w.started_at = $3 THEN w.count ELSE 0 END,
        started_at = CASE WHEN w.started_at = $4 THEN $4 ELSE $2 END,
        expires_at = CASE WHEN w.started_at = $4 THEN w.expires_at ELSE $5 END
    RETURNING count, previous
"""


class Counted(msgspec.Struct, frozen=True):
    count: int
    previous: int


class LimitReached(TooMany):
    """Carries the rate limit's headers to the answer."""

    def __init__(self, limit: Limit, retry_after: int) -> None:
        super().__init__(retry_after=retry_after)
        self.headers = limit_headers(limit, 0, retry_after)


async def count_request(limit: Limit, ctx: "Context", address: str) -> Headers:
    """Counts this request and gives the headers for its answer. Raises LimitReached past the limit."""
    started = window_start(limit, ctx.now)
    span = timedelta(seconds=limit.per)
    counted = await ctx.db.main.one(
        Counted, _COUNT, _bucket(limit, ctx, address), started, started - span, started + span, started + 2 * span
    )
    assert counted is not None
    elapsed = (ctx.now - started) / span
    used = estimate(counted, elapsed)
    reset = max(1, round(limit.per * (1 - elapsed)))
    if used > limit.count:
        raise LimitReached(limit, reset)
    return limit_headers(limit, limit.count - used, reset)


def window_start(limit: Limit, now: datetime) -> datetime:
    return datetime.fromtimestamp(now.timestamp() // limit.per * limit.per, UTC)


def estimate(counted: Counted, elapsed: float) -> int:
    """Requests in the sliding window that ends now, taking the previous window's as evenly spread."""
    return counted.count + int(counted.previous * (1 - elapsed))


def limit_headers(limit: Limit, remaining: int, reset: int) -> Headers:
    """RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10)."""
    return (
        (b"ratelimit", f'"{limit.name}";r={remaining};t={reset}'.encode()),
        (b"ratelimit-policy", f'"{limit.name}";q={limit.count};w={limit.per}'.encode()),
    )


def _bucket(limit: Limit, ctx: "Context", address: str) -> UUID:
    who = str(ctx.actor.user_id) if limit.by == "user" and ctx.actor.user_id else household(address)
    return UUID(bytes=blake2b(f"{limit.name}\n{who}".encode(), digest_size=16).digest())
