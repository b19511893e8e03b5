"""Finding messages."""

from datetime import datetime
from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.message.rows import Feedback, Message
from octavo.products.comms.paging import Keyset, PageRequest, Slice, page_by_id

COLUMNS = ", ".join(Message.__struct_fields__)
_OF_ACCOUNT = f"SELECT {COLUMNS} FROM comms.message WHERE account_id = $1"
# Each combination is a statement of its own, so that the planner takes the index that fits it.
_BY = {
    (False, False): Keyset(_OF_ACCOUNT),
    (True, False): Keyset(f"{_OF_ACCOUNT} AND sender = $2"),
    (False, True): Keyset(f"{_OF_ACCOUNT} AND recipient = $2"),
    (True, True): Keyset(f"{_OF_ACCOUNT} AND sender = $2 AND recipient = $3"),
}
_SENT = "({0}::timestamptz IS NULL OR created_at >= {0}) AND ({1}::timestamptz IS NULL OR created_at < {1})"
_BY_TIME = {
    (False, False): Keyset(f"{_OF_ACCOUNT} AND {_SENT.format('$2', '$3')}"),
    (True, False): Keyset(f"{_OF_ACCOUNT} AND sender = $2 AND {_SENT.format('$3', '$4')}"),
    (False, True): Keyset(f"{_OF_ACCOUNT} AND recipient = $2 AND {_SENT.format('$3', '$4')}"),
    (True, True): Keyset(f"{_OF_ACCOUNT} AND sender = $2 AND recipient = $3 AND {_SENT.format('$4', '$5')}"),
}


async def message(db: Queryable, account_id: AccountId, message_id: UUID) -> Message:
    """Raises CommsRefusal 20404."""
    found = await db.one(Message, f"{_OF_ACCOUNT} AND id = $2", account_id, message_id)
    if found is None:
        raise CommsRefusal(20404)
    return found


async def messages(
    db: Queryable,
    account_id: AccountId,
    page: PageRequest,
    *,
    sender: str = "",
    recipient: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
) -> Slice[Message]:
    """An account's messages, newest first."""
    key = (bool(sender), bool(recipient))
    ends = [one for one in (sender, recipient) if one]
    if since is None and before is None:
        return await page_by_id(db, Message, _BY[key], account_id, *ends, page=page)
    return await page_by_id(db, Message, _BY_TIME[key], account_id, *ends, since, before, page=page)


async def feedback(db: Queryable, account_id: AccountId, message_id: UUID) -> Feedback | None:
    return await db.one(
        Feedback,
        """
        SELECT account_id, message_id, outcome, created_at, updated_at FROM comms.message_feedback
        WHERE account_id = $1 AND message_id = $2
        """,
        account_id,
        message_id,
    )
