"""Players that nobody here wrote, and our own, on a film that is still growing and on one that is complete."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, Response

from tests.harness.running import RunningOctavo
from tests.web.conftest import OpenWindow
from tests.web.encoder import encoder_held
from tests.web.films import a_grainy_film
from tests.web.network import Line
from tests.web.people import Person, a_person
from tests.web.waiting import LONG_PATIENCE, wait_for

FOREIGN_PLAYERS = ("hls.js", "shaka")
SWITCHING_PLAYERS = {"hls.js": "hls_url", "shaka": "hls_url", "dash.js": "dash_url"}
GREEK = "\n".join(f"{n}\n00:00:{3 * n:02},000 --> 00:00:{3 * n + 2:02},900\nΚαλημέρα {n}\n" for n in range(16))
SHOWS_GREEK = """
() => report.errors.length || shownText().join() === `Καλημέρα ${Math.floor(film.currentTime / 3)}`
"""
FIRST_CHUNK = 8.0  # seconds of the film that are there when it becomes playable
ENOUGH_FOR_240P = 650_000  # bits per second
COMPLETE_SECONDS = 40
AHEAD = 15.0  # seconds of the film: more than these players load before they play it


@pytest.fixture(scope="module")
def maker(octavo: RunningOctavo) -> Person:
    return a_person(octavo.url, "Nadia Petrova")


@pytest.fixture(scope="module")
def long_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """In three qualities, which takes the encoder long enough to be caught at it."""
    return a_grainy_film(tmp_path_factory.mktemp("film") / "long.mp4", seconds=24)


def foreign_player(page: Page, site: str, player: str, url: str) -> Page:
    page.goto(f"{site}/?{urlencode({'player': player, 'url': url})}")
    return page


def play_until(page: Page, second: float) -> None:
    page.evaluate("void play()")
    wait_for(page, "second => film.currentTime > second || report.errors.length", second, patience=LONG_PATIENCE)
    assert report(page)["errors"] == []


def report(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("report")
    return found


def own_film(page: Page, expression: str) -> Any:
    """Ask the player of our own watch page about its film."""
    return page.evaluate(f"() => {{ const film = document.querySelector('octavo-player').film; return {expression} }}")


AT_THE_EDGE = """
() => clock.at(-1)?.film > 4 && document.querySelector("octavo-player").dataset.state === "waiting"
"""
# Of the growing film there is one; all others come with the manifest of the whole.
ALL_QUALITIES = "() => document.querySelector('octavo-player').film.engine.heights().join() === '480,360,240'"
WATCH_CLOCK = """
() => {
  const player = document.querySelector("octavo-player");
  window.clock = [];
  setInterval(() => clock.push({ film: player.film.video.currentTime, wall: performance.now() / 1000 }), 50);
}
"""

# How long a player takes to trust a line again is its own affair, and longer than the film on a slow machine.
ROUND_AND_ROUND = """
film.addEventListener("ended", () => {
  report.farthest = film.currentTime = 0;
  void film.play();
})
"""
WATCH_THE_NEXT = """
() => {
  const { film } = document.querySelector("octavo-player");
  window.earliestPlayed = Infinity;
  window.renewed = false;
  film.addEventListener("renewed", () => (renewed = true));
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    if ("next" in this.dataset) earliestPlayed = Math.min(earliestPlayed, this.currentTime);
    return play.call(this);
  };
}
"""


def test_a_film_plays_while_it_grows_and_on_when_it_is_complete(
    octavo: RunningOctavo, open_window: OpenWindow, site: str, maker: Person, long_film: Path
) -> None:
    title = maker.upload(long_film)
    words = {"file": ("words.srt", GREEK.encode())}
    maker.call("POST", f"/api/video/v1/titles/{title}/subtitles", files=words, data={"language": "el"})
    own = open_window(person=maker)
    maker.wait_until(title, "playable")
    with encoder_held(octavo):
        assert maker.film(title)["state"] == "playable"
        hls = octavo.url + maker.call("GET", f"/api/video/v1/titles/{title}/playback")["hls_url"]
        own.goto(f"/video/titles/{title}")
        wait_for(own, "() => document.querySelector('octavo-player').film?.engine?.range().end > 1")
        foreign = {player: foreign_player(open_window(), site, player, hls) for player in FOREIGN_PLAYERS}
        for page in foreign.values():
            play_until(page, 1)
            assert report(page)["growing"] is True
            assert page.evaluate("judge.subtitles()") == ["el"]
            page.evaluate("void judge.read('el')")
        # Shaka shows what is chosen beside the next segment of the picture, of which there is none yet.
        wait_for(foreign["hls.js"], SHOWS_GREEK)
        assert own_film(own, "film.available") < FIRST_CHUNK + 4
        own.evaluate(WATCH_CLOCK)
        own_film(own, "void film.video.play()")
        wait_for(own, AT_THE_EDGE)
    maker.wait_until(title, "complete")
    for page in foreign.values():
        play_until(page, FIRST_CHUNK + 5)
        wait_for(page, SHOWS_GREEK)
        page.evaluate("film.pause()")
    wait_for(own, ALL_QUALITIES, patience=LONG_PATIENCE)
    wait_for(own, "second => clock.at(-1).film > second", FIRST_CHUNK + 5, patience=LONG_PATIENCE)
    clock = own.evaluate("clock")
    # Neither back nor over a part of the film, however seldom the page could look.
    leaps = [pair for pair in pairwise(clock) if not -0.3 < step(*pair) < 2.5 + passed(*pair)]
    assert leaps == []
    assert own.locator("[role=alert]").count() == 0


def step(earlier: dict[str, float], later: dict[str, float]) -> float:
    """Of the film's clock."""
    return later["film"] - earlier["film"]


