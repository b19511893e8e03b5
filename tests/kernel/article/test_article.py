"""The dialect's own paths, its ways to send a body and a token, and several packages on one port."""

from collections.abc import AsyncIterator

import httpx
import pytest

from octavo.kernel.context import Context
from octavo.kernel.http import Dialect
from octavo.kernel.http._build import DialectUnclear, _joined
from octavo.kernel.identity import create_user
from tests.harness.web import AppServer

PASSWORD = "correct-mule-battery-9"


@pytest.fixture
async def client(app_server: AppServer, ctx: Context) -> AsyncIterator[httpx.AsyncClient]:
    await create_user(ctx, name="Ada", email="ada@example.org", username="ada", password=PASSWORD)
    async with httpx.AsyncClient(base_url=app_server.dialects["article"], timeout=60) as found:
        yield found


FORM = "username=ada&password=" + PASSWORD
JSON = '{"username": "ada", "password": "' + PASSWORD + '"}'


@pytest.mark.parametrize("body", [FORM, JSON])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/plain"])
async def test_signing_in_gives_a_token_that_opens(client: httpx.AsyncClient, body: str, kind: str) -> None:
    answer = await client.post("/login", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 200
    for authorization in (f"Bearer {answer.json()['token']}", answer.json()["token"]):
        opened = await client.get("/protected-resource", headers={"Authorization": authorization})
        assert (opened.status_code, opened.text) == (200, "Protected Resource")


async def test_a_wrong_password_or_token_is_refused_in_the_contracts_words(client: httpx.AsyncClient) -> None:
    wrong = await client.post("/login", data={"username": "ada", "password": "wrong"})
    assert (wrong.status_code, wrong.text) == (401, "Authentication Failed")
    for headers in ({}, {"Authorization": "Bearer nothing"}, {"Authorization": "nothing"}):
        refused = await client.get("/protected-resource", headers=headers)
        assert (refused.status_code, refused.text) == (401, "Unauthorized")


async def test_what_is_not_there_is_told_as_json(client: httpx.AsyncClient) -> None:
    missing = await client.get("/nothing")
    assert (missing.status_code, list(missing.json())) == (404, ["error"])
    broken = await client.post("/login", content="{")
    assert (broken.status_code, list(broken.json())) == (400, ["error"])


def test_dialects_of_one_name_have_to_agree() -> None:
    one = Dialect(name="x", routes=[], render_refusal=lambda refusal: (400, {}, b""))
    other = Dialect(name="x", routes=[], render_refusal=lambda refusal: (400, {}, b""))
    assert [dialect.name for dialect in _joined([one, one])] == ["x"]
    with pytest.raises(DialectUnclear):
        _joined([one, other])
