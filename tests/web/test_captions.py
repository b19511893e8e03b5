"""Closed captions inside of the picture, before players that nobody here wrote and before our own."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.harness.running import RunningOctavo
from tests.kernel.media.captioned import a_captioned_film
from tests.web.conftest import OpenWindow
from tests.web.people import a_person
from tests.web.places import player_ready
from tests.web.waiting import LONG_PATIENCE, wait_for

PLAYERS = [("hls.js", "hls_url"), ("dash.js", "dash_url")]  # our own player is Shaka
LISTED = "() => film.textTracks.length || report.errors.length"


@pytest.fixture(scope="module")
def film(octavo: RunningOctavo, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    maker = a_person(octavo.url, "Carla Cook")
    film = a_captioned_film(tmp_path_factory.mktemp("film") / "captioned.mp4", "HELLO", seconds=2, sound=True)
    title = maker.upload(film)
    maker.wait_until(title, "complete")
    maker.call("POST", f"/api/video/v1/titles/{title}/publish", json={"visibility": "public"})
    playback = maker.call("GET", f"/api/video/v1/titles/{title}/playback")
    addresses = {name: f"{octavo.url}{playback[name]}" for name in ("hls_url", "dash_url")}
    return {**addresses, "page": f"/video/titles/{title}"}


@pytest.mark.parametrize(("player", "address"), PLAYERS)
def test_players_show_them(open_window: OpenWindow, site: str, film: dict[str, str], player: str, address: str) -> None:
    page = open_window()
    page.goto(f"{site}/?{urlencode({'player': player, 'url': film[address]})}")
    wait_for(page, "() => film.readyState > 1 || report.errors.length", patience=LONG_PATIENCE)
    page.evaluate("film.loop = true; void play()")
    wait_for(page, LISTED, patience=LONG_PATIENCE)
    assert page.evaluate("[...film.textTracks].map((track) => track.language)") == ["en"]
    # What hls.js finds in the picture it leaves to the browser's own menu.
    page.evaluate("film.textTracks[0].mode = 'showing'" if player == "hls.js" else "void judge.read('en')")
    wait_until_said(page, "HELLO 00")
    assert page.evaluate("report.errors") == []


def test_our_own_player_shows_and_names_them(open_window: OpenWindow, film: dict[str, str]) -> None:
    page = open_window()
    page.goto(film["page"])
    player_ready(page)
    page.keyboard.press("c")
    page.evaluate("document.querySelector('video').loop = true; void document.querySelector('video').play()")
    wait_until_said(page, "HELLO 00")
    page.get_by_role("button", name="Quality and speed").click()
    expect(page.get_by_role("menuitemradio", name="English CC")).to_be_checked()


def wait_until_said(page: Page, text: str) -> None:
    wait_for(page, SAYS, text, patience=LONG_PATIENCE)


SAYS = """
text => [...document.querySelector("video").textTracks]
  .filter((track) => track.mode === "showing")
  .some((track) => [...(track.activeCues ?? [])].some((cue) => cue.getCueAsHTML().textContent === text))
"""