def passed(earlier: dict[str, float], later: dict[str, float]) -> float:
    """On the viewer's clock."""
    return later["wall"] - earlier["wall"]


@pytest.fixture(scope="module")
def complete_film(octavo: RunningOctavo, maker: Person, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A complete film's title, and its manifests' addresses; it is long enough for three players to change twice."""
    title = maker.upload(a_grainy_film(tmp_path_factory.mktemp("film") / "longer.mp4", seconds=COMPLETE_SECONDS))
    maker.wait_until(title, "complete")
    playback = maker.call("GET", f"/api/video/v1/titles/{title}/playback")
    return {"title": title} | {name: f"{octavo.url}{playback[name]}" for name in ("hls_url", "dash_url")}


def test_the_quality_follows_the_line_down_and_up_while_the_film_goes_on(
    open_window: OpenWindow, site: str, complete_film: dict[str, str]
) -> None:
    pages = {player: open_window() for player in SWITCHING_PLAYERS}
    lines = {player: Line(page) for player, page in pages.items()}
    asked = parts_asked_for(pages["shaka"])
    for player, page in pages.items():
        foreign_player(page, site, player, complete_film[SWITCHING_PLAYERS[player]])
        page.evaluate(ROUND_AND_ROUND)
        page.evaluate("void play()")
    # None waits for the others: its film would go on to the end meanwhile.
    course = ("film.currentTime > 0.5", "HEIGHT === 480", "HEIGHT < 480", "HEIGHT > report.heights.at(-2)")
    for player, step in as_they_come(pages, course):
        if step == 0 and player == "shaka":
            # Of the middle and the end it asks for nothing: the playlist says that there are no captions to look for.
            farthest_asked = max(asked) * COMPLETE_SECONDS
            assert 0 < farthest_asked < report(pages[player])["farthest"] + AHEAD
        elif step == 1:
            lines[player].limit(down=ENOUGH_FOR_240P)
        elif step == 2:
            lines[player].open_up()
    for page in pages.values():
        assert report(page)["errors"] == []
        assert page.evaluate("film.currentTime >= report.farthest")


def test_where_the_film_has_ended_a_newer_manifest_plays_its_last_second_alone(
    open_window: OpenWindow, maker: Person, complete_film: dict[str, str]
) -> None:
    """This film goes on for a picture longer than its manifest says, and from its very end a video starts again."""
    own = open_window(person=maker)
    own.goto(f"/video/titles/{complete_film['title']}?t={COMPLETE_SECONDS - 3}")
    wait_for(own, "() => document.querySelector('octavo-player').film?.engine?.range().end > 1")
    own_film(own, "void film.video.play()")
    wait_for(own, "() => document.querySelector('octavo-player').film.video.ended", patience=LONG_PATIENCE)
    own.evaluate(WATCH_THE_NEXT)
    own_film(own, "void film.renew(`${film.manifest}?newer`)")
    wait_for(own, "() => renewed", patience=LONG_PATIENCE)
    assert COMPLETE_SECONDS - 3 < own.evaluate("earliestPlayed") < COMPLETE_SECONDS
    assert own_film(own, "film.video.ended && film.video.currentTime") >= COMPLETE_SECONDS


def parts_asked_for(page: Page) -> list[float]:
    """Where in its file each range begins that the page gets, from 0 to 1."""
    begun: list[float] = []

    def note(response: Response) -> None:
        if found := re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.headers.get("content-range", "")):
            begun.append(int(found[1]) / int(found[2]))

    page.on("response", note)
    return begun


def as_they_come(pages: dict[str, Page], conditions: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The name of a page and which condition it fulfils: each page all of them in turn, whatever the others do."""
    fulfilled = dict.fromkeys(pages, 0)
    give_up_at = time.monotonic() + 2 * LONG_PATIENCE / 1000
    while waiting := {name: step for name, step in fulfilled.items() if step < len(conditions)}:
        for name, step in waiting.items():
            if pages[name].evaluate(conditions[step].replace("HEIGHT", "report.heights.at(-1)")):
                fulfilled[name] += 1
                yield name, step
        assert time.monotonic() < give_up_at, {name: (step, report(pages[name])) for name, step in waiting.items()}
        time.sleep(0.05)
