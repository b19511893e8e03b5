"""Every page in its states: accessible in both themes, whole on a small phone, within its own security policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page

from octavo import app
from tests.web.conftest import a_profile
from tests.web.judges import (
    SCHEMES,
    accessibility_violations,
    policy_violations,
    put_on_contact_sheet,
    watch_policy,
    wider_than_window,
)
from tests.web.places import FIRST_START, NO_PAGES, PLACES, Place
from tests.web.world import World


@dataclass
class Visit:
    """A place in a browser, opened once for all judges."""

    place: Place
    page: Page
    status: int
    errors: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=PLACES, ids=str)
def visit(request: pytest.FixtureRequest, browser: Browser, world: World) -> Iterator[Visit]:
    place: Place = request.param
    context = a_profile(browser, world.url, person=world.people.get(place.who))
    page = context.new_page()
    visit = Visit(place, page, 0)
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.on("response", lambda answer: answer.status >= 400 and visit.missing.append(answer.url))
    watch_policy(page)
    answer = page.goto(world.path(place.path))
    visit.status = answer.status if answer else 0
    if place.reach:
        place.reach(page)
    yield visit
    context.close()


def test_every_page_is_in_the_list_of_places() -> None:
    routes = [route for module in app.MODULES for route in module.routes if route.method == "GET"]
    paths = {route.path for route in routes if not route.is_api}
    assert paths == {place.route for place in PLACES} | NO_PAGES | FIRST_START


def test_a_page_opens_without_an_error(visit: Visit) -> None:
    assert visit.status == visit.place.status
    assert visit.errors == []
    assert [url for url in visit.missing if url != visit.page.url] == []


def test_a_page_keeps_within_its_content_security_policy(visit: Visit) -> None:
    assert policy_violations(visit.page) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_wrong(visit: Visit, scheme: str) -> None:
    assert accessibility_violations(visit.page, scheme) == []


def test_nothing_sticks_out_of_a_small_phone(visit: Visit) -> None:
    assert wider_than_window(visit.page, 320) == []


def test_it_has_its_picture_on_the_contact_sheet(visit: Visit) -> None:
    pictures = put_on_contact_sheet(visit.page, visit.place.name)
    assert all(picture.stat().st_size > 2000 for picture in pictures)
