"""What accounts used, in sums."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.products.comms.usage.categories import members
from octavo.products.comms.usage.rows import Counted, Record, Span
from octavo.products.comms.usage.rules import records

# Where a time begins that a day is in.
_BEGINS = {"whole": "$2::date", "day": "day", "month": "date_trunc('month', day)::date"}
_BEGINS["year"] = "date_trunc('year', day)::date"


async def usage_records(
    db: Queryable, account_ids: Sequence[UUID], start: date, end: date, span: Span, category: str | None = None
) -> list[Record]:
    """Sums for these accounts together, the latest time first."""
    counted = await db.fetch(
        Counted,
        f"""
        SELECT category, {_BEGINS[span]} AS start, sum(count)::bigint AS count, sum(usage)::bigint AS usage,
            sum(price)::bigint AS price
        FROM comms.usage_count WHERE account_id = ANY($1) AND day BETWEEN $2 AND $3 AND category = ANY($4)
        GROUP BY 1, 2
        """,
        list(account_ids),
        start,
        end,
        members(category) if category else members("totalprice"),
    )
    return records(counted, start, end, span, category)


async def used(db: Queryable, account_id: UUID, category: str, start: date, end: date = date.max) -> Record:
    """The sum for one category since a day."""
    [found] = await usage_records(db, [account_id], start, end, "whole", category)
    return found


async def first_day(db: Queryable, account_ids: Sequence[UUID]) -> date | None:
    """The day on which these accounts first used anything."""
    found: date | None = await db.value(
        "SELECT min(day) FROM comms.usage_count WHERE account_id = ANY($1)", list(account_ids)
    )
    return found


async def sub_accounts(db: Queryable, account_id: UUID) -> list[UUID]:
    """An account and its sub-accounts."""
    return await db.column(
        # fanout: the accounts of one family lie on as many shards; there are few.
        "SELECT account_id FROM comms.account /* fanout */ WHERE account_id = $1 OR parent_id = $1",
        account_id,
    )
