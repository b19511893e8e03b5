"""Every form of the pages, filled in and sent by a browser that runs no scripts."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from octavo.kernel.ids import new_id
from tests.harness.running import RunningOctavo
from tests.web.conftest import OpenWindow
from tests.web.devices import DESKTOP
from tests.web.films import a_landscape_film
from tests.web.people import PASSWORD, Person, a_person

NEW_PASSWORD = "eight grey herons"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_landscape_film(tmp_path_factory.mktemp("film") / "Plain.mp4", seconds=2)


@pytest.fixture
def person(octavo: RunningOctavo) -> Person:
    return a_person(octavo.url, "Plain Jane")


@pytest.fixture
def page(open_window: OpenWindow) -> Page:
    return open_window(java_script_enabled=False)


def page_of(person: Person, open_window: OpenWindow) -> Page:
    return open_window(DESKTOP, person, java_script_enabled=False)


def press(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name).first.click()


def test_signing_up_out_and_in(page: Page) -> None:
    name = f"jane{new_id().hex[-8:]}"
    page.goto("/sign-up")
    page.get_by_label("Name", exact=True).fill("Plain Jane")
    page.get_by_label("E-mail address").fill(f"{name}@example.org")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill("short")
    press(page, "Make my account")
    expect(page.locator(".error-summary")).to_contain_text("Password")
    expect(page.get_by_label("Username")).to_have_value(name)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Make my account")
    page.goto("/account")
    press(page, "Sign out")
    page.goto("/sign-in?next=/account")
    page.get_by_label("E-mail address or username").fill(name)
    page.get_by_label("Password").fill("wrong " + PASSWORD)
    press(page, "Sign in")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    expect(page).to_have_url(re.compile("/account$"))


def test_uploading_publishing_editing_deleting_and_restoring(
    open_window: OpenWindow, person: Person, film: Path
) -> None:
    page = page_of(person, open_window)
    page.goto("/video/upload")
    page.get_by_label("Films").set_input_files(film)
    press(page, "Upload")
    expect(page).to_have_url(re.compile("/processing$"))
    title = page.url.split("/")[-2]
    press(page, "Share by link only")
    person.wait_until(title, "complete")
    page.goto(f"/video/titles/{title}")
    expect(page.locator("video source").first).to_have_attribute("src", re.compile(r"\.m3u8$"))
    expect(page.get_by_text("Unlisted", exact=True)).to_be_visible()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Title", exact=True).fill("Said plainly")
    page.get_by_label("Public").check()
    press(page, "Save")
    expect(page.get_by_text("“Said plainly” is saved.")).to_be_visible()
    press(page, "Delete “Said plainly”")
    press(page, "Undo")
    press(page, "Delete “Said plainly”")
    page.get_by_role("link", name="Recently deleted").click()
    press(page, "Restore “Said plainly”")
    page.goto(f"/video/titles/{title}/edit")
    press(page, "Delete this film")
    page.get_by_role("link", name="Recently deleted").click()
    press(page, "Delete for ever: “Said plainly”")
    expect(page.get_by_text("Nothing deleted")).to_be_visible()


def test_uploading_nothing_is_refused_in_words(open_window: OpenWindow, person: Person) -> None:
    page = page_of(person, open_window)
    page.goto("/video/upload")
    page.locator("form.upload-form").evaluate("form => { form.noValidate = true }")
    press(page, "Upload")
    expect(page.locator(".error-summary")).to_contain_text("Choose a film.")


def test_deleting_a_film_that_failed(open_window: OpenWindow, person: Person, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film " * 5000)
    page = page_of(person, open_window)
    page.goto("/video/upload")
    page.get_by_label("Films").set_input_files(broken)
    press(page, "Upload")
    expect(page).to_have_url(re.compile("/processing$"))
    title = page.url.split("/")[-2]
    person.wait_until(title, "failed")
    page.reload()
    press(page, "Delete this one")
    expect(page.get_by_text("No videos yet")).to_be_visible()


def test_the_forms_of_the_account(open_window: OpenWindow, octavo: RunningOctavo, person: Person) -> None:
    page = page_of(person, open_window)
    page.goto("/account")
    page.get_by_label("Name", exact=True).fill("Jane the Plain")
    page.get_by_label("Language and region").select_option(index=1)
    press(page, "Save profile")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Jane the Plain")
    page.get_by_label("E-mail address").fill(f"{person.username}@new.example.org")
    page.get_by_label("Your password").fill(PASSWORD)
    press(page, "Change address")
    expect(page.get_by_label("E-mail address")).to_have_value(f"{person.username}@new.example.org")
    page.goto("/account/password")
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("New password").fill(NEW_PASSWORD)
    press(page, "Change password")
    expect(page.locator(".notice[data-kind=success]")).to_be_visible()
    for _ in range(3):
        credentials = {"login": person.username, "password": NEW_PASSWORD}
        httpx.post(f"{octavo.url}/api/identity/v1/sessions", json=credentials, timeout=60).raise_for_status()
    page.goto("/account/sessions")
    expect(page.locator("tbody tr")).to_have_count(4)
    other = page.locator("tbody tr", has_not_text="This device").first
    other.get_by_role("button", name=re.compile("Sign out")).click()
    expect(page.locator("tbody tr")).to_have_count(3)
    press(page, "Sign out all other devices")
    expect(page.locator("tbody tr")).to_have_count(1)
