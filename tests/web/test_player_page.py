"""Our own player on a complete film: keys, quality, speed, shared seconds, and what it says when the line is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import OpenWindow
from tests.web.places import ANOTHER_QUALITY, FILM, player_ready
from tests.web.waiting import LONG_PATIENCE, wait_for
from tests.web.world import World

VIDEO = "document.querySelector('octavo-player video')"
NOTE_SEEKS = f"""
() => {{
  window.sought = [];
  {VIDEO}.addEventListener("seeking", ({{ target }}) => sought.push(target.currentTime));
}}
"""


@pytest.fixture
def page(open_window: OpenWindow, world: World) -> Page:
    page = open_window()
    page.goto(world.path("/video/titles/{night_train}"))
    player_ready(page)
    return page


def state(page: Page, name: str) -> object:
    return page.evaluate(f"{VIDEO}.{name}")


def test_the_keys_that_viewers_know(page: Page) -> None:
    page.keyboard.press("k")
    wait_for(page, f"() => !{VIDEO}.paused && {VIDEO}.currentTime > 0.3")
    page.keyboard.press(" ")
    wait_for(page, f"() => {VIDEO}.paused")
    page.keyboard.press("5")
    wait_for(page, f"() => Math.abs({VIDEO}.currentTime - 10) < 0.5")
    page.keyboard.press("ArrowRight")
    wait_for(page, f"() => Math.abs({VIDEO}.currentTime - 15) < 0.5")
    page.keyboard.press("j")
    wait_for(page, f"() => Math.abs({VIDEO}.currentTime - 5) < 0.5")
    page.keyboard.press("m")
    assert state(page, "muted") is True
    page.keyboard.press(">")
    page.keyboard.press("k")
    wait_for(page, f"() => {VIDEO}.playbackRate === 1.25")


def test_a_quality_that_drops_frames_for_now_is_still_offered(page: Page) -> None:
    """Shaka keeps away from it for a while; here it takes every frame for dropped."""
    every_frame = {"abr": {"advanced": {"droppedFramesThreshold": 0}}}
    page.evaluate(f"settings => {{ {FILM}.engine.player.configure(settings) }}", every_frame)
    page.keyboard.press("k")
    wait_for(page, f"() => new Set({FILM}.engine.player.getVariantTracks().map((one) => one.height)).size < 3")
    assert page.evaluate(f"{FILM}.engine.heights()") == [480, 360, 240]


def test_chapters_are_on_the_bar_in_a_list_and_under_the_film(page: Page) -> None:
    expect(page.locator(".seek-marks span")).to_have_count(2)
    bar = page.get_by_role("slider", name="Position").bounding_box()
    assert bar is not None
    page.mouse.move(bar["x"] + bar["width"] * 8 / 20, bar["y"] + bar["height"] / 2)
    expect(page.locator(".seek-chapter")).to_have_text("The steppe by night")
    page.get_by_role("button", name="Chapters").click()
    expect(page.get_by_role("menuitemradio", checked=True)).to_contain_text("Boarding")
    page.get_by_role("menuitemradio", name="What she never said").click()
    wait_for(page, f"() => Math.abs({VIDEO}.currentTime - 14.5) < 0.5")
    page.locator("details.chapters > summary").click()
    page.evaluate(NOTE_SEEKS)
    page.get_by_role("link", name="The steppe by night").click()
    wait_for(page, f"() => !{VIDEO}.paused && sought.some((at) => at >= 5 && at < 5.5)")
    expect(page.get_by_role("slider", name="Position")).to_have_attribute(
        "aria-valuetext", re.compile(r", The steppe by night$")
    )


def test_quality_and_speed_are_chosen_by_keyboard_alone(page: Page) -> None:
    page.get_by_role("button", name="Quality and speed").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitemradio", name="Automatic")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitemradio", name="240p", exact=True)).to_have_attribute("aria-checked", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_be_hidden()
    page.keyboard.press("k")
    wait_for(page, f"() => {VIDEO}.videoHeight === 240")


def test_a_shared_second_is_where_the_film_starts(open_window: OpenWindow, world: World) -> None:
    page = open_window()
    page.goto(world.path("/video/titles/{night_train}?t=12"))
    wait_for(page, f"() => {VIDEO}?.currentTime >= 12")


def test_after_a_lost_line_the_film_goes_on_by_itself(page: Page) -> None:
    page.route("**/play/**", lambda route: route.abort("internetdisconnected"))
    page.evaluate(ANOTHER_QUALITY)  # of which nothing is loaded yet
    page.evaluate(f"{VIDEO}.currentTime = 15; void {VIDEO}.play()")
    expect(page.get_by_role("alert")).to_contain_text("connection was lost", timeout=LONG_PATIENCE)
    page.unroute("**/play/**")
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_for(page, f"() => {VIDEO}.currentTime > 15.5")
    expect(page.get_by_role("alert")).to_have_count(0)
