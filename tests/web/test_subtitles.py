"""Subtitles out of the film and from its owner, before three players that nobody here wrote and before our own."""

from __future__ import annotations

import time
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.harness.running import RunningOctavo
from tests.web.conftest import OpenWindow
from tests.web.films import a_film_with_subtitles
from tests.web.people import a_person
from tests.web.places import player_ready
from tests.web.waiting import LONG_PATIENCE, wait_for

PLAYERS = [("hls.js", "hls_url"), ("shaka", "hls_url"), ("shaka", "dash_url"), ("dash.js", "dash_url")]
GREEK = "1\r\n00:00:01,000 --> 00:00:20,000\r\nΚαλημέρα <b>σας</b> & χαίρετε\r\n"
SHOWS = "text => report.errors.length || shownText().includes(text)"


@pytest.fixture(scope="module")
def film(octavo: RunningOctavo, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The playback addresses of a film with German subtitles inside, and Greek ones from its owner."""
    maker = a_person(octavo.url, "Eleni Markou")
    title = maker.upload(a_film_with_subtitles(tmp_path_factory.mktemp("film") / "texts.mkv", seconds=20))
    maker.wait_until(title, "complete")
    address = f"/api/video/v1/titles/{title}"
    give_up_at = time.monotonic() + LONG_PATIENCE / 1000
    while not maker.call("GET", f"{address}/subtitles")["items"]:  # no film waits for the texts inside
        assert time.monotonic() < give_up_at, "the German subtitles were not found"
        time.sleep(0.1)
    words = {"file": ("words.srt", GREEK.encode("utf-16"))}
    maker.call("POST", f"{address}/subtitles", files=words, data={"language": "el"})
    maker.call("POST", f"{address}/publish", json={"visibility": "public"})
    playback = maker.call("GET", f"{address}/playback")
    addresses = {name: f"{octavo.url}{playback[name]}" for name in ("hls_url", "dash_url")}
    return {**addresses, "page": f"/video/titles/{title}"}


@pytest.mark.parametrize(("player", "address"), PLAYERS)
def test_subtitles_are_switched_while_the_film_plays(
    open_window: OpenWindow, site: str, film: dict[str, str], player: str, address: str
) -> None:
    page = open_window()
    page.goto(f"{site}/?{urlencode({'player': player, 'url': film[address]})}")
    wait_for(page, "() => film.readyState > 1 || report.errors.length", patience=LONG_PATIENCE)
    page.evaluate("film.loop = true; void play()")
    wait_for(page, "() => film.currentTime > 1.2", patience=LONG_PATIENCE)
    assert sorted(page.evaluate("judge.subtitles()")) == ["de", "el"]
    for language, text in (("el", "Καλημέρα σας & χαίρετε"), ("de", "Guten Morgen")):
        page.evaluate("language => void judge.read(language)", language)
        wait_for(page, SHOWS, text, patience=LONG_PATIENCE)
    assert page.evaluate("report.errors") == []


def test_our_own_player_shows_them_by_key_and_by_menu(open_window: OpenWindow, film: dict[str, str]) -> None:
    page = open_window()
    page.goto(film["page"] + "?t=2")
    player_ready(page)
    page.keyboard.press("c")
    wait_for(page, SHOWN_ON_OURS, "Guten Morgen")
    page.get_by_role("button", name="Quality and speed").click()
    page.get_by_role("menuitemradio", name="Ελληνικά").click()
    expect(page.get_by_role("menuitemradio", name="Ελληνικά")).to_be_checked()
    wait_for(page, SHOWN_ON_OURS, "Καλημέρα σας & χαίρετε")
    page.get_by_role("menuitemradio", name="Off").click()
    wait_for(page, "text => !shown(text)".replace("shown", f"({SHOWN_ON_OURS})"), "Καλημέρα σας & χαίρετε")


SHOWN_ON_OURS = """
text => [...document.querySelector("octavo-player video").textTracks]
  .filter((track) => track.mode === "showing")
  .some((track) => [...(track.activeCues ?? [])].some((cue) => cue.getCueAsHTML().textContent === text))
"""
