"""Who sees which titles, and in what order and pages."""

from datetime import timedelta
from typing import Any

import pytest

from octavo.kernel.context import ANYONE
from octavo.kernel.db import BadCursor, Database
from octavo.products.video.title import queries, rules
from octavo.products.video.title.rows import Title
from octavo.settings import Settings
from tests.products.video.factories import NOON, a_person, a_title, stored


def shown(visibility: str, minutes: int = 0, **differently: Any) -> Title:
    published = NOON + timedelta(minutes=minutes)
    return a_title(visibility=visibility, published_at=published, uploaded_at=published, **differently)


async def test_a_private_title_does_not_exist_for_others(db: Database) -> None:
    owner = a_person()
    title = await stored(db, a_title(owner))
    assert await queries.title(db, title.id, owner) == title
    assert await queries.title(db, title.id, a_person("moderator")) == title
    for other in (ANYONE, a_person(), a_person("creator")):
        with pytest.raises(rules.TitleNotFound):
            await queries.title(db, title.id, other)


@pytest.mark.parametrize("visibility", ["public", "unlisted"])
async def test_whoever_has_the_link_sees_public_and_unlisted_titles(db: Database, visibility: str) -> None:
    title = await stored(db, shown(visibility))
    assert await queries.title(db, title.id, ANYONE) == title


async def test_a_deleted_title_is_left_to_its_owner(db: Database) -> None:
    owner = a_person()
    title = shown("public", owner_id=owner.user_id, deleted_at=NOON, deleted_by=owner.user_id, purge_at=NOON)
    await stored(db, title)
    with pytest.raises(rules.TitleNotFound):
        await queries.title(db, title.id, ANYONE)
    assert (await queries.title(db, title.id, owner)).deleted_at == NOON


async def test_a_column_that_a_newer_version_added_does_no_harm(fresh_database_url: str, settings: Settings) -> None:
    db = await Database.open(fresh_database_url, settings.db, application="test")
    title = await stored(db, shown("public"))
    await db.execute("ALTER TABLE video.title ADD COLUMN mood text")
    assert await queries.title(db, title.id, ANYONE) == title
    assert (await queries.public_titles(db, limit=1)).items == [title]
    await db.close()


async def test_the_catalogue_lists_only_public_films_that_can_be_played(db: Database) -> None:
    listed = [await stored(db, shown("public", 1)), await stored(db, shown("public", 2, film_state="playable"))]
    await stored(db, shown("unlisted", 3))
    await stored(db, shown("public", 4, film_state="probing"))
    await stored(db, shown("public", 5, deleted_at=NOON, purge_at=NOON))
    await stored(db, a_title())
    page = await queries.public_titles(db, limit=10)
    assert [title.id for title in page.items] == [listed[1].id, listed[0].id]
    assert page.next is None


async def test_pages_follow_one_another_without_gap_or_repetition(db: Database) -> None:
    # Pairs share their time, so that the id has to decide between them.
    everything = [await stored(db, shown("public", n // 2)) for n in range(7)]
    seen: list[Title] = []
    cursor = ""
    while True:
        page = await queries.public_titles(db, cursor=cursor, limit=2)
        seen += page.items
        if page.next is None:
            break
        cursor = page.next
    assert len(seen) == 7
    assert {title.id for title in seen} == {title.id for title in everything}
    assert [title.published_at for title in seen] == sorted((t.published_at for t in everything), reverse=True)


async def test_a_foreign_cursor_is_refused(db: Database) -> None:
    with pytest.raises(BadCursor):
        await queries.public_titles(db, cursor="bm90IG91cnM", limit=2)


async def test_hashtags_and_tags_are_found_alike(db: Database) -> None:
    tagged = await stored(db, shown("public", 1, tags=["sea"]))
    hashed = await stored(db, shown("public", 2, hashtags=["sea"]))
    await stored(db, shown("public", 3, tags=["seaside"]))
    page = await queries.titles_tagged(db, "sea", limit=10)
    assert [title.id for title in page.items] == [hashed.id, tagged.id]


async def test_people_list_their_own_titles_and_their_deleted_ones_apart(db: Database) -> None:
    owner = a_person()
    assert owner.user_id is not None
    kept = await stored(db, a_title(owner, film_state="failed"))
    gone = await stored(db, a_title(owner, deleted_at=NOON, purge_at=NOON))
    await stored(db, a_title())
    assert [title.id for title in (await queries.titles_of_owner(db, owner.user_id, limit=9)).items] == [kept.id]
    deleted = await queries.titles_of_owner(db, owner.user_id, limit=9, deleted=True)
    assert [title.id for title in deleted.items] == [gone.id]


async def test_only_what_is_due_is_purged(db: Database) -> None:
    due = await stored(db, a_title(deleted_at=NOON, purge_at=NOON))
    await stored(db, a_title(deleted_at=NOON, purge_at=NOON + timedelta(seconds=1)))
    await stored(db, a_title())
    assert await queries.titles_due_for_purge(db, NOON) == [due.id]
