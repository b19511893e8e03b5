"""Other sites cannot act in a visitor's name, proxies are believed only when listed, secrets stay out of the log."""

import json

import httpx
import msgspec
import pytest
from starlette.types import Message

from octavo.kernel.context import Context, Engines
from octavo.kernel.http import Answer, Cookie, Redirect, Request, Router, View, public
from octavo.kernel.http._log import mask_path
from tests.kernel.http.small_house import house, house_of, with_settings


class Name(msgspec.Struct, frozen=True):
    name: str


def routes() -> Router:
    pages = Router("/t", product="test")

    @pages.get("/page", access=public)
    async def page(ctx: Context) -> View:
        return View("t/page.html", {"long": "word " * 400})

    @pages.post("/change", access=public)
    async def change(ctx: Context) -> Answer:
        return Answer(Redirect("/t/page"), cookies=[Cookie("octavo_session", "secret", max_age=60)])

    @pages.get("/who", access=public)
    async def who(ctx: Context, request: Request) -> list[str]:
        return [request.address, request.public_url, ctx.request_id]

    @pages.post("/name", access=public)
    async def name(ctx: Context, form: Name) -> None:
        pass

    return pages


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"sec-fetch-site": "none"}, 303),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://octavo.test"}, 303),
        ({"origin": "http://evil.test"}, 403),
        ({"origin": "null"}, 403),
        ({}, 303),
        ({"sec-fetch-site": "cross-site", "authorization": "Bearer ada"}, 303),
        # A proxy's own password comes along by itself, as cookies do.
        ({"sec-fetch-site": "cross-site", "authorization": "Basic YTpi"}, 403),
    ],
)
async def test_other_sites_cannot_change_anything(engines: Engines, headers: dict[str, str], status: int) -> None:
    async with house_of(engines, *routes().routes) as client:
        answer = await client.post("/t/change", headers={"cookie": "who=ada", **headers})
    assert answer.status_code == status


async def test_a_redirect_stays_one_header_and_one_address(engines: Engines) -> None:
    onward = Router("/t", product="test")

    @onward.get("/onward", access=public)
    async def onward_page(ctx: Context, query: Name) -> Redirect:
        return Redirect(query.name)

    async with house_of(engines, *onward.routes) as client:
        for path, location in [
            ("/video/tags/日本 café?x=1&y=%20#top", "/video/tags/%E6%97%A5%E6%9C%AC%20caf%C3%A9?x=1&y=%20#top"),
            ("/a\r\nSet-Cookie: octavo_session=theirs", "/a%0D%0ASet-Cookie:%20octavo_session=theirs"),
        ]:
            answer = await client.get("/t/onward", params={"name": path})
            assert answer.headers["location"] == location
            assert "set-cookie" not in answer.headers


async def test_links_from_other_sites_work(engines: Engines) -> None:
    async with house_of(engines, *routes().routes) as client:
        assert (await client.get("/t/page", headers={"sec-fetch-site": "cross-site"})).status_code == 200


@pytest.mark.parametrize(("public_url", "secure"), [("", False), ("https://films.example", True)])
async def test_cookies_are_out_of_reach_for_scripts_and_other_sites(
    engines: Engines, public_url: str, secure: bool
) -> None:
    async with house_of(with_settings(engines, public_url=public_url), *routes().routes) as client:
        answer = await client.post("/t/change")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("octavo_session=secret; Path=/; HttpOnly; SameSite=Lax; Max-Age=60")
    assert cookie.endswith("; Secure") is secure
    assert ("strict-transport-security" in answer.headers) is secure


async def test_every_answer_tells_browsers_what_it_may_do(engines: Engines) -> None:
    async with house_of(engines, *routes().routes) as client:
        page, missing = await client.get("/t/page"), await client.get("/api/t/v1/nothing")
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert missing.headers["content-security-policy"].startswith("default-src 'none'")
    assert {page.headers["x-content-type-options"], missing.headers["x-content-type-options"]} == {"nosniff"}


FORWARDED = {
    "x-forwarded-for": "203.0.113.9, 198.51.100.4, 192.0.2.8",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "films.example",
    "x-request-id": "from-the-proxy",
}


async def test_a_stranger_cannot_pretend_to_be_a_proxy(engines: Engines) -> None:
    async with house_of(engines, *routes().routes) as client:
        address, url, request_id = (await client.get("/t/who", headers=FORWARDED)).json()
    assert (address, url) == ("192.0.2.7", "http://octavo.test")
    assert request_id != "from-the-proxy"


async def test_a_trusted_proxy_is_believed_up_to_the_first_stranger(engines: Engines) -> None:
    trusting = with_settings(engines, trusted_proxies=("192.0.2.0/24",))
    async with house_of(trusting, *routes().routes) as client:
        answer = await client.get("/t/who", headers=FORWARDED)
    assert answer.json() == ["198.51.100.4", "https://films.example", "from-the-proxy"]
    assert answer.headers["x-request-id"] == "from-the-proxy"


