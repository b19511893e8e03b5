"""Finding messages."""

from datetime import datetime, timedelta
from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.message.rows import Changed, Feedback, Message
from octavo.products.comms.paging import Keyset, PageRequest, Slice, page_by_id

COLUMNS = ", ".join(Message.__struct_fields__)
_MARKS = ", ".join(f"${n}" for n, _ in enumerate(Message.__struct_fields__, start=1))
INSERT = f"INSERT INTO comms.message ({COLUMNS}) VALUES ({_MARKS})"  # of one whole row
OF_ACCOUNT = f"SELECT {COLUMNS} FROM comms.message WHERE account_id = $1"
# Each combination is a statement of its own, so that the planner takes the index that fits it.
_ENDS = {
    (False, False): OF_ACCOUNT,
    (True, False): f"{OF_ACCOUNT} AND sender = $2",
    (False, True): f"{OF_ACCOUNT} AND recipient = $2",
    (True, True): f"{OF_ACCOUNT} AND sender = $2 AND recipient = $3",
}
_BY_ENDS = {key: Keyset(select) for key, select in _ENDS.items()}
_BY_TIME = {
    key: Keyset(f"{select} AND sent_at >= ${n} AND sent_at < ${n + 1} AND id >= ${n + 2} AND id < ${n + 3}")
    for key, select in _ENDS.items()
    for n in (2 + sum(key),)
}
EARLIEST, LATEST = datetime.fromisoformat("1970-01-01T00:00Z"), datetime.fromisoformat("9000-01-01T00:00Z")
LONGEST_WAIT = timedelta(days=36)  # from acceptance until a message is sent: scheduling, and then the queue


async def message(db: Queryable, account_id: AccountId, message_id: UUID) -> Message:
    """As it is stored; `bodies.opened` opens an encrypted text. Raises CommsRefusal 20404."""
    found = await db.one(Message, f"{OF_ACCOUNT} AND id = $2", account_id, message_id)
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
    """An account's messages, newest first, as they are stored; with times those that were sent then."""
    key = (bool(sender), bool(recipient))
    ends = [one for one in (sender, recipient) if one]
    if since is None and before is None:
        return await page_by_id(db, Message, _BY_ENDS[key], account_id, *ends, page=page)
    first, last = since or EARLIEST, before or LATEST
    ids = first_id(max(EARLIEST, first - LONGEST_WAIT)), first_id(last)
    return await page_by_id(db, Message, _BY_TIME[key], account_id, *ends, first, last, *ids, page=page)


def first_id(time: datetime) -> UUID:
    """The lowest id that is made at that time or later (UUIDv7, RFC 9562)."""
    return UUID(int=int(time.timestamp() * 1000) << 80)


def as_changed(one: Message) -> Changed:
    """What its status callback says."""
    return Changed(
        one.account_id,
        one.id,
        one.sender,
        one.recipient,
        one.status,
        one.error_code,
        one.service_id,
        one.status_callback,
        one.num_media,
        one.discards_body,
        one.hides_recipient,
    )


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
