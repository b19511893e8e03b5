"""Finding credentials."""

from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.credential.rows import Credential, Kind
from octavo.products.comms.paging import Keyset, PageRequest, Slice, page_by_id

COLUMNS = ", ".join(Credential.__struct_fields__)
_CREDENTIALS = Keyset(f"SELECT {COLUMNS} FROM comms.credential WHERE account_id = $1 AND kind = $2")


async def credential(db: Queryable, account_id: AccountId, kind: Kind, credential_id: UUID) -> Credential:
    """Raises CommsRefusal 20404."""
    found = await db.one(
        Credential,
        f"SELECT {COLUMNS} FROM comms.credential WHERE account_id = $1 AND kind = $2 AND id = $3",
        account_id,
        kind,
        credential_id,
    )
    if found is None:
        raise CommsRefusal(20404)
    return found


async def credentials(db: Queryable, account_id: AccountId, kind: Kind, page: PageRequest) -> Slice[Credential]:
    return await page_by_id(db, Credential, _CREDENTIALS, account_id, kind, page=page)
