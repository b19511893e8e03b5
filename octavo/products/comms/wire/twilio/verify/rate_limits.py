"""Rate limits and their buckets."""

from uuid import UUID

from octavo.products.comms.sids import sid
from octavo.products.comms.verify.bucket import actions as bucket_actions
from octavo.products.comms.verify.rate_limit import actions, queries
from octavo.products.comms.verify.rate_limit.rows import Bucket, RateLimit
from octavo.products.comms.verify.service.queries import service
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, iso

api = Api("verify", "/v2/Services/{service_sid}/RateLimits", style="v1")


class RateLimitParams(Params):
    unique_name: str = ""
    description: str | None = None


class BucketParams(Params):
    max: int | None = None
    interval: int | None = None


def rate_limit_resource(call: Call, one: RateLimit) -> Fields:
    url = f"{call.base}/v2/Services/{sid('VA', one.service_id)}/RateLimits/{one.sid}"
    return {
        "sid": one.sid,
        "service_sid": sid("VA", one.service_id),
        "account_sid": call.account_sid,
        "unique_name": one.unique_name,
        "description": one.description or None,
        "date_created": iso(one.created_at),
        "date_updated": iso(one.updated_at),
        "url": url,
        "links": {"buckets": f"{url}/Buckets"},
    }


def bucket_resource(call: Call, limit: RateLimit, one: Bucket) -> Fields:
    service_sid = sid("VA", limit.service_id)
    return {
        "sid": one.sid,
        "rate_limit_sid": limit.sid,
        "service_sid": service_sid,
        "account_sid": call.account_sid,
        "max": one.most,
        "interval": one.seconds,
        "date_created": iso(one.created_at),
        "date_updated": iso(one.updated_at),
        "url": f"{call.base}/v2/Services/{service_sid}/RateLimits/{limit.sid}/Buckets/{one.sid}",
    }


@api.create("")
async def create_rate_limit(call: Call, params: RateLimitParams) -> Fields:
    """Make a limit that starts of verifications may name."""
    made = await actions.create_rate_limit(
        call.ctx, call.account, _service_id(call), params.unique_name, params.description or ""
    )
    return rate_limit_resource(call, made)


@api.list("", key="rate_limits")
async def list_rate_limits(call: Call) -> Listing:
    """The limits of a service."""
    await service(call.db, call.account.id, _service_id(call))
    found = await queries.rate_limits(call.db, call.account.id, _service_id(call), call.page)
    return Listing(found, lambda one: rate_limit_resource(call, one))


@api.fetch("/{rate_limit_sid}")
async def fetch_rate_limit(call: Call) -> Fields:
    """One limit."""
    return rate_limit_resource(call, await _limit(call))


@api.update("/{rate_limit_sid}")
async def update_rate_limit(call: Call, params: RateLimitParams) -> Fields:
    """Describe a limit anew."""
    if params.description is None:
        return await fetch_rate_limit(call)
    limit_id = call.id("rate_limit_sid", "RK")
    changed = await actions.describe_rate_limit(call.ctx, call.account, _service_id(call), limit_id, params.description)
    return rate_limit_resource(call, changed)


@api.delete("/{rate_limit_sid}")
async def delete_rate_limit(call: Call) -> None:
    """Remove a limit with its buckets."""
    await actions.delete_rate_limit(call.ctx, call.account, _service_id(call), call.id("rate_limit_sid", "RK"))


@api.create("/{rate_limit_sid}/Buckets")
async def create_bucket(call: Call, params: BucketParams) -> Fields:
    """Let so many starts through in so many seconds."""
    limit = await _limit(call)
    made = await bucket_actions.create_bucket(call.ctx, call.account, limit, params.max, params.interval)
    return bucket_resource(call, limit, made)


@api.list("/{rate_limit_sid}/Buckets", key="buckets")
async def list_buckets(call: Call) -> Listing:
    """The buckets of a limit."""
    limit = await _limit(call)
    found = await queries.buckets(call.db, call.account.id, limit.id, call.page)
    return Listing(found, lambda one: bucket_resource(call, limit, one))


@api.fetch("/{rate_limit_sid}/Buckets/{bucket_sid}")
async def fetch_bucket(call: Call) -> Fields:
    """One bucket."""
    limit = await _limit(call)
    found = await queries.bucket(call.db, call.account.id, limit.id, call.id("bucket_sid", "BL"))
    return bucket_resource(call, limit, found)


@api.update("/{rate_limit_sid}/Buckets/{bucket_sid}")
async def update_bucket(call: Call, params: BucketParams) -> Fields:
    """Change how much a bucket lets through, or in how long."""
    limit, bucket_id = await _limit(call), call.id("bucket_sid", "BL")
    changed = await bucket_actions.change_bucket(call.ctx, call.account, limit, bucket_id, params.max, params.interval)
    return bucket_resource(call, limit, changed)


@api.delete("/{rate_limit_sid}/Buckets/{bucket_sid}")
async def delete_bucket(call: Call) -> None:
    """Remove a bucket."""
    await bucket_actions.delete_bucket(call.ctx, call.account, await _limit(call), call.id("bucket_sid", "BL"))


def _service_id(call: Call) -> UUID:
    return call.id("service_sid", "VA")


async def _limit(call: Call) -> RateLimit:
    return await queries.rate_limit(call.db, call.account.id, _service_id(call), call.id("rate_limit_sid", "RK"))
