"""The upload page beyond the plain way: dropped files, several at once, a reload in the middle, a change of mind."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.harness.running import RunningOctavo
from tests.web.conftest import OpenWindow
from tests.web.devices import DESKTOP
from tests.web.films import a_landscape_film
from tests.web.network import Line
from tests.web.people import Person, a_person
from tests.web.waiting import LONG_PATIENCE, wait_for

SLOW_LINE = 250_000  # bits per second
SOME_IS_SENT = "() => document.querySelector('.upload progress')?.value > 0.05"
DROP = """
([name, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name, { type: "video/mp4" }));
  const zone = document.querySelector(".drop-zone");
  for (const type of ["dragover", "drop"]) {
    zone.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  }
}
"""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_landscape_film(tmp_path_factory.mktemp("film") / "Lake.mp4", seconds=10, width=640, height=360)


@pytest.fixture
def person(octavo: RunningOctavo) -> Person:
    return a_person(octavo.url, "Noor Bakker")


@pytest.fixture
def page(open_window: OpenWindow, person: Person) -> Page:
    page = open_window(DESKTOP, person)
    open_upload_page(page)
    return page


def open_upload_page(page: Page) -> None:
    page.goto("/video/upload")
    expect(page.locator("octavo-uploader[data-ready]")).to_be_visible()


def choose(page: Page, *films: Path) -> None:
    page.locator("input[type=file]").set_input_files(films)


def test_a_film_that_is_dropped_is_uploaded(page: Page, film: Path) -> None:
    page.evaluate(DROP, ["Dropped.mp4", base64.b64encode(film.read_bytes()).decode()])
    expect(page.get_by_role("heading", name="Dropped")).to_be_visible(timeout=LONG_PATIENCE)


def test_of_several_films_each_has_its_row_and_its_link(page: Page, film: Path, tmp_path: Path) -> None:
    other = tmp_path / "River.mp4"
    other.write_bytes(film.read_bytes())
    choose(page, film, other)
    expect(page.locator(".upload[data-state=done]")).to_have_count(2, timeout=LONG_PATIENCE)
    page.get_by_role("link", name="Open River.mp4").click()
    expect(page.get_by_role("heading", name="River")).to_be_visible()


def test_after_a_reload_the_same_file_goes_on_where_it_stopped(page: Page, film: Path) -> None:
    page.on("dialog", lambda dialog: dialog.accept())  # "leave the page while it uploads?"
    line = Line(page)
    line.limit(up=SLOW_LINE)
    choose(page, film)
    wait_for(page, SOME_IS_SENT)
    page.reload()
    expect(page.get_by_text("Not finished yet: Lake.mp4.")).to_be_visible()
    with page.expect_response(lambda answer: answer.request.method == "HEAD") as asked:
        choose(page, film)
    assert int(asked.value.headers["upload-offset"]) > 0
    line.open_up()
    expect(page.get_by_role("heading", name="Lake")).to_be_visible(timeout=LONG_PATIENCE)


def test_a_cancelled_upload_leaves_nothing_behind(page: Page, person: Person, film: Path) -> None:
    Line(page).limit(up=SLOW_LINE)
    choose(page, film)
    wait_for(page, SOME_IS_SENT)
    with page.expect_response(lambda answer: answer.request.method == "DELETE" and answer.ok):
        page.get_by_role("button", name="Cancel Lake.mp4").click()
    expect(page.locator(".upload")).to_have_count(0)
    person.wait_until_titles(0)
