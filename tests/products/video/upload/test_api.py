"""Films from programs: in one request, or by an address that the server fetches them from."""

from collections.abc import AsyncIterator
from dataclasses import replace as renewed

import httpx
import pytest
from aiohttp import web
from msgspec import structs

from octavo import app
from octavo.kernel.context import Engines
from octavo.kernel.outgoing import close_outgoing
from tests.harness.receiver import Receiver
from tests.products.conftest import ADDRESS, Enter, Visitor

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
FILM = {"film": ("harbour_at_dawn.mp4", b"a film", "video/mp4")}


@pytest.fixture
def remote(receiver: Receiver) -> Receiver:
    """A server on the web with one film, and one page that is none."""
    receiver.answers["/Lake.mp4"] = lambda _: web.Response(body=b"a film", content_type="video/mp4")
    receiver.answers["/page"] = lambda _: web.Response(text="<p>no film</p>", content_type="text/html")
    return receiver


@pytest.fixture
async def nadia(engines: Engines, enter: Enter) -> AsyncIterator[Visitor]:
    """Somebody on an Octavo that may ask for addresses of this machine."""
    outgoing = structs.replace(engines.settings.outgoing, allow=("127.0.0.1",))
    engines = renewed(engines, settings=structs.replace(engines.settings, outgoing=outgoing))
    entered = await enter()
    transport = httpx.ASGITransport(app=app.web_application(engines))
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers=entered.http.headers) as http:
        yield Visitor(entered.actor, http)
    await close_outgoing(engines)


@pytest.mark.parametrize("path", ["/video/upload", "/api/video/v1/films"])
async def test_a_program_uploads_in_one_request(enter: Enter, path: str) -> None:
    http = (await enter()).http
    answer = await http.post(path, files=FILM, headers={"Accept": "application/json"})
    assert answer.status_code == 201
    (title,) = answer.json()["items"]
    assert (title["title"], title["film"]["state"]) == ("harbour at dawn", "uploading")
    assert answer.headers["location"] == title["url"]
    assert (await http.get(f"/api/video/v1/titles/{title['id']}")).json()["film"] == title["film"]


async def test_it_may_say_what_the_film_is_called(enter: Enter) -> None:
    http = (await enter()).http
    said = {"title": "Dawn", "description": "Over the #harbour"}
    (title,) = (await http.post("/api/video/v1/films", files=FILM, data=said)).json()["items"]
    assert (title["title"], title["hashtags"]) == ("Dawn", ["harbour"])


async def test_a_program_hears_of_a_refusal_in_json(enter: Enter) -> None:
    http = (await enter()).http
    letter = {"film": ("letter.pdf", b"no film", "application/pdf")}
    answer = await http.post("/video/upload", files=letter, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (415, "application/problem+json")
    empty = await http.post("/video/upload", files={"x": ("", b"")}, headers={"Accept": "application/json"})
    assert empty.json()["status"] == 422


async def test_nobody_uploads_without_an_account(anyone: httpx.AsyncClient) -> None:
    assert (await anyone.post("/api/video/v1/films", files=FILM)).status_code == 401


async def test_a_film_is_fetched_from_its_address(nadia: Visitor, remote: Receiver) -> None:
    answer = await nadia.http.post("/api/video/v1/films/fetch", json={"url": f"{remote.url}/Lake.mp4"})
    assert answer.status_code == 202
    title = answer.json()
    assert (title["title"], title["film"]["state"]) == ("Lake", "uploading")
    fetch = (await nadia.http.get(f"/api/media/v1/fetches/{title['film']['asset_id']}")).json()
    assert (fetch["length"], fetch["received"], fetch["finished"]) == (6, 0, False)


async def test_the_page_takes_an_address_and_says_what_is_wrong_with_it(nadia: Visitor, remote: Receiver) -> None:
    async def sent(url: str) -> httpx.Response:
        return await nadia.http.post("/video/upload/address", data={"url": url}, headers=SAME_SITE)

    taken = await sent(f"{remote.url}/Lake.mp4")
    assert taken.headers["location"].endswith("/processing")
    inside = await sent("http://10.0.0.1/film.mp4")
    assert inside.status_code == 422
    assert "public internet" in inside.text
    assert 'value="http://10.0.0.1/film.mp4"' in inside.text
    assert (await sent(f"{remote.url}/page")).status_code == 415
    assert (await sent("")).status_code == 422


async def test_where_only_creators_upload_others_fetch_nothing(
    engines: Engines, enter: Enter, remote: Receiver
) -> None:
    video = structs.replace(engines.settings.video, uploads="creators")
    closed = renewed(engines, settings=structs.replace(engines.settings, video=video))
    headers = (await enter()).http.headers
    transport = httpx.ASGITransport(app=app.web_application(closed))
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers=headers) as http:
        url = {"url": f"{remote.url}/Lake.mp4"}
        assert (await http.post("/api/video/v1/films/fetch", json=url)).status_code == 403
        assert (await http.post("/api/media/v1/fetches", json=url)).status_code == 403
        tus = {"Tus-Resumable": "1.0.0", "Upload-Length": "5", "Upload-Concat": "partial"}
        assert (await http.post("/api/media/v1/uploads", headers=tus)).status_code == 403
    assert not remote.got
