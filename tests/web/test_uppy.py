"""Uppy, the uploader that most sites embed, in a browser: in pieces, in parts side by side, over a broken line."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from octavo.ui.build import UI
from octavo.ui.node import node_command
from tests.harness.running import RunningOctavo
from tests.web.conftest import OpenWindow
from tests.web.devices import DESKTOP
from tests.web.network import Line
from tests.web.people import Person, a_person
from tests.web.waiting import wait_for
from tests.wire.packages import node_modules

SIZE = 5_000_000
BUNDLE = Path(__file__).parent / "uppy_bundle.mjs"
BEGIN = """
([size, options]) => {
  const tus = { endpoint: "/api/media/v1/uploads", retryDelays: [100, 300, 900, 2700], ...options };
  const uppy = new Uppy({ autoProceed: false }).use(Tus, tus);
  const content = Uint8Array.from({ length: size }, (_, n) => (n * 2654435761) >>> 24);
  uppy.addFile({ name: "Quay.mp4", type: "video/mp4", data: new Blob([content]) });
  window.sent = 0;
  window.result = null;
  uppy.on("upload-progress", (_file, { bytesUploaded }) => (window.sent = bytesUploaded));
  uppy.upload().then(({ successful, failed }) => {
    window.result = { successful: successful.length, failed: failed.map(({ error }) => String(error)) };
  });
}
"""


@pytest.fixture(scope="module")
def uppy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    bundle = tmp_path_factory.mktemp("uppy") / "uppy.js"
    subprocess.run(node_command(str(BUNDLE), str(UI), str(node_modules().parent), str(bundle)), check=True)
    return bundle


@pytest.fixture
def person(octavo: RunningOctavo) -> Person:
    return a_person(octavo.url, "Ines Ferreira")


@pytest.fixture
def page(open_window: OpenWindow, person: Person, uppy: Path) -> Page:
    # A foreign script on our page: its own policy would not let it in.
    page = open_window(DESKTOP, person, bypass_csp=True)
    page.goto("/video/upload")
    page.add_script_tag(path=uppy)
    return page


def begin(page: Page, **options: Any) -> None:
    page.evaluate(BEGIN, [SIZE, options])


def assert_arrived(page: Page, person: Person) -> None:
    wait_for(page, "() => window.result !== null")
    assert page.evaluate("() => window.result") == {"successful": 1, "failed": []}
    person.wait_until_titles(1)
    (title,) = person.call("GET", "/api/video/v1/titles?owner=me")["items"]
    assert title["title"] == "Quay"


def test_it_uploads_in_pieces(page: Page, person: Person) -> None:
    begin(page, chunkSize=1 << 20)
    assert_arrived(page, person)


def test_it_uploads_in_parts_side_by_side(page: Page, person: Person) -> None:
    with page.expect_response(lambda answer: answer.request.headers.get("upload-concat", "").startswith("final;")):
        begin(page, parallelUploads=3)
    assert_arrived(page, person)


def test_it_gets_over_a_line_that_breaks(page: Page, person: Person) -> None:
    line = Line(page)
    line.limit(up=8_000_000)
    begin(page, chunkSize=500_000)
    wait_for(page, "() => window.sent > 1_000_000")
    line.cut()
    page.wait_for_timeout(300)
    line.open_up()
    assert_arrived(page, person)
