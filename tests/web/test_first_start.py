"""An Octavo that nobody has used yet: its first page makes the operator, and is as good as all others."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.harness.running import RunningOctavo
from tests.web.conftest import a_profile
from tests.web.judges import (
    SCHEMES,
    accessibility_violations,
    policy_violations,
    put_on_contact_sheet,
    watch_policy,
    wider_than_window,
)
from tests.web.people import PASSWORD


def test_the_first_visitor_makes_the_operator_without_javascript(browser: Browser, octavo_up: RunningOctavo) -> None:
    page = a_profile(browser, octavo_up.url).new_page()
    watch_policy(page)
    page.goto("/")
    expect(page).to_have_url(re.compile("/welcome$"))
    assert [accessibility_violations(page, scheme) for scheme in SCHEMES] == [[], []]
    assert wider_than_window(page, 320) == []
    assert policy_violations(page) == []
    put_on_contact_sheet(page, "welcome")
    page.goto("/video")
    put_on_contact_sheet(page, "home-empty")
    assert [accessibility_violations(page, scheme) for scheme in SCHEMES] == [[], []]
    page.context.close()

    page = a_profile(browser, octavo_up.url, java_script_enabled=False).new_page()
    page.goto("/")
    page.get_by_label("Name", exact=True).fill("Haruka Ito")
    page.get_by_label("E-mail address").fill("haruka@example.org")
    page.get_by_label("Username").fill("haruka")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the first account").click()
    expect(page).to_have_url(re.compile(r":\d+/$"))
    answer = page.goto("/components")
    assert answer is not None
    assert answer.status == 200
    page.context.close()
