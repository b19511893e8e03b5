"""The picture in the README: the watch page with a film of our own, taken by `OCTAVO_UPDATE_SCREENSHOTS=1`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.harness.running import RunningOctavo
from tests.tidy.house import ROOT
from tests.web.conftest import OpenWindow
from tests.web.films import a_landscape_film
from tests.web.landscape import DESERT
from tests.web.people import a_person
from tests.web.waiting import wait_for
from tests.web.world import DESCRIPTION

COMMITTED = ROOT / "docs" / "images" / "watch.png"
SIZE = (1280, 800)
MOST_BYTES = 250_000
PLAYS_IN_720 = """
() => {
  const video = document.querySelector("octavo-player video");
  return video.currentTime > 5 && video.videoHeight === 720;
}
"""


@pytest.fixture(scope="module")
def title(octavo: RunningOctavo, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A published film in 720 lines."""
    film = tmp_path_factory.mktemp("film") / "train.mp4"
    maker = a_person(octavo.url, "Amara Okafor")
    title = maker.upload(a_landscape_film(film, seconds=16, width=1280, height=720, palette=DESERT, seed=3))
    words = {"title": "The night train to Samarkand", "description": DESCRIPTION, "tags": ["desert", "sisters"]}
    maker.call("PATCH", f"/api/video/v1/titles/{title}", json=words)
    maker.call("POST", f"/api/video/v1/titles/{title}/publish", json={"visibility": "unlisted"})
    maker.wait_until(title, "complete")
    return title


def test_the_watch_page_can_be_pictured_and_the_readme_has_its_picture(
    title: str, open_window: OpenWindow, octavo: RunningOctavo, tmp_path: Path
) -> None:
    page = open_window(person=a_person(octavo.url, "Tomás Rivera"), color_scheme="dark")
    page.goto(f"/video/titles/{title}")
    expect(page.locator(".player-bar")).to_be_visible()
    page.evaluate("document.querySelector('octavo-player').film.choose(720)")
    video = page.locator("octavo-player video")
    video.evaluate("video => video.play()")
    wait_for(page, PLAYS_IN_720)
    video.evaluate("video => video.pause()")
    page.mouse.move(640, 300)  # the controls come with the mouse
    expect(page.get_by_role("button", name="Play", exact=True).last).to_be_visible()
    taken = tmp_path / "watch.png"
    page.screenshot(path=taken, animations="disabled")
    if os.environ.get("OCTAVO_UPDATE_SCREENSHOTS"):
        COMMITTED.parent.mkdir(parents=True, exist_ok=True)
        Image.open(taken).convert("RGB").save(COMMITTED, optimize=True)
    assert Image.open(taken).size == SIZE
    assert Image.open(COMMITTED).size == SIZE
    assert COMMITTED.stat().st_size < MOST_BYTES
