"""Searching the messages of an account."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from octavo.kernel import search
from octavo.kernel.context import Engines
from octavo.kernel.db import Queryable
from octavo.products.comms.account.rows import Account
from octavo.products.comms.message.bodies import opened
from octavo.products.comms.message.queries import COLUMNS
from octavo.products.comms.message.rows import Message
from octavo.products.comms.message_search.keys import search_key
from octavo.products.comms.message_search.rows import KIND, Unread, Wanted
from octavo.products.comms.paging import Keyset, PageRequest, Slice, page_by_id

EARLIEST, LATEST = datetime.fromisoformat("1970-01-01T00:00Z"), datetime.fromisoformat("9000-01-01T00:00Z")
LOOKED_AT = 200  # things of the index that are looked at together
MOST_LOOKS = 25  # for one page: words that are everywhere, with a filter that nothing passes, end so
# An id is made before the message's own time is noted, though hardly.
SLACK = timedelta(minutes=1)

_WANTED = f"""
    SELECT {COLUMNS} FROM comms.message
    WHERE account_id = $1 AND ($2 = '' OR sender = $2 OR recipient = $2) AND ($3 = '' OR status = $3)
      AND created_at >= $4 AND created_at < $5
"""
_PAGES = Keyset(_WANTED)


async def search_messages(engines: Engines, account: Account, wanted: Wanted, page: PageRequest) -> Slice[Message]:
    """A page of messages, newest first, with their texts. Words are found some seconds after they were sent."""
    if wanted.words:
        found = await _by_words(engines, account, wanted, page)
    else:
        found = await page_by_id(engines.db.main, Message, _PAGES, *_conditions(account, wanted), page=page)
    return Slice([await opened(engines, one) for one in found.items], found.next, found.previous)


async def _by_words(engines: Engines, account: Account, wanted: Wanted, page: PageRequest) -> Slice[Message]:
    key = await search_key(engines, account.id)
    place = search.Place(at=time_of(page.after), thing_id=page.after) if page.after else None
    items: list[Message] = []
    for _ in range(MOST_LOOKS):
        some = await search.found(
            engines.db.main,
            account.id,
            KIND,
            wanted.words,
            private_key=key,
            since=(wanted.since or EARLIEST + SLACK) - SLACK,
            before=(wanted.before or LATEST) + SLACK,
            after=place,
            most=LOOKED_AT,
        )
        items += await _among(engines.db.main, account, wanted, [one.thing_id for one in some])
        if len(items) > page.size:
            return Slice(items[: page.size], items[page.size - 1].id)
        if len(some) < LOOKED_AT:
            return Slice(items)
        place = search.Place(at=some[-1].at, thing_id=some[-1].thing_id)
    assert place is not None
    return Slice(items, place.thing_id)


async def _among(db: Queryable, account: Account, wanted: Wanted, ids: Sequence[UUID]) -> list[Message]:
    return await db.fetch(
        Message, f"{_WANTED} AND id = ANY($6) ORDER BY id DESC", *_conditions(account, wanted), list(ids)
    )


def _conditions(account: Account, wanted: Wanted) -> tuple[object, ...]:
    return account.id, wanted.number, wanted.status, wanted.since or EARLIEST, wanted.before or LATEST


def time_of(id: UUID) -> datetime:
    """When a UUIDv7 was made (RFC 9562, 5.7): the time by which the index orders messages."""
    return datetime.fromtimestamp((id.int >> 80) / 1000, UTC)


async def unread(db: Queryable, after: tuple[datetime, UUID], most: int) -> list[Unread]:
    """Messages behind a place, in the order of their times. Those that somebody is changing are left for later.

    They stay as they are until the transaction ends, so a text that is being forgotten is not put into the index.
    """
    return await db.fetch(
        Unread,
        """
        SELECT account_id, id, body, sealed_body, body_key, created_at
        FROM comms.message /* fanout: one indexer for all accounts */
        WHERE created_at >= $1 AND (created_at, id) > ($1, $2) AND (body <> '' OR sealed_body IS NOT NULL)
        ORDER BY created_at, id LIMIT $3 FOR SHARE SKIP LOCKED
        """,
        *after,
        most,
    )
