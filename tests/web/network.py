"""The line between a page and the rest of the world, as slow as a test wants it."""

from __future__ import annotations

from playwright.sync_api import CDPSession, Page

UNLIMITED = -1


class Line:
    """The network of one page; speeds are in bits per second."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("Network.enable")

    def limit(self, *, down: int = UNLIMITED, up: int = UNLIMITED) -> None:
        self._emulate(offline=False, down=down, up=up)

    def open_up(self) -> None:
        self._emulate(offline=False)

    def cut(self) -> None:
        self._emulate(offline=True)

    def _emulate(self, *, offline: bool, down: int = UNLIMITED, up: int = UNLIMITED) -> None:
        speeds = {name: speed // 8 if speed > 0 else -1 for name, speed in (("down", down), ("up", up))}
        self._session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": offline,
                "latency": 0,
                "downloadThroughput": speeds["down"],
                "uploadThroughput": speeds["up"],
            },
        )
