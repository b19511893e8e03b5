"""The small pictures over the bar of time: in our own player, and as Shaka and dash.js find them."""

from __future__ import annotations

import time
from urllib.parse import urlencode

import httpx
import pytest

from tests.harness.running import RunningOctavo
from tests.web.conftest import OpenWindow
from tests.web.films import a_landscape_film
from tests.web.people import FILM_SECONDS, a_person
from tests.web.places import player_ready
from tests.web.waiting import LONG_PATIENCE, wait_for

PLAYERS = [("shaka", "dash_url"), ("shaka", "hls_url"), ("dash.js", "dash_url")]
PREVIEW = "document.querySelector('octavo-player .seek-preview')"
TILE_OF = f"""
([picture, x]) => !{PREVIEW}.hidden && {PREVIEW}.style.backgroundImage.includes(picture)
  && parseFloat({PREVIEW}.style.backgroundPosition) === -x
"""


@pytest.fixture(scope="module")
def film(octavo: RunningOctavo, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The addresses of a film of twelve seconds, once its storyboard is drawn."""
    maker = a_person(octavo.url, "Soren Dahl")
    title = maker.upload(a_landscape_film(tmp_path_factory.mktemp("film") / "turning.mp4", seconds=12))
    maker.wait_until(title, "complete")
    address = f"/api/video/v1/titles/{title}"
    maker.call("POST", f"{address}/publish", json={"visibility": "public"})
    playback = maker.call("GET", f"{address}/playback")
    addresses = {name: f"{octavo.url}{playback[name]}" for name in ("hls_url", "dash_url")}
    storyboard = addresses["hls_url"].replace("master.m3u8", "storyboard.vtt")
    give_up_at = time.monotonic() + FILM_SECONDS
    while "#xywh=" not in httpx.get(storyboard).text:
        assert time.monotonic() < give_up_at, "the film has no storyboard"
        time.sleep(0.1)
    return {**addresses, "storyboard": storyboard, "page": f"/video/titles/{title}"}


@pytest.mark.parametrize(("player", "address"), PLAYERS)
def test_players_find_the_picture_of_a_second(
    open_window: OpenWindow, site: str, film: dict[str, str], player: str, address: str
) -> None:
    page = open_window()
    page.goto(f"{site}/?{urlencode({'player': player, 'url': film[address]})}")
    wait_for(page, "() => film.readyState > 1 || report.errors.length", patience=LONG_PATIENCE)
    found = page.evaluate("storyboard => judge.thumbnail(7.5, storyboard)", film["storyboard"])
    picture = film["storyboard"].replace("storyboard.vtt", "storyboard-0.jpg")
    assert found == [picture, 2 * 160, 1 * 90, 160, 90]
    assert page.evaluate("report.errors") == []


def test_our_own_bar_of_time_shows_the_picture_under_the_pointer(open_window: OpenWindow, film: dict[str, str]) -> None:
    page = open_window()
    page.goto(film["page"])
    player_ready(page)
    bar = page.get_by_role("slider", name="Position").bounding_box()
    assert bar is not None
    with page.expect_response("**/storyboard-0.jpg") as picture:
        page.mouse.move(bar["x"] + bar["width"] * 7.5 / 12, bar["y"] + bar["height"] / 2)
    assert picture.value.ok
    wait_for(page, TILE_OF, ["storyboard-0.jpg", 320])
    page.mouse.move(bar["x"] + 2, bar["y"] + bar["height"] / 2)
    wait_for(page, TILE_OF, ["storyboard-0.jpg", 0])
    tip = page.locator(".seek-tip").bounding_box()
    assert tip is not None
    assert tip["x"] >= bar["x"] - 1
