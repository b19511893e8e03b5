"""The plain paths of films answer as their contracts say."""

from collections.abc import AsyncIterator

import httpx
import pytest

from octavo.kernel.context import Context
from octavo.kernel.identity import create_user
from tests.harness.web import AppServer
from tests.products.video.factories import a_person, a_title, stored

PASSWORD = "correct-mule-battery-9"


@pytest.fixture
async def client(app_server: AppServer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=app_server.dialects["article"], timeout=60) as found:
        yield found


@pytest.fixture
async def ada(ctx: Context, client: httpx.AsyncClient) -> dict[str, str]:
    return await signed_in(ctx, client, "ada")


async def signed_in(ctx: Context, client: httpx.AsyncClient, name: str) -> dict[str, str]:
    """The headers of a new user."""
    await create_user(ctx, name=name.title(), email=f"{name}@example.org", username=name, password=PASSWORD)
    answer = await client.post("/login", data={"username": name, "password": PASSWORD})
    return {"Authorization": f"Bearer {answer.json()['token']}", "Content-Type": "application/json"}


async def test_a_movie_is_added_read_changed_and_deleted(client: httpx.AsyncClient, ada: dict[str, str]) -> None:
    # As the listings do it: a form that calls itself JSON.
    form = "title=Harbour+at+dawn&release_date=2026-12-01&description=Fog+%23sea"
    added = await client.post("/api/v1/movies", content=form, headers=ada)
    assert (added.status_code, added.json()["message"]) == (201, "Movie added successfully"), added.text
    movie = f"/api/v1/movies/{added.json()['id']}"
    assert (await client.get(movie)).json() == {
        "id": added.json()["id"],
        "title": "Harbour at dawn",
        "description": "Fog #sea",
        "release_date": "2026-12-01",
        "tags": [],
        "duration": 0.0,
        "visibility": "public",
        "state": "announced",
        "url": None,
    }
    changed = await client.put(movie, json={"title": "Harbour at dusk"}, headers=ada)
    assert (changed.status_code, changed.json()["message"]) == (200, "Movie updated successfully")
    assert (changed.json()["title"], changed.json()["description"]) == ("Harbour at dusk", "Fog #sea")
    assert [one["title"] for one in (await client.get("/api/v1/movies")).json()] == ["Harbour at dusk"]
    entry = await client.get(f"/catalog/movie/{added.json()['id']}")
    assert entry.json() == {"title": "Harbour at dusk", "release_date": "2026-12-01", "description": "Fog #sea"}
    deleted = await client.delete(movie, headers=ada)
    assert (deleted.status_code, deleted.json()["message"]) == (200, "Movie deleted successfully")
    for address in (movie, f"/catalog/movie/{added.json()['id']}"):
        gone = await client.get(address, headers=ada)
        assert (gone.status_code, gone.json()) == (404, {"error": "Movie not found"})
    assert (await client.get("/api/v1/movies")).json() == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        ({"title": "x" * 151}, "title"),
        ({"title": "Harbour", "release_date": "soon"}, "release_date"),
        ({"title": "Harbour", "visibility": "secret"}, "visibility"),
    ],
)
async def test_a_movie_that_makes_no_sense_is_refused_by_field(
    client: httpx.AsyncClient, ada: dict[str, str], body: dict[str, str], field: str
) -> None:
    refused = await client.post("/api/v1/movies", json=body, headers=ada)
    assert (refused.status_code, refused.json()["error"]) == (400, "Invalid movie data")
    assert list(refused.json()["reasons"]) == [field]


async def test_only_who_signed_in_adds_and_only_the_owner_changes(
    ctx: Context, client: httpx.AsyncClient, ada: dict[str, str]
) -> None:
    body = {"title": "Harbour"}
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        refused = await client.post("/api/v1/movies", json=body, headers=headers)
        assert (refused.status_code, refused.text) == (401, "Unauthorized")
    movie = f"/api/v1/movies/{(await client.post('/api/v1/movies', json=body, headers=ada)).json()['id']}"
    ben = await signed_in(ctx, client, "ben")
    assert (await client.put(movie, json={"title": "Mine"}, headers=ben)).status_code == 403
    assert (await client.delete(movie, headers=ben)).status_code == 403
    assert (await client.get(movie)).json()["title"] == "Harbour"


async def test_private_movies_are_their_owner_s(client: httpx.AsyncClient, ada: dict[str, str]) -> None:
    added = await client.post("/api/v1/movies", json={"title": "Diary", "visibility": "private"}, headers=ada)
    movie = f"/api/v1/movies/{added.json()['id']}"
    assert (await client.get(movie)).status_code == 404
    assert (await client.get(movie, headers=ada)).status_code == 200
    assert (await client.get("/api/v1/movies")).json() == []
    assert len((await client.get("/api/v1/movies", headers=ada)).json()) == 1


async def test_lists_have_pages(client: httpx.AsyncClient, ada: dict[str, str]) -> None:
    for n in range(3):
        await client.post("/api/v1/movies", json={"title": f"Part {n}"}, headers=ada)
    first = await client.get("/api/v1/movies", params={"limit": 2}, headers=ada)
    assert [one["title"] for one in first.json()] == ["Part 2", "Part 1"]
    second = await client.get(first.links["next"]["url"], headers=ada)
    assert [one["title"] for one in second.json()] == ["Part 0"]
    assert "next" not in second.links


async def test_the_video_catalogue_shows_what_can_be_watched(
    ctx: Context, client: httpx.AsyncClient, ada: dict[str, str]
) -> None:
    await client.post("/api/v1/movies", json={"title": "Announced"}, headers=ada)
    film = await stored(ctx.db.main, a_title(a_person(), visibility="public", published_at=ctx.now))
    videos = (await client.get("/video_catalog")).json()["videos"]
    assert [(one["title"], one["url"]) for one in videos] == [("Harbour at dawn", f"/video/{film.id}")]
    assert (await client.get(f"/video_catalog/{film.id}")).json()["video"] == videos[0]
    for wrong in ("not-an-id", "00000000-0000-0000-0000-000000000000"):
        assert (await client.get(f"/video_catalog/{wrong}")).status_code == 404
