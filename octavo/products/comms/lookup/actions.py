"""Counting lookups."""

from collections.abc import Sequence

from octavo.kernel.context import Context
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.usage.actions import count_services

_CATEGORIES = {
    "caller_name": "calleridlookups",
    "line_type_intelligence": "carrier-lookups",
    "validation": "number-format-lookups",
}


async def count_lookups(ctx: Context, account_id: AccountId, packages: Sequence[str]) -> None:
    """Each package that was asked for is one; without any the form of the number was looked at."""
    asked = packages or ("validation",)
    async with ctx.db.main.transaction() as tx:
        await count_services(ctx, tx, account_id, *(_CATEGORIES.get(name, "lookups") for name in asked))
