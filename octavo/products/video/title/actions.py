"""Everything that changes a title, each in one transaction."""

import logging
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from octavo.kernel.context import SYSTEM, Context
from octavo.kernel.db import Transaction
from octavo.kernel.events import emit
from octavo.kernel.ids import new_id
from octavo.kernel.media import NewAsset, asset_views, delete_asset
from octavo.kernel.refusals import Unauthenticated
from octavo.kernel.subject import create_subject, set_subject_state
from octavo.products.video.title import queries, rules, text
from octavo.products.video.title.events import AssetChangedSeen, TitleDeleted, TitleRestored
from octavo.products.video.title.rows import NewTitle, Title, TitleChanges, TitleId, Visibility
from octavo.products.video.title.storing import forget, store, store_deletion, tell_publication

log = logging.getLogger("octavo.video")


async def create_title(ctx: Context, tx: Transaction, film: NewAsset) -> None:
    """A private draft, named after the file, or the announced title that the film is for.

    Raises NotACreator, TitleNotFound, NotYourTitle or HasFilm before a byte is stored.
    """
    rules.may_upload(ctx.actor, ctx.settings.video.uploads)
    if film.belongs_to is not None:
        await _attach(ctx, tx, film.belongs_to, film)
        return
    title_id = new_id()
    await tx.execute(
        """
        INSERT INTO video.title (id, owner_id, asset_id, title, uploaded_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $5)
        """,
        title_id,
        film.owner_id,
        film.asset_id,
        text.title_from_filename(film.filename),
        ctx.now,
    )
    await tx.execute("INSERT INTO video.film (asset_id, title_id) VALUES ($1, $2)", film.asset_id, title_id)
    await create_subject(tx, title_id, kind="video.title", owner_id=film.owner_id, state="private")


async def announce_title(ctx: Context, new: NewTitle) -> Title:
    """A title whose film is still to come. Raises Unauthenticated, NotACreator, Invalid (every wrong field)."""
    rules.may_upload(ctx.actor, ctx.settings.video.uploads)
    if ctx.actor.user_id is None:
        raise Unauthenticated("Sign in to announce a title.")
    title = rules.announced(ctx.actor.user_id, new_id(), new, ctx.now)
    async with ctx.db.main.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO video.title (id, owner_id, title, uploaded_at, updated_at, film_state, announced)
            VALUES ($1, $2, $3, $4, $4, 'announced', true)
            """,
            title.id,
            title.owner_id,
            title.title,
            ctx.now,
        )
        await store(tx, title)
        await create_subject(
            tx, title.id, kind="video.title", owner_id=title.owner_id, state=rules.subject_state(title)
        )
        await tell_publication(tx, None, title)
    return title


async def edit_title(ctx: Context, title_id: TitleId, changes: TitleChanges) -> Title:
    """Raises TitleNotFound, NotYourTitle, Invalid, FilmUnplayable."""
    async with ctx.db.main.transaction() as tx:
        before = await queries.title_for_update(tx, title_id, ctx.actor)
        rules.may_edit(ctx.actor, before)
        after = rules.edited(before, changes, ctx.now)
        await store(tx, after)
        await tell_publication(tx, before.published_at, after)
        if after.visibility != before.visibility:
            await set_subject_state(tx, title_id, rules.subject_state(after))
    return after


async def publish_title(ctx: Context, title_id: TitleId, visibility: Visibility = "public") -> Title:
    """Shows the title to everyone, to those with its link, or to nobody again. A film may still be encoding."""
    return await edit_title(ctx, title_id, TitleChanges(visibility=visibility))


async def delete_title(ctx: Context, title_id: TitleId) -> Title:
    """Hides the title from everyone at once. Until `purge_at` it can be restored; then it is gone for ever."""
    grace = timedelta(hours=ctx.settings.video.delete_grace_hours)
    async with ctx.db.main.transaction() as tx:
        title = await queries.title_for_update(tx, title_id, ctx.actor)
        rules.may_delete(ctx.actor, title)
        if title.deleted_at is not None:
            return title
        deleted = rules.deleted(title, ctx.actor, grace, ctx.now)
        await store_deletion(tx, deleted)
        await emit(tx, TitleDeleted(title_id=title_id, owner_id=title.owner_id), shard=title_id)
    return deleted


async def restore_title(ctx: Context, title_id: TitleId) -> Title:
    """Undoes a deletion within its grace."""
    async with ctx.db.main.transaction() as tx:
        title = await queries.title_for_update(tx, title_id, ctx.actor)
        if title.deleted_at is None:
            return title
        rules.may_restore(ctx.actor, title)
        restored = rules.restored(title)
        await store_deletion(tx, restored)
        await emit(tx, TitleRestored(title_id=title_id, owner_id=title.owner_id), shard=title_id)
    return restored


async def purge_title(ctx: Context, title_id: TitleId) -> None:
    """Ends a deleted title for ever, with its film's work and files. Raises NotDeleted, NotYourTitle."""
    async with ctx.db.main.transaction() as tx:
        title = await queries.title_for_update(tx, title_id, ctx.actor)
        rules.may_purge(ctx.actor, title)
        if title.asset_id is not None:
            await delete_asset(ctx, tx, title.asset_id)
        await forget(tx, title)


