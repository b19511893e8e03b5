"""Carriers find media as it was stored, at addresses that hold nothing but one file."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from aiohttp import web
from msgspec import structs

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.media.fetching import fetch_media
from octavo.products.comms.media.links import own_token, read_token
from octavo.products.comms.media.queries import carrier_addresses
from octavo.products.comms.message.actions import create_message
from octavo.products.comms.message.rows import NewMessage
from octavo.products.comms.number.rows import PhoneNumber
from tests.harness.receiver import Receiver
from tests.products.comms.media.files import a_file
from tests.products.comms.media.test_fetching import fetched

PUBLIC = "https://octavo.example"


@pytest.fixture
def public(engines: Engines) -> Engines:
    """An Octavo that people reach under an address."""
    http = structs.replace(engines.settings.http, public_url=PUBLIC)
    return replace(engines, settings=structs.replace(engines.settings, http=http))


async def test_a_carrier_gets_what_was_stored(
    public: Engines,
    acme: NewAccount,
    number: PhoneNumber,
    server: Receiver,
    services: None,
    anyone: httpx.AsyncClient,
    tmp_path: Path,
) -> None:
    server.answers["/a.bmp"] = lambda _: web.Response(body=a_file(tmp_path, "a.bmp"), content_type="image/bmp")
    new = NewMessage(to="+14155550123", from_=number.number, media_urls=(f"{server.url}/a.bmp",))
    ctx = public.context(now())
    message = await create_message(ctx, acme.account, new)
    [stored] = await fetched(public, message)
    [address] = await carrier_addresses(ctx, ctx.db.main, acme.account.id, message.id)
    assert address.startswith(f"{PUBLIC}/comms/media/")
    got = await anyone.get(address.removeprefix(PUBLIC))
    assert (got.status_code, got.headers["content-type"]) == (200, "image/jpeg")
    assert got.content == await public.blobs.get(stored.key)
    assert (await anyone.get(address.removeprefix(PUBLIC)[:-2])).status_code == 404
    token = own_token(public.settings, address) or ""
    again, path = await fetch_media(ctx, acme.account.id, message.id, 1, address, tmp_path)
    assert (again.content_type, again.size) == (stored.content_type, stored.size)
    assert path.parent == tmp_path
    with pytest.raises(CommsRefusal):
        read_token(public.settings, token, ctx.now + timedelta(days=8))


async def test_without_an_address_of_our_own_carriers_get_the_users(
    engines: Engines, acme: NewAccount, number: PhoneNumber
) -> None:
    ctx = engines.context(now())
    new = NewMessage(to="+14155550123", from_=number.number, media_urls=("https://a.example/a.png",))
    message = await create_message(ctx, acme.account, new)
    assert await carrier_addresses(ctx, ctx.db.main, acme.account.id, message.id) == []
