"""What the inspector shows."""

from uuid import UUID

from octavo.kernel.callbacks.rows import Attempt, ListedDelivery
from octavo.kernel.db import Queryable
from octavo.kernel.refusals import NotFound

COLUMNS = ", ".join(ListedDelivery.__struct_fields__)
_FIRST = UUID(int=0)


async def deliveries(
    db: Queryable,
    owner_id: UUID,
    *,
    since: UUID = _FIRST,
    before: UUID | None = None,
    state: str = "",
    subject: str = "",
    most: int = 50,
) -> list[ListedDelivery]:
    """An owner's callbacks, newest first, as they lie; `before` is the id of the last one of the page before."""
    return await db.fetch(
        ListedDelivery,
        f"""
        SELECT {COLUMNS} FROM callbacks.delivery
        WHERE owner_id = $1 AND ($2::uuid IS NULL OR id < $2) AND ($3 = '' OR state = $3) AND ($4 = '' OR subject = $4)
          AND id >= $6
        ORDER BY id DESC LIMIT $5
        """,
        owner_id,
        before,
        state,
        subject,
        most,
        since,
    )


async def delivery(db: Queryable, owner_id: UUID, delivery_id: UUID) -> ListedDelivery:
    """As it lies. Raises NotFound."""
    found = await db.one(
        ListedDelivery,
        f"SELECT {COLUMNS} FROM callbacks.delivery WHERE owner_id = $1 AND id = $2",
        owner_id,
        delivery_id,
    )
    if found is None:
        raise NotFound("There is no such callback; delivered ones are forgotten after some days.")
    return found


async def attempts(db: Queryable, owner_id: UUID, delivery_id: UUID) -> list[Attempt]:
    """The tries that went wrong, in order."""
    return await db.fetch(
        Attempt,
        """
        SELECT id, url, status, reason, detail, seconds, at FROM callbacks.attempt
        WHERE owner_id = $1 AND delivery_id = $2 ORDER BY id
        """,
        owner_id,
        delivery_id,
    )