async def purge_due_titles(ctx: Context) -> int:
    """Purges the deleted titles whose grace has ended, and says how many it found."""
    due = await queries.titles_due_for_purge(ctx.db.main, ctx.now)
    for title_id in due:
        try:
            await purge_title(ctx, title_id)
        except (rules.TitleNotFound, rules.NotDeleted):
            pass  # purged or restored since they were listed
        except Exception:
            log.exception("%s could not be purged; the next sweep tries again", title_id)
    return len(due)


async def _attach(ctx: Context, tx: Transaction, title_id: TitleId, film: NewAsset) -> None:
    title = await queries.title_for_update(tx, title_id, ctx.actor)
    rules.may_edit(ctx.actor, title)
    rules.may_have_film(title)
    await tx.execute(
        "UPDATE video.title SET asset_id = $2, film_state = 'uploading', updated_at = $3 WHERE id = $1",
        title_id,
        film.asset_id,
        ctx.now,
    )
    await tx.execute("INSERT INTO video.film (asset_id, title_id) VALUES ($1, $2)", film.asset_id, title_id)


async def _waits_again(tx: Transaction, title_id: TitleId, asset_id: UUID) -> bool:
    """An upload that was given up takes an announced title along no more than a bad film would."""
    waits = await tx.execute(
        """
        UPDATE video.title
        SET asset_id = NULL, film_state = 'announced', film_failure = '', film_version = 0,
            duration = 0, width = 0, height = 0, size = 0, poster_url = ''
        WHERE id = $1 AND announced
        """,
        title_id,
    )
    if waits:
        await tx.execute("DELETE FROM video.film WHERE asset_id = $1", asset_id)
    return waits > 0


async def take_over_film(ctx: Context, tx: Transaction, seen: AssetChangedSeen) -> None:
    """Copies what a title's pages need of its film's asset. Assets of other products are passed over."""
    title_id = await queries.title_of_film(tx, seen.asset_id)
    if title_id is None:
        return
    film = (await asset_views(tx, [seen.asset_id])).get(seen.asset_id)
    if film is None or film.state == "deleted":
        if await _waits_again(tx, title_id, seen.asset_id):
            return
        with suppress(rules.TitleNotFound):  # purged meanwhile: then its rows are gone already
            await forget(tx, await queries.title_for_update(tx, title_id, SYSTEM))
        return
    await tx.execute(
        """
        UPDATE video.title
        SET film_state = $2, film_failure = $3, film_version = $4,
            duration = $5, width = $6, height = $7, size = $8, poster_url = $9
        WHERE id = $1
        """,
        title_id,
        film.state,
        film.failure,
        film.manifest_version,
        film.duration,
        film.width,
        film.height,
        film.size,
        film.poster_url,
    )
