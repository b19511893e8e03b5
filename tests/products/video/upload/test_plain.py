"""Uploading by the plain path: a token and one multipart request."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.harness.web import AppServer
from tests.products.conftest import Enter

FILM = {"file": ("harbour_at_dawn.mp4", b"a film", "video/mp4")}


@pytest.fixture
async def http(app_server: AppServer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=app_server.dialects["article"], timeout=60) as found:
        yield found


async def token(enter: Enter) -> str:
    return str((await enter()).http.headers["authorization"].removeprefix("Bearer "))


@pytest.mark.parametrize("scheme", ["Bearer ", ""])
async def test_a_token_and_a_file_are_enough(http: httpx.AsyncClient, enter: Enter, scheme: str) -> None:
    authorization = {"Authorization": f"{scheme}{await token(enter)}"}
    answer = await http.post("/video/upload", files=FILM, data={"title": "Dawn"}, headers=authorization)
    assert answer.status_code == 201
    assert answer.json()["message"] == "Video uploaded successfully"
    video = answer.json()["video"]
    assert (video["title"], video["state"]) == ("Dawn", "uploading")
    assert (await http.get(f"/api/v1/movies/{video['id']}", headers=authorization)).json()["title"] == "Dawn"


async def test_it_brings_the_film_of_a_movie_that_was_added(http: httpx.AsyncClient, enter: Enter) -> None:
    authorization = {"Authorization": await token(enter)}
    movie = (await http.post("/api/v1/movies", data={"title": "Dawn"}, headers=authorization)).json()
    answer = await http.post(f"/video/upload?for={movie['id']}", files=FILM, headers=authorization)
    assert answer.status_code == 201
    assert answer.json()["video"]["id"] == movie["id"]
    again = await http.post(f"/video/upload?for={movie['id']}", files=FILM, headers=authorization)
    assert again.status_code == 409


async def test_what_is_wrong_is_said_in_the_dialect(http: httpx.AsyncClient, enter: Enter) -> None:
    authorization = {"Authorization": await token(enter)}
    stranger = await http.post("/video/upload", files=FILM)
    assert (stranger.status_code, stranger.text) == (401, "Unauthorized")
    empty = await http.post("/video/upload", files={"file": ("film.mp4", b"", "video/mp4")}, headers=authorization)
    assert (empty.status_code, empty.json()["error"]) == (400, "Invalid video data")
    letter = {"file": ("letter.pdf", b"no film", "application/pdf")}
    assert "error" in (await http.post("/video/upload", files=letter, headers=authorization)).json()
