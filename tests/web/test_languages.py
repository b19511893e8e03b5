"""A film in two languages before three players that nobody here wrote: what is chosen is what is heard."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.harness.running import RunningOctavo
from tests.web.conftest import OpenWindow
from tests.web.films import a_film_in_two_languages
from tests.web.gate import Gate
from tests.web.people import Person, a_person
from tests.web.places import FILM, player_ready
from tests.web.waiting import LONG_PATIENCE, wait_for

PLAYERS = [("hls.js", "hls_url"), ("shaka", "hls_url"), ("shaka", "dash_url"), ("dash.js", "dash_url")]
ENGLISH, FRENCH = 440, 880  # hertz: the film speaks in tones
SOUNDS_LIKE = "hertz => report.errors.length || Math.abs(pitch() - hertz) < 20"


@pytest.fixture(scope="module")
def film(octavo: RunningOctavo, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The playback addresses of the complete film, and its page."""
    maker: Person = a_person(octavo.url, "Amira Haddad")
    source: Path = a_film_in_two_languages(tmp_path_factory.mktemp("film") / "two.mp4", seconds=24)
    title = maker.upload(source)
    maker.wait_until(title, "complete")
    playback: dict[str, str] = maker.call("GET", f"/api/video/v1/titles/{title}/playback")
    maker.call("POST", f"/api/video/v1/titles/{title}/publish", json={"visibility": "public"})
    addresses = {name: f"{octavo.url}{playback[name]}" for name in ("hls_url", "dash_url")}
    return {**addresses, "page": f"/video/titles/{title}"}


def listening(page: Page, site: str, player: str, url: str) -> Page:
    """The page plays aloud: a browser wants a click for that."""
    page.goto(f"{site}/?{urlencode({'player': player, 'url': url})}")
    wait_for(page, "() => film.readyState > 1 || report.errors.length", patience=LONG_PATIENCE)
    page.mouse.click(5, 5)
    page.evaluate("listen(); film.loop = true; void play()")
    return page


@pytest.mark.parametrize(("player", "address"), PLAYERS)
def test_the_language_is_switched_while_the_film_plays(
    open_window: OpenWindow, site: str, film: dict[str, str], player: str, address: str
) -> None:
    page = listening(open_window(), site, player, film[address])
    wait_for(page, SOUNDS_LIKE, ENGLISH, patience=LONG_PATIENCE)
    assert sorted(page.evaluate("judge.languages()")) == ["en", "fr"]
    assert page.evaluate("judge.heard()") == "en"
    for language, tone in (("fr", FRENCH), ("en", ENGLISH)):
        page.evaluate("language => void judge.hear(language)", language)
        wait_for(page, SOUNDS_LIKE, tone, patience=LONG_PATIENCE)
        assert page.evaluate("judge.heard()") == language
    assert page.evaluate("report.errors") == []


def test_our_own_player_offers_the_languages_in_its_menu(open_window: OpenWindow, film: dict[str, str]) -> None:
    page = open_window()
    page.goto(film["page"])
    player_ready(page)
    page.get_by_role("button", name="Quality and speed").click()
    expect(page.get_by_role("menuitemradio", name="English")).to_be_checked()
    with page.expect_request("**/audio-1.mp4"):
        page.get_by_role("menuitemradio", name="Français").click()
    expect(page.get_by_role("menuitemradio", name="Français")).to_be_checked()


def test_a_seek_while_the_playlist_of_the_chosen_language_is_on_its_way(
    open_window: OpenWindow, film: dict[str, str]
) -> None:
    page = open_window()
    page.goto(film["page"])
    player_ready(page)
    playlist, initialization = Gate(page, "**/audio-1.m3u8"), Gate(page, "**/audio-1.mp4", "bytes=0-")
    playlist.close()
    initialization.close()
    page.evaluate(f"{FILM}.engine.hear(1)")
    playlist.wait()
    page.evaluate(f"{FILM}.seek(12); void {FILM}.video.play()")
    wait_for(page, f"() => {FILM}.engine.buffering()")
    playlist.open()
    initialization.wait()
    page.wait_for_timeout(500)  # in which a segment could come before its initialization
    initialization.open()
    wait_for(page, f"() => {FILM}.video.currentTime > 12.3")
    assert [sound["language"] for sound in page.evaluate(f"{FILM}.engine.sounds()") if sound["chosen"]] == ["fr"]
    assert page.locator("[role=alert]").count() == 0
