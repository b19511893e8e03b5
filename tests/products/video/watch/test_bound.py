"""Where playback is bound, the page and the API hand out addresses that only their viewer can use."""

from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace as changed

from octavo import app
from octavo.kernel.context import Engines
from octavo.kernel.db import Database
from tests.kernel.media.films import a_film
from tests.kernel.media.house import a_person, settled, uploaded, working
from tests.products.conftest import ADDRESS
from tests.products.video.factories import NOON, a_title, stored

pytestmark = pytest.mark.slow


@pytest.fixture
def bound(engines: Engines) -> Engines:
    media = changed(engines.settings.media, playback_bound_to=("address", "device"))
    return replace(engines, settings=changed(engines.settings, media=media))


def from_address(engines: Engines, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app.web_application(engines), client=(address, 4711))
    return httpx.AsyncClient(transport=transport, base_url=ADDRESS)


async def test_an_address_that_was_passed_on_plays_nothing(bound: Engines, db: Database, tmp_path: Path) -> None:
    ctx = a_person(bound)
    asset_id = await uploaded(ctx, a_film(tmp_path / "film.mp4", seconds=1))
    async with working(bound):
        assert (await settled(ctx, asset_id)).state == "complete"
    title = await stored(db, a_title(asset_id=asset_id, visibility="public", published_at=NOON))
    playback = f"/api/video/v1/titles/{title.id}/playback"
    async with from_address(bound, "192.0.2.7") as nadia, from_address(bound, "192.0.2.7") as flatmate:
        answer = await nadia.get(playback)
        assert "octavo_device=" in answer.headers["set-cookie"]
        assert "HttpOnly" in answer.headers["set-cookie"]
        url = answer.json()["hls_url"]
        assert (await nadia.get(url)).status_code == 200
        assert "set-cookie" not in (await nadia.get(f"/video/titles/{title.id}")).headers
        assert (await flatmate.get(url)).status_code == 403
        named = {"X-Octavo-Device": "a player without cookies"}
        own = (await flatmate.get(playback, headers=named)).json()["hls_url"]
        assert (await flatmate.get(own, headers=named)).status_code == 200
        async with from_address(bound, "198.51.100.7") as traveller:
            traveller.cookies = nadia.cookies
            assert (await traveller.get(url)).status_code == 403
