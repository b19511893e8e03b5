"""Finding triggers."""

from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.paging import Keyset, PageRequest, Slice, page_by_id
from octavo.products.comms.usage.trigger.rows import Trigger

COLUMNS = ", ".join(Trigger.__struct_fields__)
_TRIGGERS = Keyset(
    f"""
    SELECT {COLUMNS} FROM comms.usage_trigger
    WHERE account_id = $1 AND ($2::text IS NULL OR recurring = $2) AND ($3::text IS NULL OR trigger_by = $3)
      AND ($4::text IS NULL OR category = $4)
    """
)


async def trigger(db: Queryable, account_id: AccountId, trigger_id: UUID) -> Trigger:
    """Raises CommsRefusal 20404."""
    found = await db.one(
        Trigger,
        f"SELECT {COLUMNS} FROM comms.usage_trigger WHERE account_id = $1 AND id = $2",
        account_id,
        trigger_id,
    )
    if found is None:
        raise CommsRefusal(20404)
    return found


async def triggers(
    db: Queryable,
    account_id: AccountId,
    page: PageRequest,
    *,
    recurring: str | None = None,
    by: str | None = None,
    category: str | None = None,
) -> Slice[Trigger]:
    return await page_by_id(db, Trigger, _TRIGGERS, account_id, recurring, by, category or None, page=page)


async def triggers_after(db: Queryable, after: UUID, most: int) -> list[Trigger]:
    """All of them, in order, some at a time."""
    return await db.fetch(
        Trigger,
        # fanout: every trigger is looked at, whoever set it.
        f"SELECT {COLUMNS} FROM comms.usage_trigger /* fanout */ WHERE id > $1 ORDER BY id LIMIT $2",
        after,
        most,
    )
