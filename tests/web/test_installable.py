"""Octavo as an app on a person's device: its manifest, its service worker, and what it shows without a network."""

from __future__ import annotations

import io

import httpx
from PIL import Image
from playwright.sync_api import expect

from tests.harness.running import RunningOctavo
from tests.web.conftest import OpenWindow
from tests.web.network import Line
from tests.web.waiting import wait_for


def test_the_manifest_says_what_browsers_need_to_install_it(octavo: RunningOctavo) -> None:
    with httpx.Client(base_url=octavo.url) as client:
        answer = client.get("/manifest.webmanifest")
        manifest = answer.json()
        pictures = {icon["sizes"]: client.get(icon["src"]) for icon in manifest["icons"]}
    assert answer.headers["content-type"].startswith("application/manifest+json")
    assert {"name", "short_name", "start_url", "display", "theme_color", "background_color"} <= manifest.keys()
    assert manifest["display"] == "standalone"
    assert {"192x192", "512x512"} <= pictures.keys()
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for sizes, picture in pictures.items():
        assert "x".join(str(side) for side in Image.open(io.BytesIO(picture.content)).size) == sizes


def test_the_browser_finds_nothing_that_keeps_it_from_being_installed(open_window: OpenWindow) -> None:
    page = open_window()
    page.goto("/sign-in")
    session = page.context.new_cdp_session(page)
    assert session.send("Page.getAppManifest")["errors"] == []


def test_without_a_network_there_is_a_page_that_says_so(open_window: OpenWindow) -> None:
    page = open_window()
    page.goto("/sign-in")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    wait_for(page, "() => navigator.serviceWorker.controller !== null")
    Line(page).cut()
    page.context.set_offline(True)
    page.goto("/video")
    expect(page.get_by_role("heading", level=1)).to_contain_text("offline", ignore_case=True)
    assert page.evaluate("document.styleSheets[0].cssRules.length") > 0
    page.context.set_offline(False)
    page.goto("/sign-in")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
