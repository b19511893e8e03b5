"""Our own player where the address of a film is refused: it goes on with a new one, or says why it cannot."""

from __future__ import annotations

from collections import Counter

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.conftest import OpenWindow
from tests.web.places import ANOTHER_QUALITY, FILM, player_ready
from tests.web.waiting import wait_for
from tests.web.world import World

PLAYS_AT = f"at => {FILM}.video.currentTime > at && !{FILM}.video.paused && !{FILM}.engine.buffering()"
# What was loaded before goes on for a moment, in the quality that it was loaded in.
PLAYS_ANEW_AT = f"at => ({PLAYS_AT})(at) && {FILM}.video.videoHeight === {FILM}.height"
ALERT = "octavo-player [role=alert]"


class Gate:
    """Refuses what films are played from until the page has asked for a new address, or for good."""

    def __init__(self, page: Page, status: int, *, for_good: bool = False) -> None:
        self.refused: list[str] = []
        self.replaced = 0
        self._status, self._for_good = status, for_good
        page.route("**/play/**", self._film)
        page.route("**/playback", self._address)

    def _film(self, route: Route) -> None:
        if "/poster/" in route.request.url or (self.replaced and not self._for_good):
            route.continue_()
        else:
            self.refused.append(route.request.url)
            route.fulfill(status=self._status)

    def _address(self, route: Route) -> None:
        self.replaced += 1
        route.continue_()


@pytest.fixture
def page(open_window: OpenWindow) -> Page:
    return open_window()


@pytest.fixture
def film(page: Page, world: World) -> None:
    """The film's page, open and ready, five seconds in."""
    page.goto(world.path("/video/titles/{night_train}?t=5"))
    player_ready(page)


def play_what_is_not_loaded(page: Page, at: float) -> None:
    page.evaluate(ANOTHER_QUALITY)
    page.evaluate(f"{FILM}.seek({at}); void {FILM}.video.play()")


@pytest.mark.usefixtures("film")
@pytest.mark.parametrize("status", [403, 404])
def test_a_new_address_is_asked_for_at_once(page: Page, status: int) -> None:
    gate = Gate(page, status)
    play_what_is_not_loaded(page, 15)
    wait_for(page, PLAYS_ANEW_AT, 15)
    assert max(Counter(gate.refused).values()) <= 2, "none was tried again and again"
    assert gate.replaced == 1, "one address serves picture and sound"
    assert page.locator(ALERT).count() == 0


@pytest.mark.usefixtures("film")
def test_also_where_a_newer_manifest_plays(page: Page) -> None:
    page.evaluate(f"() => {FILM}.renew({FILM}.manifest + '?newer')")
    gate = Gate(page, 403)
    play_what_is_not_loaded(page, 15)
    wait_for(page, PLAYS_ANEW_AT, 15)
    assert gate.replaced == 1


def test_a_page_whose_address_has_expired_begins_where_it_was_to_begin(page: Page, world: World) -> None:
    gate = Gate(page, 403)
    page.goto(world.path("/video/titles/{night_train}?t=5"))
    player_ready(page)
    assert gate.replaced == 1
    assert page.evaluate(f"{FILM}.video.currentTime") == pytest.approx(5, abs=0.5)
    page.keyboard.press("k")
    wait_for(page, PLAYS_AT, 5)


@pytest.mark.usefixtures("film")
def test_where_no_address_helps_the_viewer_is_told(page: Page) -> None:
    gate = Gate(page, 404, for_good=True)
    play_what_is_not_loaded(page, 15)
    expect(page.locator(ALERT)).to_contain_text("no longer here")
    assert gate.replaced <= 2
