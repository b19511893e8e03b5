"""What a first visit costs: the bytes that a browser with an empty cache receives, pictures, films and font aside."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.web.conftest import OpenWindow
from tests.web.devices import PHONE
from tests.web.world import World

WHOLE, SCRIPTS, STYLES, FONT = 60_000, 20_000, 12_000, 50_000
# Islands and what they fetch come after the page, and only where they are used.
PLAYER = 300_000


def received(page: Page, path: str) -> dict[str, dict[str, int]]:
    """Bytes on the line by address, grouped by kind; the browser's own counts, headers included."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    kinds: dict[str, tuple[str, str]] = {}
    found: dict[str, dict[str, int]] = {}
    session.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: (e["type"], e["response"]["url"])}))

    def finished(event: dict[str, object]) -> None:
        kind, url = kinds.get(str(event["requestId"]), ("Other", ""))
        found.setdefault(kind, {})[url] = int(float(str(event["encodedDataLength"])))

    session.on("Network.loadingFinished", finished)
    page.goto(path, wait_until="load")
    page.evaluate("document.fonts.ready")
    return found


@pytest.mark.parametrize("path", ["/", "/video", "/video/titles/{night_train}", "/sign-in"])
def test_a_first_visit_is_light(path: str, open_window: OpenWindow, world: World) -> None:
    # A service worker would fetch for itself beside the page.
    page = open_window(PHONE, service_workers="block")
    found = received(page, world.path(path))
    islands = {url for url in found.get("Script", {}) if "player" in url or "part-" in url}
    scripts = sum(size for url, size in found["Script"].items() if url not in islands)
    styles = sum(size for url, size in found["Stylesheet"].items() if "player" not in url)
    assert scripts <= SCRIPTS, found["Script"]
    assert styles <= STYLES, found["Stylesheet"]
    assert scripts + styles + sum(found["Document"].values()) <= WHOLE
    assert sum(found.get("Font", {}).values()) <= FONT, found["Font"]
    assert sum(size for url, size in found["Script"].items() if url in islands) <= PLAYER
