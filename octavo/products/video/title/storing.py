"""Writing a title's rows, and telling others of it."""

from datetime import datetime

from octavo.kernel.db import Transaction
from octavo.kernel.events import emit
from octavo.kernel.subject import set_subject_state
from octavo.products.video.title import rules
from octavo.products.video.title.events import TitlePublished, TitlePurged
from octavo.products.video.title.rows import Title


async def store(tx: Transaction, title: Title) -> None:
    await tx.execute(
        """
        UPDATE video.title
        SET title = $2, description = $3, tags = $4, hashtags = $5, location = $6, visibility = $7,
            release_date = $8, updated_at = $9, published_at = $10, downloads_allowed = $11
        WHERE id = $1
        """,
        title.id,
        title.title,
        title.description,
        title.tags,
        title.hashtags,
        title.location,
        title.visibility,
        title.release_date,
        title.updated_at,
        title.published_at,
        title.downloads_allowed,
    )


async def store_deletion(tx: Transaction, title: Title) -> None:
    await tx.execute(
        "UPDATE video.title SET deleted_at = $2, deleted_by = $3, purge_at = $4 WHERE id = $1",
        title.id,
        title.deleted_at,
        title.deleted_by,
        title.purge_at,
    )
    await set_subject_state(tx, title.id, rules.subject_state(title))


async def forget(tx: Transaction, title: Title) -> None:
    """Deletes a title's rows; its subject stays, as removed, for the sake of what others hung on it."""
    await tx.execute("DELETE FROM video.title WHERE id = $1", title.id)
    await tx.execute("DELETE FROM video.film WHERE asset_id = $1", title.asset_id)
    await tx.execute("DELETE FROM video.position WHERE title_id = $1 /* fanout: kept by person */", title.id)
    await set_subject_state(tx, title.id, "removed")
    await emit(tx, TitlePurged(title_id=title.id, owner_id=title.owner_id), shard=title.id)


async def tell_publication(tx: Transaction, before: datetime | None, title: Title) -> None:
    if title.published_at != before:
        published = TitlePublished(title_id=title.id, owner_id=title.owner_id, visibility=title.visibility)
        await emit(tx, published, shard=title.id)
