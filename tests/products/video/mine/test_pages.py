"""Looking after one's own videos, without JavaScript: pages and plain forms."""

import httpx

from octavo.kernel.db import Database
from octavo.kernel.subject import create_subject
from octavo.products.video.title import queries
from octavo.products.video.title.rows import Title
from tests.products.conftest import Enter, Visitor
from tests.products.video.factories import a_title, stored

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


async def a_video(owner: Visitor, db: Database, **differently: object) -> Title:
    title = await stored(db, a_title(owner.actor, **differently))
    async with db.transaction() as tx:
        await create_subject(tx, title.id, kind="video.title", owner_id=title.owner_id, state="private")
    return title


async def post(visitor: Visitor, path: str, **form: str) -> httpx.Response:
    return await visitor.http.post(path, data=form, headers=SAME_SITE)


async def test_an_empty_list_says_what_to_do_next(enter: Enter) -> None:
    nadia = await enter()
    page = await nadia.http.get("/video/mine")
    assert "No videos yet" in page.text
    assert 'href="/video/upload"' in page.text


async def test_my_videos_show_each_state(db: Database, enter: Enter) -> None:
    nadia = await enter()
    await a_video(nadia, db, title="Ready film")
    await a_video(nadia, db, title="Broken film", film_state="failed")
    page = (await nadia.http.get("/video/mine")).text
    assert page.index("Ready film") > 0
    assert "Failed" in page


async def test_an_edit_is_saved_and_told(db: Database, enter: Enter) -> None:
    nadia = await enter()
    title = await a_video(nadia, db)
    form = await nadia.http.get(f"/video/titles/{title.id}/edit")
    assert "Harbour at dawn" in form.text
    answer = await post(
        nadia,
        f"/video/titles/{title.id}/edit",
        title="Harbour",
        tags="Sea, boats",
        visibility="public",
        release_date="",
    )
    assert answer.status_code == 303
    assert "“Harbour” is saved" in (await nadia.http.get(answer.headers["location"])).text
    after = await queries.title(db, title.id, nadia.actor)
    assert (after.title, after.tags, after.visibility, after.release_date) == (
        "Harbour",
        ["sea", "boats"],
        "public",
        None,
    )


async def test_a_wrong_edit_shows_the_form_again_with_what_was_typed(db: Database, enter: Enter) -> None:
    nadia = await enter()
    title = await a_video(nadia, db)
    answer = await post(nadia, f"/video/titles/{title.id}/edit", title=" ", description="Boats", visibility="private")
    assert answer.status_code == 422
    assert "Give it a title" in answer.text
    assert "Boats</textarea>" in answer.text


async def test_a_failed_film_is_not_published(db: Database, enter: Enter) -> None:
    nadia = await enter()
    title = await a_video(nadia, db, film_state="failed", film_failure="This file holds no video.")
    answer = await post(nadia, f"/video/titles/{title.id}/edit", title="Harbour", visibility="public")
    assert answer.status_code == 409
    assert "This file holds no video." in answer.text


async def test_a_deletion_is_offered_to_be_undone(db: Database, enter: Enter) -> None:
    nadia = await enter()
    title = await a_video(nadia, db)
    gone = await post(nadia, f"/video/titles/{title.id}/delete")
    page = (await nadia.http.get(gone.headers["location"])).text
    assert "“Harbour at dawn” is deleted" in page
    assert f'action="/video/titles/{title.id}/restore"' in page
    assert "Harbour at dawn" in (await nadia.http.get("/video/mine?view=deleted")).text
    back = await post(nadia, f"/video/titles/{title.id}/restore")
    assert "“Harbour at dawn” is back" in (await nadia.http.get(back.headers["location"])).text
    assert (await queries.title(db, title.id, nadia.actor)).deleted_at is None


async def test_a_deleted_title_is_removed_for_ever_on_request(db: Database, enter: Enter) -> None:
    nadia = await enter()
    title = await a_video(nadia, db)
    await post(nadia, f"/video/titles/{title.id}/delete")
    await post(nadia, f"/video/titles/{title.id}/purge")
    assert "Nothing deleted" in (await nadia.http.get("/video/mine?view=deleted")).text
    assert (await nadia.http.get(f"/video/mine?deleted={title.id}")).status_code == 200


async def test_visitors_are_sent_to_sign_in(anyone: httpx.AsyncClient) -> None:
    answer = await anyone.get("/video/mine")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=")


async def test_a_form_of_another_site_changes_nothing(db: Database, enter: Enter) -> None:
    nadia = await enter()
    title = await a_video(nadia, db)
    cookie_only = {"Sec-Fetch-Site": "cross-site", "Authorization": ""}
    answer = await nadia.http.post(f"/video/titles/{title.id}/delete", headers=cookie_only)
    assert answer.status_code in (303, 401, 403)
    assert (await queries.title(db, title.id, nadia.actor)).deleted_at is None


async def test_what_a_moderator_takes_down_its_owner_cannot_restore(db: Database, enter: Enter) -> None:
    nadia, moderator = await enter(), await enter("moderator")
    title = await a_video(nadia, db)
    gone = await post(moderator, f"/video/titles/{title.id}/delete")
    assert "is deleted" in (await moderator.http.get(gone.headers["location"])).text
    refused = await post(nadia, f"/video/titles/{title.id}/restore")
    assert refused.status_code == 403
    assert "A moderator took this title down" in refused.text


async def test_who_acts_on_anothers_title_comes_back_to_that_title(db: Database, enter: Enter) -> None:
    nadia, operator = await enter(), await enter("operator")
    title = await a_video(nadia, db)
    edited = await post(operator, f"/video/titles/{title.id}/edit", title="Harbour", visibility="private")
    await post(operator, f"/video/titles/{title.id}/delete")
    restored = await post(operator, f"/video/titles/{title.id}/restore")
    assert [each.headers["location"] for each in (edited, restored)] == [f"/video/titles/{title.id}"] * 2
