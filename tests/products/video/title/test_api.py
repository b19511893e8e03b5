"""The API of titles, as a program meets it."""

from datetime import timedelta
from uuid import UUID

import httpx

from octavo.kernel.db import Database
from octavo.kernel.ids import new_id
from octavo.kernel.subject import create_subject
from tests.products.conftest import Enter, Visitor
from tests.products.video.factories import NOON, a_title, stored

TITLES = "/api/video/v1/titles"


async def test_anyone_lists_public_titles_page_by_page(anyone: httpx.AsyncClient, db: Database) -> None:
    for n in range(3):
        await stored(
            db, a_title(title=f"Film {n}", visibility="public", published_at=NOON + timedelta(days=n), tags=["sea"])
        )
    first = (await anyone.get(TITLES, params={"limit": 2, "tag": "#Sea"})).json()
    rest = (await anyone.get(TITLES, params={"limit": 2, "tag": "#Sea", "cursor": first["next"]})).json()
    assert [title["title"] for title in first["items"] + rest["items"]] == ["Film 2", "Film 1", "Film 0"]
    assert rest["next"] is None


async def test_only_the_signed_in_have_titles_of_their_own(anyone: httpx.AsyncClient, enter: Enter) -> None:
    assert (await anyone.get(TITLES, params={"owner": "me"})).status_code == 401
    nadia = await enter()
    assert (await nadia.http.get(TITLES, params={"owner": "me"})).json() == {"items": [], "next": None}


async def test_a_title_tells_what_a_program_needs(anyone: httpx.AsyncClient, db: Database, enter: Enter) -> None:
    nadia = await enter()
    title = await stored(db, a_title(nadia.actor, visibility="unlisted", published_at=NOON, location="Lagos"))
    told = (await anyone.get(f"{TITLES}/{title.id}")).json()
    assert told["uploader"] == {"id": str(nadia.actor.user_id), "name": nadia.actor.name}
    assert told["location"] == "Lagos"
    assert told["film"]["length"] == 600.0
    assert told["url"] == f"/video/titles/{title.id}"


async def test_an_unknown_and_a_private_title_answer_alike(anyone: httpx.AsyncClient, db: Database) -> None:
    private = await stored(db, a_title())
    for title_id in (private.id, new_id()):
        answer = await anyone.get(f"{TITLES}/{title_id}")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["title"] == "There is nothing here"


async def test_an_edit_changes_only_what_it_names(db: Database, enter: Enter) -> None:
    nadia = await enter()
    title = await stored(
        db, a_title(nadia.actor, description="Boats. #dawn", hashtags=["dawn"], release_date=NOON.date())
    )
    answer = await nadia.http.patch(f"{TITLES}/{title.id}", json={"title": "Harbour", "release_date": None})
    told = answer.json()
    assert (told["title"], told["description"], told["hashtags"], told["release_date"]) == (
        "Harbour",
        "Boats. #dawn",
        ["dawn"],
        None,
    )


async def test_every_wrong_field_is_named(db: Database, enter: Enter) -> None:
    nadia = await enter()
    title = await stored(db, a_title(nadia.actor))
    answer = await nadia.http.patch(f"{TITLES}/{title.id}", json={"title": "", "description": "x" * 5001})
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"title", "description"}


async def test_a_published_title_is_listed_and_a_deleted_one_is_not(
    anyone: httpx.AsyncClient, db: Database, enter: Enter
) -> None:
    nadia = await enter()
    title = await published_by(nadia, db)
    assert [item["id"] for item in (await anyone.get(TITLES)).json()["items"]] == [str(title)]
    assert (await nadia.http.delete(f"{TITLES}/{title}")).status_code == 204
    assert (await anyone.get(f"{TITLES}/{title}")).status_code == 404
    deleted = (await nadia.http.get(TITLES, params={"owner": "me", "deleted": "true"})).json()["items"]
    assert [item["id"] for item in deleted] == [str(title)]
    assert (await nadia.http.post(f"{TITLES}/{title}/restore")).json()["visibility"] == "public"
    assert (await anyone.get(f"{TITLES}/{title}")).status_code == 200


async def test_a_title_can_be_deleted_for_ever(db: Database, enter: Enter) -> None:
    nadia = await enter()
    title = await published_by(nadia, db)
    assert (await nadia.http.delete(f"{TITLES}/{title}", params={"permanently": "true"})).status_code == 204
    assert (await nadia.http.get(f"{TITLES}/{title}")).status_code == 404


async def test_others_may_not_change_what_they_may_see(db: Database, enter: Enter) -> None:
    nadia, other = await enter(), await enter("moderator")
    title = await published_by(nadia, db)
    answer = await other.http.patch(f"{TITLES}/{title}", json={"title": "Mine now"})
    assert answer.status_code == 403
    assert answer.json()["detail"] == "Only the person who uploaded this title may change it."


async def published_by(owner: Visitor, db: Database) -> UUID:
    """A title with its subject, published over the API."""
    title = await stored(db, a_title(owner.actor))
    async with db.transaction() as tx:
        await create_subject(tx, title.id, kind="video.title", owner_id=title.owner_id, state="private")
    answer = await owner.http.post(f"{TITLES}/{title.id}/publish", json={"visibility": "public"})
    assert answer.status_code == 200, answer.text
    return title.id
