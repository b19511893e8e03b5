"""A film in AV1 and VP9 beside H.264, before players that nobody here wrote, in browsers that know only one of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.harness.running import RunningOctavo
from tests.web.conftest import OpenWindow
from tests.web.films import a_landscape_film
from tests.web.people import FILM_SECONDS, a_person
from tests.web.waiting import LONG_PATIENCE, wait_for

PLAYERS = [
    ("hls.js", "hls_url", "av01"),
    ("shaka", "hls_url", "vp09"),
    ("shaka", "dash_url", "av01"),
    ("dash.js", "dash_url", "vp09"),
]
WITH_ALL_CODECS = 3  # the version of the manifest: after the growing one and the one of H.264
# The browser says no to all other pictures, and the test sees what it was asked to decode.
ONLY = """
window.decoded = [];
const refused = (type) => /(avc1|av01|vp09)/.test(type ?? "") && !type.includes("CODEC");
const asked = MediaSource.isTypeSupported.bind(MediaSource);
MediaSource.isTypeSupported = (type) => !refused(type) && asked(type);
const told = MediaCapabilities.prototype.decodingInfo;
MediaCapabilities.prototype.decodingInfo = async function (wanted) {
  const answer = await told.call(this, wanted);
  return refused(wanted.video?.contentType) ? { ...answer, supported: false } : answer;
};
const add = MediaSource.prototype.addSourceBuffer;
MediaSource.prototype.addSourceBuffer = function (type) {
  decoded.push(type);
  return add.call(this, type);
};
"""
PLAYS = "() => report.errors.length || film.getVideoPlaybackQuality().totalVideoFrames > 20"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("codecs")
    wanted = {"OCTAVO_MEDIA_PLAYBACK_ORIGINS": "*", "OCTAVO_MEDIA_FURTHER_CODECS": "av1,vp9"}
    running = RunningOctavo(folder / "octavo", **wanted).start()
    maker = a_person(running.url, "Otto Weiss")
    title = maker.upload(a_landscape_film(folder / "film.mp4", seconds=2, width=160, height=90))
    maker.wait_until(title, "complete")
    address = f"/api/video/v1/titles/{title}/playback"
    give_up_at = time.monotonic() + FILM_SECONDS
    while (playback := maker.call("GET", address))["version"] < WITH_ALL_CODECS:
        assert time.monotonic() < give_up_at
        time.sleep(0.1)
    yield {name: f"{running.url}{playback[name]}" for name in ("hls_url", "dash_url")}
    assert running.stop() == 0


@pytest.mark.parametrize(("player", "address", "codec"), PLAYERS)
def test_a_browser_that_knows_one_codec_only_plays_that(
    open_window: OpenWindow, site: str, film: dict[str, str], player: str, address: str, codec: str
) -> None:
    page = open_window()
    page.add_init_script(ONLY.replace("CODEC", codec))
    page.goto(f"{site}/?{urlencode({'player': player, 'url': film[address]})}")
    page.evaluate("film.loop = true; void play()")
    wait_for(page, PLAYS, patience=LONG_PATIENCE)
    assert page.evaluate("report.errors") == []
    assert any(codec in kind for kind in page.evaluate("decoded"))
