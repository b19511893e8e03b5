"""The months that an account has a number for: each is counted on its first day."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.products.comms.number.rows import Kind, PhoneNumber
from octavo.products.comms.pricing.queries import price_list
from octavo.products.comms.pricing.rules import price_of_number
from octavo.products.comms.usage.actions import count
from octavo.products.comms.usage.categories import category_of_number
from octavo.products.comms.usage.rows import Used
from octavo.products.comms.usage.rules import in_millionths


class Month(Struct, frozen=True):
    """A month of a number that begins on `day`."""

    account_id: UUID
    day: date
    country: str
    kind: Kind


class Months(Struct, frozen=True):
    """How many were counted since the first day, and when the next one begins."""

    first_day: date
    counted: int
    next_day: date


async def begin_months(ctx: Context, tx: Transaction, number: PhoneNumber) -> None:
    """The first month of a number that has just been bought."""
    today = ctx.now.date()
    await _keep(tx, number, today, 1)
    await _count(ctx, tx, [Month(number.account_id, today, number.country, number.kind)])


async def months_of(tx: Transaction, number: PhoneNumber) -> Months | None:
    return await tx.one(
        Months,
        """
        SELECT first_day, counted, next_day FROM comms.number_month
        WHERE account_id = $1 AND number_id = $2 FOR UPDATE
        """,
        number.account_id,
        number.id,
    )


async def keep_months(ctx: Context, tx: Transaction, number: PhoneNumber, months: Months | None) -> None:
    """Those of a number that was moved: its new account owes the next one, on the day on which the old one had."""
    if months is None:
        await begin_months(ctx, tx, number)
    else:
        await _keep(tx, number, months.first_day, months.counted)


async def count_months(ctx: Context, most: int = 500) -> int:
    """Counts the months that have begun, one for each number; how many. For a schedule."""
    async with ctx.db.main.transaction() as tx:
        begun = await tx.fetch(
            Month,
            # fanout: the numbers of all accounts whose month begins.
            """
            WITH due AS (
                SELECT account_id, number_id, next_day FROM comms.number_month /* fanout */
                WHERE next_day <= $1 ORDER BY next_day LIMIT $2 FOR UPDATE SKIP LOCKED
            )
            UPDATE comms.number_month AS m SET counted = m.counted + 1,
                next_day = (m.first_day + make_interval(months => m.counted + 1))::date
            FROM due JOIN comms.number AS n ON n.account_id = due.account_id AND n.id = due.number_id
            WHERE m.account_id = due.account_id AND m.number_id = due.number_id
            RETURNING m.account_id, due.next_day AS day, n.country, n.kind
            """,
            ctx.now.date(),
            most,
        )
        await _count(ctx, tx, begun)
    return len(begun)


async def _keep(tx: Transaction, number: PhoneNumber, first_day: date, counted: int) -> None:
    await tx.execute(
        """
        INSERT INTO comms.number_month (account_id, number_id, first_day, counted, next_day)
        VALUES ($1, $2, $3, $4, ($3::date + make_interval(months => $4))::date)
        """,
        number.account_id,
        number.id,
        first_day,
        counted,
    )


async def _count(ctx: Context, tx: Transaction, months: list[Month]) -> None:
    prices = price_list(ctx.settings)
    await count(
        tx,
        [
            Used(
                one.account_id,
                category_of_number(one.kind),
                one.day,
                price=in_millionths(price_of_number(prices, one.country, one.kind)),
            )
            for one in months
        ],
    )
