"""Our own player where something else is loaded below it: the film goes on, as the viewer chose it to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.web.conftest import OpenWindow
from tests.web.gate import Gate
from tests.web.places import ANOTHER_QUALITY, FILM, player_ready
from tests.web.waiting import wait_for
from tests.web.world import World

PLAYS_FROM = f"at => {FILM}.video.currentTime > at + 0.3 && !{FILM}.engine.buffering()"
# In one look: while it waits for data the rate is 0.
PLAYS_FASTER_FROM = f"at => ({PLAYS_FROM})(at) && {FILM}.video.playbackRate === 1.5"
# Another address of the same manifest stands for a newer version of it.
RENEW = f"() => void {FILM}.renew({FILM}.manifest + '?newer')"
# The browser tells of a speed a moment after it was set; here that moment does not come while the player waits.
CHOOSE_UNHEARD = f"""
() => {{
  const unheard = (event) => event.stopImmediatePropagation();
  addEventListener("ratechange", unheard, true);
  {FILM}.addEventListener("buffering", () => removeEventListener("ratechange", unheard, true), {{ once: true }});
  {FILM}.speed = 1.5;
}}
"""
# At once, by pieces as small as this film's, and without loading the whole of it before.
LET_THE_CONNECTION_DECIDE = f"""
{FILM}.engine.player.configure({{
  abr: {{ switchInterval: 0, advanced: {{ minTotalBytes: 1, minBytes: 1 }} }},
  streaming: {{ bufferingGoal: 3 }},
}});
{FILM}.choose(0);
"""
# The next video begins two seconds after it was told to, but only the first time.
BEGIN_LATE_ONCE = """
() => {
  const play = HTMLMediaElement.prototype.play;
  window.begun = 0;
  HTMLMediaElement.prototype.play = async function () {
    if ("next" in this.dataset) begun += 1;
    if ("next" in this.dataset && begun === 1) await new Promise((later) => setTimeout(later, 2000));
    return play.call(this);
  };
}
"""
WATCH_STEPS = f"""
() => {{
  window.farthestBack = 0;
  let before = 0;
  setInterval(() => {{
    const {{ currentTime }} = {FILM}.video;
    farthestBack = Math.min(farthestBack, currentTime - before);
    before = currentTime;
  }}, 20);
}}
"""


@pytest.fixture
def page(open_window: OpenWindow, world: World) -> Page:
    page = open_window()
    page.goto(world.path("/video/titles/{night_train}?t=5"))
    player_ready(page)
    return page


def test_a_newer_manifest_that_failed_is_tried_again_and_plays_as_it_was_chosen(page: Page) -> None:
    asked: list[Route] = []

    def fail_once(route: Route) -> None:
        asked.append(route)
        if len(asked) == 1:
            route.fulfill(body="no playlist")
        else:
            route.continue_()

    page.route("**/master.m3u8?newer", fail_once)
    page.evaluate(f"{FILM}.choose(240); {FILM}.speed = 1.5")
    page.evaluate(RENEW)
    wait_for(page, f"() => {FILM}.manifest.endsWith('?newer')")
    assert len(asked) == 2
    assert page.evaluate(f"{FILM}.video.videoHeight") == 240
    assert page.locator("octavo-player video").count() == 1
    page.keyboard.press("k")
    wait_for(page, PLAYS_FASTER_FROM, 5)
    assert page.locator("[role=alert]").count() == 0


def test_a_newer_manifest_that_comes_at_the_end_of_the_film_does_not_start_it_again(page: Page) -> None:
    page.evaluate(f"{FILM}.seek(18.6); void {FILM}.video.play()")
    wait_for(page, PLAYS_FROM, 18.4)
    page.evaluate(RENEW)
    wait_for(page, f"() => {FILM}.manifest.endsWith('?newer')")
    assert page.evaluate(f"{FILM}.video.ended && {FILM}.video.currentTime > 19.5")


def test_a_newer_manifest_that_is_slow_to_begin_does_not_take_the_film_back(page: Page) -> None:
    page.evaluate(BEGIN_LATE_ONCE)
    page.evaluate(f"void {FILM}.video.play()")
    wait_for(page, PLAYS_FROM, 5)
    page.evaluate(WATCH_STEPS)
    page.evaluate(RENEW)
    wait_for(page, f"() => {FILM}.manifest.endsWith('?newer')")
    # Told once where it was so late that it begins at the film's end.
    assert page.evaluate(f"begun >= 2 || {FILM}.video.ended")
    assert page.evaluate("farthestBack") > -0.5


def test_what_is_loaded_anew_plays_in_the_chosen_quality_at_the_chosen_speed(page: Page) -> None:
    page.evaluate(f"{FILM}.choose(240); {FILM}.speed = 1.5; void {FILM}.video.play()")
    page.evaluate(f"() => {FILM}.reload({FILM}.manifest)")
    wait_for(page, PLAYS_FASTER_FROM, 5)
    wait_for(page, f"() => {FILM}.video.videoHeight === 240")


def test_a_speed_chosen_while_the_player_waits_for_data_stays(page: Page) -> None:
    gate = Gate(page, "**/*.mp4")
    gate.close()
    page.evaluate(ANOTHER_QUALITY)
    gate.wait()  # what was loaded is given up for it
    page.evaluate(f"{FILM}.seek(15); void {FILM}.video.play()")
    wait_for(page, f"() => {FILM}.engine.buffering() && {FILM}.video.playbackRate === 0")
    page.evaluate(CHOOSE_UNHEARD)
    gate.open()
    wait_for(page, PLAYS_FASTER_FROM, 15)


def seek_before_the_playlist_comes(page: Page, height: int, ask: Callable[[], None]) -> None:
    """Judges that the film goes on at once, and in the quality that `ask` has asked for as soon as that is possible."""
    playlist, initialization = Gate(page, f"**/{height}p.m3u8"), Gate(page, f"**/{height}p.mp4", "bytes=0-")
    playlist.close()
    initialization.close()
    ask()
    playlist.wait()
    page.evaluate(f"{FILM}.seek(12); void {FILM}.video.play()")
    wait_for(page, PLAYS_FROM, 12)
    playlist.open()
    initialization.wait()
    page.wait_for_timeout(500)  # in which a segment could come before its initialization
    initialization.open()
    wait_for(page, f"() => {FILM}.video.videoHeight === {height} && {FILM}.video.currentTime > 12.3")
    assert page.locator("[role=alert]").count() == 0


def test_a_seek_while_the_playlist_of_the_chosen_quality_is_on_its_way(page: Page) -> None:
    seek_before_the_playlist_comes(page, 240, lambda: page.evaluate(f"{FILM}.choose(240)"))


def test_a_seek_while_the_playlist_of_the_connections_quality_is_on_its_way(page: Page) -> None:
    segments = Gate(page, "**/240p.mp4")

    def let_the_connection_decide() -> None:
        page.evaluate(LET_THE_CONNECTION_DECIDE)
        segments.open()

    segments.close()
    page.evaluate(f"{FILM}.choose(240)")
    segments.wait()
    seek_before_the_playlist_comes(page, 480, let_the_connection_decide)
