"""Counting what the files of accounts take, day by day, with its price."""

from octavo.kernel.context import Context
from octavo.products.comms.pricing.queries import price_list
from octavo.products.comms.pricing.rules import price_of_service
from octavo.products.comms.usage.rules import in_millionths

CATEGORY = "mediastorage"
SHARD = 100  # of its own, beside those that processes count in: the row of today is written anew each time
DAYS = 30  # of a month, as it is priced
GIGABYTE = 10**9


async def count_storage(ctx: Context) -> None:
    """What each account stores most at once on a day counts for that day. For a schedule."""
    price = in_millionths(price_of_service(price_list(ctx.settings), CATEGORY))
    await ctx.db.main.execute(
        # fanout: the files of all accounts.
        """
        INSERT INTO comms.usage_count AS c (account_id, day, category, shard, count, usage, price)
        SELECT account_id, $1::date, $2, $3, files, ceil(bytes / 1e6)::bigint, round(bytes * $4::float8)::bigint
        FROM (SELECT account_id, sum(bytes) AS bytes FROM comms.media_usage /* fanout */ GROUP BY 1) AS stored
        JOIN (SELECT account_id, count(*) AS files FROM comms.media GROUP BY 1) AS counted USING (account_id)
        ON CONFLICT (account_id, day, category, shard) DO UPDATE SET
            count = greatest(c.count, excluded.count), usage = greatest(c.usage, excluded.usage),
            price = greatest(c.price, excluded.price)
        """,
        ctx.now.date(),
        CATEGORY,
        SHARD,
        price / DAYS / GIGABYTE,
    )
