"""Every way titles are read. What others own is filtered here, by who asks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from octavo.kernel.context import Actor, Context
from octavo.kernel.db import Page, Queryable, decode_cursor, page_of
from octavo.products.video.title import rules
from octavo.products.video.title.rows import Title, TitleId

_LAST_ID = UUID(int=2**128 - 1)
# By name, because a newer version may have added columns to a database that this one still reads.
_SELECT = """
    SELECT id, owner_id, asset_id, title, description, tags, hashtags, location, visibility, release_date,
        uploaded_at, updated_at, published_at, deleted_at, deleted_by, purge_at,
        film_state, film_failure, film_version, duration, width, height, size, poster_url,
        downloads_allowed
    FROM video.title
"""


async def title(db: Queryable, title_id: TitleId, viewer: Actor) -> Title:
    """One title as `viewer` may see it. Raises TitleNotFound also where it exists and is not shared with them."""
    found = await find_title(db, title_id, viewer)
    if found is None:
        raise rules.TitleNotFound(title_id)
    return found


async def find_title(db: Queryable, title_id: TitleId, viewer: Actor) -> Title | None:
    """The same, or None."""
    return await db.one(
        Title,
        f"""
        {_SELECT}
        WHERE id = $1
          AND ((visibility <> 'private' AND deleted_at IS NULL) OR owner_id = $2 OR $3)
        """,
        title_id,
        viewer.user_id,
        rules.sees_everything(viewer),
    )


async def title_for_update(db: Queryable, title_id: TitleId, viewer: Actor) -> Title:
    """The same, locked until the transaction ends, so that a rule decides about what is then written."""
    await db.value("SELECT 1 FROM video.title WHERE id = $1 FOR UPDATE", title_id)
    return await title(db, title_id, viewer)


async def asset_of_title(ctx: Context, title_id: TitleId) -> UUID | None:
    """For operators, who name films by their titles."""
    found: UUID | None = await ctx.db.main.value("SELECT asset_id FROM video.title WHERE id = $1", title_id)
    return found


async def title_of_film(db: Queryable, asset_id: UUID) -> TitleId | None:
    found: TitleId | None = await db.value("SELECT title_id FROM video.film WHERE asset_id = $1", asset_id)
    return found


async def public_titles(db: Queryable, *, cursor: str = "", limit: int) -> Page[Title]:
    """What everyone may browse and can be played now, the newest first."""
    after, last_id = _keys(cursor)
    rows = await db.fetch(
        Title,
        f"""
        {_SELECT} /* fanout: the catalogue is spread over all titles */
        WHERE visibility = 'public' AND deleted_at IS NULL AND film_state IN ('playable', 'complete')
          AND (published_at, id) < (coalesce($1, 'infinity'::timestamptz), $2)
        ORDER BY published_at DESC, id DESC
        LIMIT $3
        """,
        after,
        last_id,
        limit + 1,
    )
    return page_of(rows, limit, lambda row: (row.published_at, row.id))


async def catalogue(db: Queryable, viewer: Actor, *, cursor: str = "", limit: int) -> Page[Title]:
    """What is public or the viewer's own, announced titles too, the latest first."""
    after, last_id = _keys(cursor)
    rows = await db.fetch(
        Title,
        f"""
        SELECT * FROM (
            ({_SELECT} /* fanout: the catalogue is spread over all titles */
             WHERE visibility = 'public' AND deleted_at IS NULL
               AND (uploaded_at, id) < (coalesce($1, 'infinity'::timestamptz), $2)
             ORDER BY uploaded_at DESC, id DESC LIMIT $3)
            UNION
            ({_SELECT}
             WHERE owner_id = $4 AND deleted_at IS NULL
               AND (uploaded_at, id) < (coalesce($1, 'infinity'::timestamptz), $2)
             ORDER BY uploaded_at DESC, id DESC LIMIT $3)
        ) AS seen
        ORDER BY uploaded_at DESC, id DESC
        LIMIT $3
        """,
        after,
        last_id,
        limit + 1,
        viewer.user_id,
    )
    return page_of(rows, limit, lambda row: (row.uploaded_at, row.id))


async def titles_tagged(db: Queryable, tag: str, *, cursor: str = "", limit: int) -> Page[Title]:
    """The same with a tag or hashtag; a statement of its own, because it reads another index."""
    after, last_id = _keys(cursor)
    rows = await db.fetch(
        Title,
        f"""
        {_SELECT} /* fanout: any title may have the tag */
        WHERE (tags || hashtags) @> ARRAY[$1]
          AND visibility = 'public' AND deleted_at IS NULL AND film_state IN ('playable', 'complete')
          AND (published_at, id) < (coalesce($2, 'infinity'::timestamptz), $3)
        ORDER BY published_at DESC, id DESC
        LIMIT $4
        """,
        tag,
        after,
        last_id,
        limit + 1,
    )
    return page_of(rows, limit, lambda row: (row.published_at, row.id))


async def titles_of_owner(
    db: Queryable, owner_id: UUID, *, cursor: str = "", limit: int, deleted: bool = False
) -> Page[Title]:
    """A person's own titles in every state, or those they deleted and can still restore; the latest upload first."""
    after, last_id = _keys(cursor)
    rows = await db.fetch(
        Title,
        f"""
        {_SELECT} /* fanout: titles are spread by title, not by owner */
        WHERE owner_id = $1 AND (deleted_at IS NOT NULL) = $2
          AND (uploaded_at, id) < (coalesce($3, 'infinity'::timestamptz), $4)
        ORDER BY uploaded_at DESC, id DESC
        LIMIT $5
        """,
        owner_id,
        deleted,
        after,
        last_id,
        limit + 1,
    )
    return page_of(rows, limit, lambda row: (row.uploaded_at, row.id))


async def titles_due_for_purge(db: Queryable, now: datetime, limit: int = 100) -> list[TitleId]:
    return await db.column(
        "SELECT id FROM video.title /* fanout: a sweep */ WHERE purge_at <= $1 ORDER BY purge_at LIMIT $2", now, limit
    )


async def titles_by_id(db: Queryable, ids: Sequence[TitleId], viewer: Actor) -> dict[TitleId, Title]:
    """Those of `ids` that `viewer` may see and that can be played."""
    rows = await db.fetch(
        Title,
        f"""
        {_SELECT}
        WHERE id = ANY($1) AND deleted_at IS NULL AND film_state IN ('playable', 'complete')
          AND (visibility <> 'private' OR owner_id = $2)
        """,
        list(ids),
        viewer.user_id,
    )
    return {row.id: row for row in rows}


def _keys(cursor: str) -> tuple[datetime | None, UUID]:
    """The keys after which a page begins; None stands for "later than all"."""
    if not cursor:
        return None, _LAST_ID
    after, last_id = decode_cursor(cursor, Annotated[datetime, Meta(tz=True)], UUID)
    return after, last_id
