"""The way of a person through the product, clicked and tapped: from an account to a film that others watch."""

from __future__ import annotations

import re
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

from octavo.kernel.ids import new_id
from tests.web.conftest import OpenWindow
from tests.web.devices import DEVICES
from tests.web.films import a_landscape_film
from tests.web.network import Line
from tests.web.people import PASSWORD
from tests.web.waiting import LONG_PATIENCE, PATIENCE, wait_for

LINE = 250_000  # bits per second: slow enough to pause an upload in its middle
TITLE = "Harbour at dawn"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Long enough to be left in the middle."""
    return a_landscape_film(tmp_path_factory.mktemp("film") / "VID 0042.mp4", seconds=12, width=854, height=480)


@pytest.mark.parametrize("device", DEVICES.values(), ids=DEVICES.keys())
def test_a_person_uploads_watches_edits_publishes_and_deletes_a_film(
    device: dict[str, Any], open_window: OpenWindow, film: Path
) -> None:
    page = open_window(device)
    register(page)
    upload(page, film)
    kept = positions_kept(page)
    watch(page)
    go_on_where_it_stopped(page, kept)
    edit(page)
    address = publish(page)
    somebody_else_sees_it(open_window(device), address)
    delete_and_undo(page)


def register(page: Page) -> None:
    name = f"mina{new_id().hex[-8:]}"
    page.goto("/video/upload")
    page.get_by_role("link", name="Make one").click()
    page.get_by_label("Name", exact=True).fill("Mina Haddad")
    page.get_by_label("E-mail address").fill(f"{name}@example.org")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    expect(page).to_have_url(re.compile("/video/upload$"))  # where they wanted to go in the first place


def upload(page: Page, film: Path) -> None:
    """Through the island, paused and resumed on the way; it ends on the processing page, which follows the encoder."""
    line = Line(page)
    line.limit(up=LINE)
    expect(page.locator("octavo-uploader[data-ready]")).to_be_visible()
    with page.expect_file_chooser() as chooser:
        page.get_by_label("Films").click()
    chooser.value.set_files(film)
    row = page.locator(".upload")
    bar = row.get_by_role("progressbar")
    wait_for(page, "() => document.querySelector('.upload progress').value > 0.05")
    page.get_by_role("button", name="Pause").click()
    expect(row).to_have_attribute("data-state", "paused")
    sent = bar.evaluate("bar => bar.value")
    assert 0 < sent < 1
    line.open_up()
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(re.compile("/video/titles/[^/]+/processing$"), timeout=LONG_PATIENCE)
    expect(page.locator("[data-rung]").first).to_be_visible(timeout=LONG_PATIENCE)
    expect(page.get_by_text("Every quality is ready.")).to_be_visible(timeout=LONG_PATIENCE)


def positions_kept(page: Page) -> list[float]:
    """The seconds of the film that the server is told from now on, and takes."""
    kept: list[float] = []

    def note(answer: Response) -> None:
        if answer.url.endswith("/position") and answer.ok:
            kept.append(answer.request.post_data_json["seconds"])

    page.on("response", note)
    return kept


def watch(page: Page) -> None:
    """Stops in the middle of the film."""
    page.get_by_role("link", name="Watch", exact=True).click()
    plays(page, beyond=6, then_stops=True)
    expect(page.get_by_role("alert")).to_have_count(0)


def go_on_where_it_stopped(page: Page, kept: list[float]) -> None:
    stopped_at = page.locator("octavo-player video").evaluate("video => video.currentTime")
    give_up_at = monotonic() + PATIENCE / 1000
    # Also a position of just before it stopped will do: it is then kept no second time.
    while not any(abs(position - stopped_at) < 0.6 for position in kept):
        assert monotonic() < give_up_at, (stopped_at, kept)
        page.wait_for_timeout(50)
    page.reload()
    wait_for(page, GOES_ON_AND_OFFERS_THE_BEGINNING)


def edit(page: Page) -> None:
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Title", exact=True).fill(TITLE)
    page.get_by_label("Description").fill("Boats, before anybody is awake. #harbour")
    page.get_by_label("Tags").fill("boats, morning")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile("/video/mine"))
    expect(page.get_by_text(f"“{TITLE}” is saved.")).to_be_visible()


def publish(page: Page) -> str:
    page.locator(".title-cell").get_by_text(TITLE).click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Public", exact=True)).to_be_visible()
    return page.url


def somebody_else_sees_it(page: Page, address: str) -> None:
    page.goto("/video")
    page.get_by_role("link", name=TITLE).first.click()
    expect(page).to_have_url(address)
    plays(page, beyond=1)
    page.get_by_role("link", name="#harbour").click()
    expect(page.get_by_role("link", name=TITLE).first).to_be_visible()


def delete_and_undo(page: Page) -> None:
    page.goto("/video/mine")
    page.get_by_role("button", name=f"Delete “{TITLE}”").click()
    expect(page.get_by_text(f"“{TITLE}” is deleted.")).to_be_visible()
    expect(page.locator(".title-cell")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".title-cell").get_by_text(TITLE)).to_be_visible()


# In one look: the offer goes away by itself.
GOES_ON_AND_OFFERS_THE_BEGINNING = """
() => document.querySelector("octavo-player video")?.currentTime > 5
  && [...document.querySelectorAll("octavo-player button")].some(
    (button) => button.checkVisibility() && button.textContent.includes("From the beginning")
  )
"""
CLOCK_IS_BEYOND = """
([second, stops]) => {
  const video = document.querySelector("octavo-player video");
  const beyond = video?.currentTime > second;
  if (beyond && stops) video.pause();
  return beyond;
}
"""


def plays(page: Page, *, beyond: float, then_stops: bool = False) -> None:
    """Someone who clicked their way to a film sees it play by itself; its clock runs and nothing is broken."""
    wait_for(page, CLOCK_IS_BEYOND, [beyond, then_stops], patience=LONG_PATIENCE)
    assert page.locator("octavo-player video").evaluate("video => video.error") is None
