"""What becomes of a title: made with its film, edited, published, deleted, restored, purged."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from octavo.kernel.context import Actor, Context
from octavo.kernel.ids import new_id
from octavo.kernel.media import NewAsset
from octavo.kernel.subject import subject
from octavo.products.video.title import actions, queries, rules
from octavo.products.video.title.events import AssetChangedSeen
from octavo.products.video.title.rows import NewTitle, Title, TitleChanges
from tests.products.video.factories import a_person

DAY = timedelta(days=1)


async def an_uploading_film(
    ctx: Context, owner: Actor, filename: str = "harbour_at_dawn.mp4", *, belongs_to: UUID | None = None
) -> Title:
    """What an upload's first request leaves behind: an asset, and its title."""
    assert owner.user_id is not None
    film = NewAsset(new_id(), owner.user_id, filename, "video.title", belongs_to)
    async with ctx.db.main.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO media.asset (asset_id, owner_id, purpose, filename, state, size, created_at, changed_at)
            VALUES ($1, $2, $3, $4, 'uploading', 1000, $5, $5)
            """,
            film.asset_id,
            film.owner_id,
            film.purpose,
            film.filename,
            ctx.now,
        )
        await actions.create_title(ctx.acting_as(owner), tx, film)
    title_id = await queries.title_of_film(ctx.db.main, film.asset_id)
    assert title_id is not None
    return await queries.title(ctx.db.main, title_id, owner)


async def the_asset_becomes(ctx: Context, title: Title, state: str, **columns: object) -> None:
    """The asset changes, and the title hears of it."""
    changes = {"state": state, **columns}
    settings = ", ".join(f"{name} = ${n}" for n, name in enumerate(changes, 2))
    async with ctx.db.main.transaction() as tx:
        await tx.execute(f"UPDATE media.asset SET {settings} WHERE asset_id = $1", title.asset_id, *changes.values())
        await actions.take_over_film(ctx, tx, AssetChangedSeen(title.asset_id))


async def events_of(ctx: Context, shard: UUID) -> list[str]:
    return await ctx.db.main.column("SELECT name FROM events.outbox WHERE shard = $1 ORDER BY id", shard)


async def state_of_subject(ctx: Context, title: Title) -> str:
    found = await subject(ctx.db.main, title.id)
    assert found is not None
    assert (found.kind, found.owner_id) == ("video.title", title.owner_id)
    return found.state


async def test_an_upload_makes_a_private_draft_named_after_its_file(ctx: Context) -> None:
    title = await an_uploading_film(ctx, a_person())
    assert (title.title, title.visibility, title.film_state) == ("harbour at dawn", "private", "uploading")
    assert title.published_at is None
    assert await state_of_subject(ctx, title) == "private"


async def test_a_draft_follows_its_film(ctx: Context) -> None:
    owner = a_person()
    title = await an_uploading_film(ctx, owner)
    await the_asset_becomes(
        ctx, title, "playable", duration=61.5, width=1920, height=1080, manifest_version=1, poster_etag="abc"
    )
    now = await queries.title(ctx.db.main, title.id, owner)
    assert now.watchable
    assert now.in_progress
    assert (now.duration, now.height, now.film_version, now.size) == (61.5, 1080, 1, 1000)
    assert "abc" in now.poster_url


async def test_a_failure_is_told_to_the_owner(ctx: Context) -> None:
    owner = a_person()
    title = await an_uploading_film(ctx, owner)
    await the_asset_becomes(ctx, title, "failed", failure="This file holds no video.")
    assert (await queries.title(ctx.db.main, title.id, owner)).film_failure == "This file holds no video."


async def test_an_ended_upload_takes_its_draft_with_it(ctx: Context) -> None:
    owner = a_person()
    title = await an_uploading_film(ctx, owner)
    await the_asset_becomes(ctx, title, "deleted")
    with pytest.raises(rules.TitleNotFound):
        await queries.title(ctx.db.main, title.id, owner)
    assert await queries.title_of_film(ctx.db.main, title.asset_id) is None


async def test_what_happens_to_the_assets_of_others_is_passed_over(ctx: Context) -> None:
    async with ctx.db.main.transaction() as tx:
        await actions.take_over_film(ctx, tx, AssetChangedSeen(new_id()))


async def test_publishing_is_told_once(ctx: Context) -> None:
    owner = a_person()
    as_owner = ctx.acting_as(owner)
    title = await an_uploading_film(ctx, owner)
    published = await actions.publish_title(as_owner, title.id)
    assert published.published_at == ctx.now
    assert await state_of_subject(ctx, title) == "public"
    await actions.publish_title(as_owner, title.id, "private")
    assert await state_of_subject(ctx, title) == "private"
    later = replace(as_owner, now=ctx.now + DAY)
    assert (await actions.publish_title(later, title.id, "unlisted")).published_at == ctx.now
    assert await events_of(ctx, title.id) == ["video.title_published"]


async def test_an_edit_is_stored_with_its_hashtags(ctx: Context) -> None:
    owner = a_person()
    title = await an_uploading_film(ctx, owner)
    changes = TitleChanges(title=" Harbour ", description="Boats. #Dawn", tags=["Sea", "sea"], location="Lagos")
    await actions.edit_title(ctx.acting_as(owner), title.id, changes)
    stored = await queries.title(ctx.db.main, title.id, owner)
    assert (stored.title, stored.hashtags, stored.tags, stored.location) == ("Harbour", ["dawn"], ["sea"], "Lagos")


async def test_a_stranger_cannot_tell_a_private_title_from_none(ctx: Context) -> None:
    title = await an_uploading_film(ctx, a_person())
    as_stranger = ctx.acting_as(a_person())
    for attempt in (actions.delete_title, actions.publish_title, actions.restore_title, actions.purge_title):
        with pytest.raises(rules.TitleNotFound):
            await attempt(as_stranger, title.id)


async def test_a_stranger_may_not_change_a_public_title(ctx: Context) -> None:
    owner = a_person()
    title = await an_uploading_film(ctx, owner)
    await actions.publish_title(ctx.acting_as(owner), title.id)
    as_stranger = ctx.acting_as(a_person())
    for attempt in (actions.delete_title, actions.publish_title):
        with pytest.raises(rules.NotYourTitle):
            await attempt(as_stranger, title.id)


async def test_a_deletion_can_be_undone(ctx: Context) -> None:
    owner = a_person()
    as_owner = ctx.acting_as(owner)
    title = await an_uploading_film(ctx, owner)
    await actions.publish_title(as_owner, title.id)
    await actions.delete_title(as_owner, title.id)
    assert await state_of_subject(ctx, title) == "removed"
    restored = await actions.restore_title(as_owner, title.id)
    assert restored.deleted_at is None
    assert await state_of_subject(ctx, title) == "public"
    told = await events_of(ctx, title.id)
    assert told == ["video.title_published", "video.title_deleted", "video.title_restored"]


async def test_the_grace_ends_with_the_film_itself(ctx: Context) -> None:
    owner = a_person()
    title = await an_uploading_film(ctx, owner)
    await the_asset_becomes(ctx, title, "complete")
    await actions.delete_title(ctx.acting_as(owner), title.id)
    almost = replace(ctx, now=ctx.now + timedelta(hours=ctx.settings.video.delete_grace_hours) - timedelta(seconds=1))
    assert await actions.purge_due_titles(almost) == 0
    assert await actions.purge_due_titles(replace(almost, now=almost.now + timedelta(seconds=1))) == 1
    with pytest.raises(rules.TitleNotFound):
        await queries.title(ctx.db.main, title.id, owner)
    state = await ctx.db.main.value("SELECT state FROM media.asset WHERE asset_id = $1", title.asset_id)
    assert state == "deleted"
    assert await state_of_subject(ctx, title) == "removed"


async def test_a_title_can_be_removed_for_ever_at_once(ctx: Context) -> None:
    owner = a_person()
    as_owner = ctx.acting_as(owner)
    title = await an_uploading_film(ctx, owner)
    await actions.delete_title(as_owner, title.id)
    await actions.purge_title(as_owner, title.id)
    assert await events_of(ctx, title.id) == ["video.title_deleted", "video.title_purged"]


async def test_a_title_may_be_announced_before_its_film_is_there(ctx: Context) -> None:
    owner = a_person()
    new = NewTitle(title=" Harbour ", description="Fog over the #sea", tags=["Ships"], visibility="public")
    title = await actions.announce_title(ctx.acting_as(owner), new)
    assert await queries.title(ctx.db.main, title.id, a_person()) == title
    assert (title.title, title.hashtags, title.tags, title.film_state) == ("Harbour", ["sea"], ["ships"], "announced")
    assert (title.asset_id, title.watchable, title.in_progress) == (None, False, False)
    assert await state_of_subject(ctx, title) == "public"
    assert await events_of(ctx, title.id) == ["video.title_published"]
    assert (await queries.public_titles(ctx.db.main, limit=9)).items == []


async def test_the_film_of_an_announced_title_changes_nothing_that_is_said_about_it(ctx: Context) -> None:
    owner = a_person()
    announced = await actions.announce_title(ctx.acting_as(owner), NewTitle(title="Harbour"))
    title = await an_uploading_film(ctx, owner, belongs_to=announced.id)
    assert (title.id, title.title, title.film_state) == (announced.id, "Harbour", "uploading")
    await the_asset_becomes(ctx, title, "playable", duration=61.5, manifest_version=1)
    assert (await queries.title(ctx.db.main, title.id, owner)).watchable


async def test_an_upload_that_is_given_up_leaves_its_title_announced(ctx: Context) -> None:
    owner = a_person()
    announced = await actions.announce_title(ctx.acting_as(owner), NewTitle(title="Harbour"))
    title = await an_uploading_film(ctx, owner, belongs_to=announced.id)
    await the_asset_becomes(ctx, title, "deleted")
    waiting = await queries.title(ctx.db.main, title.id, owner)
    assert (waiting.asset_id, waiting.film_state) == (None, "announced")
    again = await an_uploading_film(ctx, owner, belongs_to=announced.id)
    assert again.id == title.id
    assert await queries.title_of_film(ctx.db.main, title.asset_id or new_id()) is None


async def test_a_title_has_one_film_and_only_its_owner_brings_it(ctx: Context) -> None:
    owner = a_person()
    announced = await actions.announce_title(ctx.acting_as(owner), NewTitle(title="Harbour", visibility="public"))
    with pytest.raises(rules.NotYourTitle):
        await an_uploading_film(ctx, a_person(), belongs_to=announced.id)
    with pytest.raises(rules.TitleNotFound):
        await an_uploading_film(ctx, owner, belongs_to=new_id())
    await an_uploading_film(ctx, owner, belongs_to=announced.id)
    with pytest.raises(rules.HasFilm):
        await an_uploading_film(ctx, owner, belongs_to=announced.id)


async def test_an_announced_title_is_purged_like_any_other(ctx: Context) -> None:
    acting = ctx.acting_as(a_person())
    announced = await actions.announce_title(acting, NewTitle(title="Harbour"))
    await actions.delete_title(acting, announced.id)
    await actions.purge_title(acting, announced.id)
    assert await queries.find_title(ctx.db.main, announced.id, acting.actor) is None
