"""An encrypted film with two languages, before three players that nobody here wrote and before our own."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.harness.running import RunningOctavo
from tests.web.conftest import OpenWindow
from tests.web.films import a_film_in_two_languages
from tests.web.people import a_person
from tests.web.places import player_ready
from tests.web.waiting import LONG_PATIENCE, wait_for

PLAYERS = [("hls.js", "hls_url"), ("shaka", "hls_url"), ("shaka", "dash_url"), ("dash.js", "dash_url")]
DECODES = "() => report.errors.length || film.getVideoPlaybackQuality().totalVideoFrames > 20"


@pytest.fixture(scope="module")
def film(octavo: RunningOctavo, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    maker = a_person(octavo.url, "Ines Duarte")
    path = a_film_in_two_languages(tmp_path_factory.mktemp("film") / "secret.mp4", seconds=10)
    title = maker.upload(path, encryption="clear-key")
    maker.wait_until(title, "complete")
    address = f"/api/video/v1/titles/{title}"
    maker.call("POST", f"{address}/publish", json={"visibility": "public"})
    playback = maker.call("GET", f"{address}/playback")
    found = {name: f"{octavo.url}{playback[name]}" for name in ("hls_url", "dash_url", "licence_url")}
    return {**found, "page": f"/video/titles/{title}"}


@pytest.mark.parametrize(("player", "address"), PLAYERS)
def test_players_with_a_licence_show_it_in_both_languages(
    open_window: OpenWindow, site: str, film: dict[str, str], player: str, address: str
) -> None:
    page = open_window()
    page.goto(f"{site}/?{urlencode({'player': player, 'url': film[address], 'licence': film['licence_url']})}")
    page.evaluate("film.loop = true; void play()")
    wait_for(page, DECODES, patience=LONG_PATIENCE)
    assert page.evaluate("report.errors") == []
    page.evaluate("listen()")
    for language, hertz in (("fr", 880), ("en", 440)):
        page.evaluate("language => void judge.hear(language)", language)
        wait_for(page, "hertz => report.errors.length || Math.abs(pitch() - hertz) < 20", hertz, patience=LONG_PATIENCE)
    assert page.evaluate("report.errors") == []
    assert page.evaluate("Boolean(film.mediaKeys)")


def test_our_own_player_shows_it(open_window: OpenWindow, film: dict[str, str]) -> None:
    page = open_window()
    page.goto(film["page"])
    player_ready(page)
    page.evaluate("document.querySelector('octavo-player').film.video.play()")
    wait_for(page, "() => document.querySelector('octavo-player').film.video.currentTime > 1", patience=LONG_PATIENCE)
    assert page.evaluate("Boolean(document.querySelector('octavo-player').film.video.mediaKeys)")
    assert page.locator("[role=alert]").count() == 0


def test_without_a_licence_nothing_is_shown(open_window: OpenWindow, site: str, film: dict[str, str]) -> None:
    page = open_window()
    page.goto(f"{site}/?{urlencode({'player': 'dash.js', 'url': film['dash_url']})}")
    wait_for(page, "() => report.errors.length")
    assert page.evaluate("film.getVideoPlaybackQuality().totalVideoFrames") == 0