@pytest.mark.parametrize(
    ("hops", "client_address"),
    [
        ("198.51.100.4:4711, 192.0.2.8:80", "198.51.100.4"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("unknown:1", "192.0.2.7"),
    ],
)
async def test_hops_may_have_ports(engines: Engines, hops: str, client_address: str) -> None:
    trusting = with_settings(engines, trusted_proxies=("192.0.2.0/24",))
    async with house_of(trusting, *routes().routes) as client:
        assert (await client.get("/t/who", headers={"x-forwarded-for": hops})).json()[0] == client_address


@pytest.mark.parametrize("listed", ["127.0.0.0/8", "127.128.3.4", "0.0.0.0/0"])
@pytest.mark.parametrize("client", ["127.128.3.4", "::ffff:127.128.3.4"])
async def test_what_the_client_of_a_proxy_of_ours_claims_is_never_believed(
    engines: Engines, listed: str, client: str
) -> None:
    application = house(with_settings(engines, trusted_proxies=(listed,)), routes().routes)
    transport = httpx.ASGITransport(app=application, client=(client, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://octavo.test") as claiming:
        address, url, request_id = (await claiming.get("/t/who", headers=FORWARDED)).json()
    assert (address, url) == (client, "http://octavo.test")
    assert request_id != "from-the-proxy"


async def test_the_public_url_is_the_setting_when_there_is_one(engines: Engines) -> None:
    async with house_of(with_settings(engines, public_url="https://films.example"), *routes().routes) as client:
        assert (await client.get("/t/who")).json()[1] == "https://films.example"


def test_an_unreadable_proxy_network_is_refused(engines: Engines) -> None:
    with pytest.raises(ValueError, match="trusted_proxies"):
        with_settings(engines, trusted_proxies=("anyone",))


@pytest.mark.parametrize(
    ("path", "masked"),
    [
        ("/video/titles/0190b5d2-0000-7000-8000-000000000001", "/video/titles/0190b5d2-0000-7000-8000-000000000001"),
        ("/play/exp=1~acl=/x~hmac=abc/7/master.m3u8", "/play/exp=1~acl=/***/7/master.m3u8"),
        (f"/play/{'Ab3_' * 12}/7/480.mp4", "/play/***/7/480.mp4"),
        (f"/reset/{'k' * 43}", "/reset/***"),
        (f"/static/octavo-{'a' * 40}.js", f"/static/octavo-{'a' * 40}.js"),
    ],
)
def test_the_log_holds_no_token(path: str, masked: str) -> None:
    assert mask_path(path) == masked


async def test_the_log_tells_of_each_request(engines: Engines, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    async with house_of(engines, *routes().routes) as client:
        await client.get("/t/page?token=hidden", headers={"authorization": "Bearer ada"})
        client._transport.app.close()  # type: ignore[attr-defined]
    line = json.loads(capfdbinary.readouterr().err.splitlines()[-1])
    assert (line["method"], line["path"], line["status"], line["route"]) == ("GET", "/t/page", 200, "GET /t/page")
    assert line["user"] == "0190b5d2-0000-7000-8000-00000000ada0"
    assert "hidden" not in json.dumps(line)


async def test_long_text_is_compressed_for_those_who_can_read_it(engines: Engines) -> None:
    async with house_of(engines, *routes().routes) as client:
        packed = await client.get("/t/page", headers={"accept-encoding": "gzip"})
        plain = await client.get("/t/page", headers={"accept-encoding": "identity"})
        refused = await client.get("/t/page", headers={"accept-encoding": "gzip;q=0"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) // 4
    assert packed.text == plain.text == refused.text
    assert {answer.headers["vary"] for answer in (packed, plain)} == {"Accept-Encoding"}
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in refused.headers


async def test_an_unchanged_answer_is_not_sent_again(engines: Engines) -> None:
    async with house_of(engines, *routes().routes) as client:
        first = await client.get("/t/page")
        again = await client.get("/t/page", headers={"if-none-match": f'"other", {first.headers["etag"]}'})
    assert again.status_code == 304
    assert again.content == b""
    assert "content-type" not in again.headers


async def test_a_client_that_leaves_is_noted_and_not_answered(
    engines: Engines, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    async with house_of(engines, *routes().routes) as client:
        app = client._transport.app  # type: ignore[attr-defined]
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": "/t/name", "query_string": b"", "scheme": "http"}
        headers = [(b"content-type", b"application/x-www-form-urlencoded")]
        await app(
            {**scope, "headers": headers, "client": ("192.0.2.7", 1), "server": ("octavo.test", 80)}, receive, send
        )
        app.close()
    assert not sent
    assert json.loads(capfdbinary.readouterr().err.splitlines()[-1])["status"] == 499
