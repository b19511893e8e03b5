"""Requests of a page that do not get on, as on a line that hangs."""

from __future__ import annotations

from time import monotonic

from playwright.sync_api import Page, Route

from tests.web.waiting import PATIENCE


class Gate:
    """Holds requests of one kind back while it is closed."""

    def __init__(self, page: Page, address: str, begins: str = "") -> None:
        self._page, self._begins = page, begins
        self._closed = False
        self._held: list[Route] = []
        page.route(address, self._come)

    def close(self) -> None:
        self._closed = True

    def open(self) -> None:
        self._closed = False
        for route in self._held:
            route.continue_()

    def wait(self) -> None:
        """Until one is held."""
        give_up_at = monotonic() + PATIENCE / 1000
        while not self._held:
            assert monotonic() < give_up_at, "nothing was asked for"
            self._page.wait_for_timeout(50)

    def _come(self, route: Route) -> None:
        if self._closed and route.request.headers.get("range", "").startswith(self._begins):
            self._held.append(route)
        else:
            route.fallback()
