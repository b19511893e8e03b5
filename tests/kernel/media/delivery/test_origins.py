"""Which other sites' pages may play films from here, as browsers ask for it."""

from uuid import UUID

import httpx
import msgspec
import pytest

from octavo.kernel.context import Engines
from octavo.kernel.media.delivery.routes import play
from octavo.settings.media import MediaSettings
from tests.kernel.http.small_house import house_of

FILM = f"/play/no-token/{UUID(int=1)}/2"
PLAYER = "https://player.example"
STRANGER = "https://stranger.example"


def sharing(engines: Engines, *origins: str) -> Engines:
    settings = msgspec.structs.replace(engines.settings, media=MediaSettings(playback_origins=origins))
    return Engines(settings=settings, db=engines.db, blobs=engines.blobs, cache=engines.cache, signals=engines.signals)


async def asked(engines: Engines, method: str, path: str, origin: str) -> httpx.Response:
    headers = {
        "Origin": origin,
        "Sec-Fetch-Site": "cross-site",
        "Access-Control-Request-Headers": "range,if-none-match",
    }
    async with house_of(engines, *play.routes) as client:
        return await client.request(method, path, headers=headers)


async def test_no_other_site_plays_unless_it_is_named(engines: Engines) -> None:
    for origins in ((), (PLAYER,)):
        preflight = await asked(sharing(engines, *origins), "OPTIONS", f"{FILM}/480p.mp4", STRANGER)
        assert not [name for name in preflight.headers if name.startswith("access-control-allow")]
        refused = await asked(sharing(engines, *origins), "GET", f"{FILM}/480p.mp4", STRANGER)
        assert "access-control-allow-origin" not in refused.headers
    unshared = await asked(sharing(engines), "GET", f"{FILM}/480p.mp4", STRANGER)
    assert unshared.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("name", ["480p.mp4", "480p/0000.mp4", "licence", "master.m3u8"])
async def test_a_named_site_may_ask_for_parts_and_remembers_that_for_a_day(engines: Engines, name: str) -> None:
    engines = sharing(engines, PLAYER, "http://localhost:3000")
    preflight = await asked(engines, "OPTIONS", f"{FILM}/{name}", PLAYER)
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == PLAYER
    assert preflight.headers["access-control-max-age"] == "86400"
    allowed = preflight.headers["access-control-allow-headers"].lower().split(", ")
    assert {"range", "if-none-match", "if-range", "content-type"} <= set(allowed)
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in preflight.headers


async def test_refusals_can_be_read_by_the_page_that_was_refused(engines: Engines) -> None:
    engines = sharing(engines, PLAYER)
    for method, name in (("GET", "480p.mp4"), ("POST", "licence")):
        answer = await asked(engines, method, f"{FILM}/{name}", PLAYER)
        assert answer.status_code == 403
        assert "was not given out here" in answer.text
        assert answer.headers["access-control-allow-origin"] == PLAYER
        assert "Content-Range" in answer.headers["access-control-expose-headers"]
        assert "Origin" in answer.headers["vary"]


async def test_every_site_is_one_answer_for_all(engines: Engines) -> None:
    answer = await asked(sharing(engines, "*"), "GET", f"{FILM}/480p.mp4", STRANGER)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "Origin" not in answer.headers.get("vary", "")


@pytest.mark.parametrize("origin", ["player.example", "https://player.example/", "https://*.example", "null", ""])
def test_what_is_no_origin_is_refused_at_the_start(origin: str) -> None:
    with pytest.raises(ValueError, match="playback_origins"):
        MediaSettings(playback_origins=(origin,))
