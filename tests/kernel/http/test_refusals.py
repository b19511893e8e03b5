"""What is refused is said in the language of whoever asked, and an error of ours never shows its inside."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from octavo.kernel.context import Context, Engines
from octavo.kernel.http import Redirect, Router, View, public, role, signed_in
from octavo.kernel.refusals import Conflict, Forbidden, TooMany, Unavailable
from tests.kernel.http import small_house
from tests.kernel.http.small_house import house_of


class HandleTaken(Conflict):
    title = "That handle is taken"


def routes() -> Router:
    api = Router("/api/t/v1", product="test")
    pages = Router("/t", product="test")

    @api.post("/handles", access=public)
    async def claim(ctx: Context) -> None:
        raise HandleTaken("Choose another.", suggestions=["ada2"])

    @api.get("/secret", access=role("moderator", "operator"))
    async def secret(ctx: Context) -> str:
        return "secret"

    @api.get("/broken", access=public)
    async def broken(ctx: Context) -> None:
        raise RuntimeError("the password is swordfish")

    @api.get("/hurried", access=public)
    async def hurried(ctx: Context) -> None:
        raise TooMany(retry_after=30)

    @api.get("/away", access=public)
    async def away(ctx: Context) -> None:
        raise Unavailable

    @pages.get("/mine", access=signed_in)
    async def mine(ctx: Context) -> View:
        return View("t/mine.html")

    @pages.post("/mine", access=signed_in)
    async def change(ctx: Context) -> Redirect:
        return Redirect("/t/mine")

    @pages.get("/forbidden", access=public)
    async def forbidden(ctx: Context) -> View:
        raise Forbidden("It is somebody else's.")

    @pages.get("/broken", access=public)
    async def broken_page(ctx: Context) -> View:
        raise RuntimeError("the password is swordfish")

    return Router("", product="test", routes=[*api.routes, *pages.routes])


async def test_a_refusal_of_the_api_is_a_problem_document(engines: Engines) -> None:
    async with house_of(engines, *routes().routes) as client:
        answer = await client.post("/api/t/v1/handles")
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/problems/handle-taken",
        "title": "That handle is taken",
        "status": 409,
        "detail": "Choose another.",
        "request_id": answer.headers["x-request-id"],
        "suggestions": ["ada2"],
    }


async def test_a_refusal_of_a_page_is_a_page(engines: Engines) -> None:
    async with house_of(engines, *routes().routes) as client:
        answer = await client.get("/t/forbidden")
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "ui/refusal.html" in answer.text
    assert "It is somebody else's." in answer.text


async def test_a_program_that_wants_json_gets_it_from_a_page_too(engines: Engines) -> None:
    async with house_of(engines, *routes().routes) as client:
        answer = await client.get("/t/forbidden", headers={"accept": "application/json"})
    assert answer.json()["detail"] == "It is somebody else's."


@pytest.mark.parametrize("path", ["/api/t/v1/broken", "/t/broken"])
async def test_an_error_of_ours_shows_its_number_and_not_its_inside(engines: Engines, path: str) -> None:
    async with house_of(engines, *routes().routes) as client:
        answer = await client.get(path)
    assert answer.status_code == 500
    assert "swordfish" not in answer.text
    assert answer.headers["x-request-id"] in answer.text


async def test_a_refusal_page_that_fails_gives_way_to_a_plain_one(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(template: str, data: Mapping[str, Any], ctx: Context) -> str:
        raise RuntimeError("no template")

    monkeypatch.setattr(small_house, "render", failing)
    async with house_of(engines, *routes().routes) as client:
        answer = await client.get("/t/forbidden")
    assert answer.status_code == 403
    assert "<h1>You may not do that</h1><p>It is somebody else&#x27;s.</p>" in answer.text


async def test_the_api_asks_strangers_to_sign_in(engines: Engines) -> None:
    async with house_of(engines, *routes().routes) as client:
        answer = await client.get("/api/t/v1/secret")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_the_way_back_from_signing_in_is_written_as_it_was_asked_for(engines: Engines) -> None:
    pages = Router("/t", product="test")

    @pages.get("/tags/{tag}", access=signed_in)
    async def tagged(ctx: Context, tag: str) -> View:
        return View("t/page.html")

    @pages.post("/tags", access=signed_in)
    async def keep(ctx: Context) -> None:
        return None

    async with house_of(engines, *pages.routes) as client:
        answer = await client.get("/t/tags/why%3F%20100%25?q=a%26b")
        posted = await client.post("/t/tags", headers={"referer": "http://octavo.test/t/tags/why%3F?q=a%26b"})
    ways_back = [parse_qs(urlsplit(each.headers["location"]).query)["next"] for each in (answer, posted)]
    assert ways_back == [["/t/tags/why%3F%20100%25?q=a%26b"], ["/t/tags/why%3F?q=a%26b"]]


async def test_a_page_leads_strangers_to_the_sign_in_page_and_back(engines: Engines) -> None:
    async with house_of(engines, *routes().routes) as client:
        answer = await client.get("/t/mine?sort=new&page=2")
        posted = await client.post("/t/mine", headers={"referer": "http://octavo.test/t/form"})
        elsewhere = await client.post("/t/mine", headers={"referer": "http://evil.test/t/form"})
    assert answer.status_code == posted.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/t/mine%3Fsort%3Dnew%26page%3D2"
    assert posted.headers["location"] == "/sign-in?next=/t/form"
    assert elsewhere.headers["location"] == "/sign-in?next=/"


async def test_a_role_opens_what_signing_in_does_not(engines: Engines) -> None:
    async with house_of(engines, *routes().routes) as client:
        user = await client.get("/api/t/v1/secret", headers={"authorization": "Bearer ada user"})
        moderator = await client.get("/api/t/v1/secret", headers={"authorization": "Bearer ada moderator"})
    assert user.status_code == 403
    assert user.json()["detail"] == "Only a person with the role moderator or operator may do that."
    assert moderator.json() == "secret"


async def test_whoever_has_to_wait_hears_for_how_long(engines: Engines) -> None:
    async with house_of(engines, *routes().routes) as client:
        assert (await client.get("/api/t/v1/hurried")).headers["retry-after"] == "30"
        assert (await client.get("/api/t/v1/away")).headers["retry-after"] == "5"
