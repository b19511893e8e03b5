"""Finding an account's applications."""

from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.application.rows import Application
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.paging import Keyset, PageRequest, Slice, page_by_id

COLUMNS = ", ".join(Application.__struct_fields__)
_APPLICATIONS = Keyset(
    f"SELECT {COLUMNS} FROM comms.application WHERE account_id = $1 AND ($2::text IS NULL OR friendly_name = $2)"
)


async def application(db: Queryable, account_id: AccountId, application_id: UUID) -> Application:
    """Raises CommsRefusal 20404."""
    found = await db.one(
        Application,
        f"SELECT {COLUMNS} FROM comms.application WHERE account_id = $1 AND id = $2",
        account_id,
        application_id,
    )
    if found is None:
        raise CommsRefusal(20404)
    return found


async def applications(
    db: Queryable, account_id: AccountId, page: PageRequest, *, friendly_name: str | None = None
) -> Slice[Application]:
    """An account's applications, newest first."""
    return await page_by_id(db, Application, _APPLICATIONS, account_id, friendly_name or None, page=page)
