"""What the browser tests share: one Chromium, windows for visitors, and a furnished Octavo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.harness.running import RunningOctavo
from tests.web.chromium import running_chromium
from tests.web.devices import DESKTOP
from tests.web.foreign_page import foreign_site
from tests.web.people import Person, a_person
from tests.web.waiting import PATIENCE
from tests.web.world import World, furnish

OpenWindow = Callable[..., Page]
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group("web"))


@pytest.fixture(scope="session")
def chromium_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_chromium(tmp_path_factory.mktemp("chromium") / "profile") as address:
        yield address


@pytest.fixture(scope="module")
def browser(chromium_address: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.connect_over_cdp(chromium_address)


@pytest.fixture(scope="session")
def octavo(running_octavo: RunningOctavo) -> RunningOctavo:
    """In use already: without any account, every way would lead to the page that makes the first."""
    a_person(running_octavo.url, "First Comer")
    return running_octavo


@pytest.fixture
def open_window(browser: Browser, octavo: RunningOctavo) -> Iterator[OpenWindow]:
    """A page in a browser profile of its own: `open_window(PHONE, person)`; without a person, signed out."""
    contexts: list[BrowserContext] = []

    def open_(device: dict[str, Any] = DESKTOP, person: Person | None = None, **options: Any) -> Page:
        context = a_profile(browser, octavo.url, device, person, **options)
        contexts.append(context)
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of somebody else's site, with a page of players that nobody here wrote."""
    with foreign_site() as address:
        yield address


@pytest.fixture(scope="session")
def world(octavo: RunningOctavo, tmp_path_factory: pytest.TempPathFactory) -> World:
    return furnish(octavo, tmp_path_factory.mktemp("films"))


def a_profile(
    browser: Browser, url: str, device: dict[str, Any] = DESKTOP, person: Person | None = None, **options: Any
) -> BrowserContext:
    """A fresh browser profile, with the person's session in its cookies. Addresses may be given as paths."""
    context = browser.new_context(base_url=url, **{**device, **options})
    context.set_default_timeout(PATIENCE)
    if person:
        context.add_cookies([person.cookie])
    return context
