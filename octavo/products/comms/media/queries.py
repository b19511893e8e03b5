"""Finding files of messages."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Queryable
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.media.links import carrier_address
from octavo.products.comms.media.rows import Media
from octavo.products.comms.paging import Keyset, PageRequest, Slice, page_by_id

COLUMNS = ", ".join(Media.__struct_fields__)
_OF_MESSAGE = Keyset(
    f"""
    SELECT {COLUMNS} FROM comms.media
    WHERE account_id = $1 AND message_id = $2
      AND ($3::timestamptz IS NULL OR created_at >= $3) AND ($4::timestamptz IS NULL OR created_at < $4)
    """
)


async def media(db: Queryable, account_id: AccountId, message_id: UUID, media_id: UUID) -> Media:
    """Raises CommsRefusal 20404."""
    found = await db.one(
        Media,
        f"SELECT {COLUMNS} FROM comms.media WHERE account_id = $1 AND message_id = $2 AND id = $3",
        account_id,
        message_id,
        media_id,
    )
    if found is None:
        raise CommsRefusal(20404)
    return found


async def media_page(
    db: Queryable,
    account_id: AccountId,
    message_id: UUID,
    page: PageRequest,
    *,
    since: datetime | None = None,
    before: datetime | None = None,
) -> Slice[Media]:
    """The files of a message, as pages."""
    return await page_by_id(db, Media, _OF_MESSAGE, account_id, message_id, since, before, page=page)


async def media_of(db: Queryable, account_id: AccountId, message_id: UUID) -> list[Media]:
    """The files of a message in their order."""
    return await db.fetch(
        Media,
        f"SELECT {COLUMNS} FROM comms.media WHERE account_id = $1 AND message_id = $2 ORDER BY position",
        account_id,
        message_id,
    )


async def carrier_addresses(ctx: Context, db: Queryable, account_id: UUID, message_id: UUID) -> list[str]:
    """Where a carrier finds the files of a message; none where nobody outside can reach us."""
    stored = await media_of(db, AccountId(account_id), message_id) if ctx.settings.http.public_url else []
    return [carrier_address(ctx.settings, one, ctx.now) for one in stored]


async def used_bytes(db: Queryable, account_id: AccountId) -> int:
    """What the account's files take."""
    return int(
        await db.value(
            "SELECT coalesce(sum(bytes), 0)::bigint FROM comms.media_usage WHERE account_id = $1", account_id
        )
    )


async def stored_ids(db: Queryable, some: Sequence[tuple[UUID, UUID]]) -> set[UUID]:
    """Which of these files, by account and id, there are."""
    return set(
        await db.column(
            """
            SELECT id FROM comms.media
            WHERE (account_id, id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
            """,
            [account for account, _ in some],
            [media for _, media in some],
        )
    )
