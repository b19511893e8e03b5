"""Finding caller ids and the requests that wait for an answer."""

from datetime import datetime
from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.caller_id.rows import CallerId, ValidationRequest
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.paging import Keyset, PageRequest, Slice, page_by_id

COLUMNS = ", ".join(CallerId.__struct_fields__)
REQUEST_COLUMNS = ", ".join(ValidationRequest.__struct_fields__)
_CALLER_IDS = Keyset(
    f"""
    SELECT {COLUMNS} FROM comms.caller_id
    WHERE account_id = $1 AND ($2::text IS NULL OR number = $2) AND ($3::text IS NULL OR friendly_name = $3)
    """
)


async def caller_id(db: Queryable, account_id: AccountId, caller_id: UUID) -> CallerId:
    """Raises CommsRefusal 20404."""
    found = await db.one(
        CallerId, f"SELECT {COLUMNS} FROM comms.caller_id WHERE account_id = $1 AND id = $2", account_id, caller_id
    )
    if found is None:
        raise CommsRefusal(20404)
    return found


async def caller_ids(
    db: Queryable,
    account_id: AccountId,
    page: PageRequest,
    *,
    number: str | None = None,
    friendly_name: str | None = None,
) -> Slice[CallerId]:
    """An account's caller ids, newest first."""
    return await page_by_id(db, CallerId, _CALLER_IDS, account_id, number or None, friendly_name or None, page=page)


async def may_call_from(db: Queryable, account_id: AccountId, number: str) -> bool:
    """Whether the number is one that the account proved to be allowed to show."""
    found: bool | None = await db.value(
        "SELECT true FROM comms.caller_id WHERE account_id = $1 AND number = $2", account_id, number
    )
    return found is not None


async def request(db: Queryable, account_id: AccountId, request_id: UUID) -> ValidationRequest:
    """Raises CommsRefusal 20404."""
    found = await db.one(
        ValidationRequest,
        f"SELECT {REQUEST_COLUMNS} FROM comms.validation_request WHERE account_id = $1 AND id = $2",
        account_id,
        request_id,
    )
    if found is None:
        raise CommsRefusal(20404)
    return found


async def waiting_requests(
    db: Queryable, account_id: AccountId, now: datetime, *, number: str | None = None
) -> list[ValidationRequest]:
    """Requests that are open now, the newest first: with `number` those calls that its handset hears."""
    return await db.fetch(
        ValidationRequest,
        f"""
        SELECT {REQUEST_COLUMNS} FROM comms.validation_request
        WHERE account_id = $1 AND status = 'pending' AND due_at <= $2 AND expires_at > $2
          AND ($3::text IS NULL OR (number = $3 AND channel = 'call'))
        ORDER BY id DESC LIMIT 100
        """,
        account_id,
        now,
        number,
    )
