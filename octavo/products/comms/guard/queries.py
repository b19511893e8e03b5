"""What an account allows itself, and what it sent."""

from datetime import UTC, date, datetime, time
from uuid import UUID

from octavo.kernel.context import Engines
from octavo.kernel.db import Queryable
from octavo.products.comms.account.rows import Account
from octavo.products.comms.guard.rows import Block, DayRefused, Policy, Refused, Seen, Standing, Sum, Traffic
from octavo.products.comms.guard.rules import RANGE_DIGITS

SECONDS_CACHED = 2.0
POLICY = (
    "account_id, countries_allowed, countries_refused, messages_per_day, segments_per_day, spend_per_day, "
    "quiet_from, quiet_to, protects"
)


async def own_policy(db: Queryable, account_id: UUID) -> Policy | None:
    return await db.one(Policy, f"SELECT {POLICY} FROM comms.guard_policy WHERE account_id = $1", account_id)


async def policy_of(db: Queryable, account: Account) -> Policy:
    """The account's own, or its parent's, or one that allows everything."""
    found = await own_policy(db, account.id)
    if found is None and account.parent_id is not None:
        found = await own_policy(db, account.parent_id)
    return found or Policy(account_id=account.id)


async def standing(engines: Engines, account: Account) -> Standing:
    """What deciding needs, at most two seconds old: nothing is asked of the database for each message."""

    async def load() -> Standing:
        db = engines.db.main
        policy = await policy_of(db, account)
        return Standing(policy, await blocks(db, account.id) if policy.protects else [])

    return await engines.cache.get_or_load(f"comms.guard:{account.id}", load, ttl=SECONDS_CACHED)


async def blocks(db: Queryable, account_id: UUID) -> list[Block]:
    return await db.fetch(
        Block,
        "SELECT beginning, kind, until FROM comms.guard_block WHERE account_id = $1 ORDER BY beginning",
        account_id,
    )


async def sum_of_day(db: Queryable, account_id: UUID, day: date) -> Sum:
    found = await db.one(
        Sum,
        "SELECT messages, segments, spend FROM comms.guard_day WHERE account_id = $1 AND day = $2",
        account_id,
        day,
    )
    return found or Sum()


async def refused_since(db: Queryable, account_id: UUID, since: datetime, most: int) -> list[Refused]:
    """What was refused in these hours, the latest first."""
    return await db.fetch(
        Refused,
        """
        SELECT number, country, messages, recipient, last_at FROM comms.guard_refusal
        WHERE account_id = $1 AND hour >= $2 ORDER BY last_at DESC, number, country LIMIT $3
        """,
        account_id,
        since,
        most,
    )


async def refused_by_day(db: Queryable, account_id: UUID, since: date) -> dict[date, int]:
    """How many messages were refused on each day (UTC) on which any were."""
    rows = await db.fetch(
        DayRefused,
        """
        SELECT (hour AT TIME ZONE 'UTC')::date AS day, sum(messages)::bigint AS messages FROM comms.guard_refusal
        WHERE account_id = $1 AND hour >= $2 GROUP BY 1
        """,
        account_id,
        datetime.combine(since, time(), UTC),
    )
    return {row.day: row.messages for row in rows}


async def protected_accounts(db: Queryable) -> list[UUID]:
    return await db.column(
        "SELECT account_id FROM comms.guard_policy /* fanout: the watch looks at all accounts */ WHERE protects"
    )


async def traffic(db: Queryable, account_id: UUID, first_id: UUID) -> list[Traffic]:
    """What an account sent since, by ranges of numbers. Ids are of their time, so one begins the window."""
    return await db.fetch(
        Traffic,
        """
        SELECT left(recipient, greatest(2, length(recipient) - $3)) AS beginning, count(*) AS messages,
            count(*) FILTER (WHERE status IN ('delivered', 'read', 'undelivered', 'failed', 'sent')) AS ended,
            count(*) FILTER (WHERE status IN ('delivered', 'read')) AS delivered
        FROM comms.message WHERE account_id = $1 AND id > $2 AND direction <> 'inbound' GROUP BY 1
        """,
        account_id,
        first_id,
        RANGE_DIGITS,
    )


async def known_countries(db: Queryable, account_id: UUID) -> dict[str, datetime]:
    rows = await db.fetch(Seen, "SELECT country, first_seen FROM comms.guard_country WHERE account_id = $1", account_id)
    return {row.country: row.first_seen for row in rows}
