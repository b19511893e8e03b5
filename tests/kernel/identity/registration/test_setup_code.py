"""The first account belongs to whoever runs the machine, not to the first stranger who finds the page."""

import pytest

from octavo.kernel.context import Context
from octavo.kernel.db import Database
from octavo.kernel.identity.registration.setup_code import FILE_NAME, keep_setup_code
from tests.kernel.identity.conftest import Browser
from tests.kernel.identity.persons import PASSWORD

ADA = {"name": "Ada Okafor", "email": "ada@example.org", "username": "ada", "password": PASSWORD}
ELSEWHERE = "203.0.113.9"


@pytest.mark.parametrize("given", [{}, {"setup_code": ""}, {"setup_code": "guessed"}, {"setup_code": "ключ"}])
async def test_a_stranger_without_the_code_founds_nothing(
    ctx: Context, browser: Browser, db: Database, given: dict[str, str]
) -> None:
    keep_setup_code(ctx.settings.data_dir)
    answer = await browser(ELSEWHERE).post("/welcome", data={**ADA, **given})
    assert answer.status_code == 403
    assert 'id="setup_code-error"' in answer.text
    assert await db.value("SELECT count(*) FROM identity.user") == 0


async def test_without_a_code_an_empty_one_is_not_right(browser: Browser) -> None:
    assert (await browser(ELSEWHERE).post("/welcome", data={**ADA, "setup_code": ""})).status_code == 403


async def test_the_code_makes_the_operator_from_elsewhere_and_is_forgotten(ctx: Context, browser: Browser) -> None:
    code = keep_setup_code(ctx.settings.data_dir)
    stranger = browser(ELSEWHERE)
    assert 'name="setup_code"' in (await stranger.get("/welcome")).text
    answer = await stranger.post("/welcome", data={**ADA, "setup_code": f" {code} "})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert not (ctx.settings.data_dir / FILE_NAME).exists()


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
async def test_what_a_proxy_on_this_machine_passes_on_needs_the_code(browser: Browser, header: str) -> None:
    passed_on = {header: "127.0.0.1"}
    assert 'name="setup_code"' in (await browser().get("/welcome", headers=passed_on)).text
    assert (await browser().post("/welcome", data=ADA, headers=passed_on)).status_code == 403


async def test_a_client_of_a_proxy_of_ours_needs_the_code(browser: Browser) -> None:
    assert (await browser("127.128.3.4").post("/welcome", data=ADA)).status_code == 403


async def test_on_this_machine_the_page_asks_for_no_code(browser: Browser) -> None:
    assert "setup_code" not in (await browser("::1").get("/welcome")).text


async def test_the_code_stays_the_same_and_is_its_owners_alone(ctx: Context) -> None:
    folder = ctx.settings.data_dir
    assert keep_setup_code(folder) == keep_setup_code(folder)
    assert (folder / FILE_NAME).stat().st_mode & 0o777 == 0o600
