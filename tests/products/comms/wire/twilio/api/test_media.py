"""Files of messages over the wire."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.media.actions import keep_media
from octavo.products.comms.media.queries import used_bytes
from octavo.products.comms.media.rows import Media
from octavo.products.comms.message.rows import Message
from tests.harness.web import AppServer
from tests.products.comms.message.outgoing import a_message
from tests.products.comms.wire.calls import calling

PICTURE = b"\x89PNG\r\n\x1a\n" + b"0123456789" * 10


@pytest.fixture
async def message(engines: Engines, acme: NewAccount) -> Message:
    return await a_message(engines, acme)


async def a_stored(engines: Engines, message: Message, position: int, folder: Path, kind: str = "image/png") -> Media:
    path, time = folder / str(position), now()
    await asyncio.to_thread(path.write_bytes, PICTURE)
    media = Media(
        account_id=message.account_id,
        id=new_id(),
        message_id=message.id,
        position=position,
        source_url="https://a.example/a.png",
        content_type=kind,
        size=len(PICTURE),
        created_at=time,
        updated_at=time,
    )
    await keep_media(engines.context(time), message.account_id, [(media, path)])
    return media


@pytest.fixture
async def client(app_server: AppServer, acme: NewAccount) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(app_server, acme) as one:
        yield one


async def test_files_are_listed_read_and_taken_away(
    engines: Engines, acme: NewAccount, message: Message, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    first, second = [await a_stored(engines, message, n, tmp_path) for n in range(2)]
    root = f"/2010-04-01/Accounts/{acme.account.sid}/Messages/{message.sid}/Media"
    page = (await client.get(f"{root}.json?PageSize=1")).json()
    assert [one["sid"] for one in page["media_list"]] == [second.sid]
    assert [one["sid"] for one in (await client.get(page["next_page_uri"])).json()["media_list"]] == [first.sid]
    assert (await client.get(f"{root}.json?DateCreated<=2001-01-01")).json()["media_list"] == []
    assert len((await client.get(f"{root}.json?DateCreated>=2001-01-01")).json()["media_list"]) == 2
    shown = (await client.get(f"{root}/{first.sid}.json")).json()
    assert (shown["content_type"], shown["parent_sid"]) == ("image/png", message.sid)
    assert (await client.delete(f"{root}/{first.sid}.json")).status_code == 204
    assert (await client.get(f"{root}/{first.sid}.json")).status_code == 404
    assert await engines.blobs.head(first.key) is None
    assert await used_bytes(engines.db.main, acme.account.id) == len(PICTURE)


async def test_the_bytes_are_behind_an_address_that_ends(
    engines: Engines, acme: NewAccount, message: Message, app_server: AppServer, tmp_path: Path
) -> None:
    media = await a_stored(engines, message, 0, tmp_path)
    document = await a_stored(engines, message, 1, tmp_path, "text/csv")
    root = f"/2010-04-01/Accounts/{acme.account.sid}/Messages/{message.sid}/Media"
    base, credentials = app_server.dialects["twilio"], (acme.account.sid, acme.auth_token)
    async with httpx.AsyncClient(base_url=base) as client:
        answer = await client.get(f"{root}/{media.sid}", auth=credentials)
        where = answer.headers["location"]
        got = await client.get(where)
        as_file = await client.get(f"{root}/{document.sid}", auth=credentials, follow_redirects=True)
        changed = await client.get(where[:-3] + ("AAA" if where[-3:] != "AAA" else "BBB"))
    assert answer.status_code == 307
    assert (got.content, got.headers["content-type"]) == (PICTURE, "image/png")
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]
    assert "content-disposition" not in got.headers
    assert as_file.headers["content-disposition"].startswith("attachment")
    assert changed.status_code == 404


async def test_files_of_others_are_not_there(
    engines: Engines, acme: NewAccount, another: NewAccount, message: Message, app_server: AppServer, tmp_path: Path
) -> None:
    media = await a_stored(engines, message, 0, tmp_path)
    base, theirs = app_server.dialects["twilio"], (another.account.sid, another.auth_token)
    async with httpx.AsyncClient(base_url=base, auth=theirs) as stranger, httpx.AsyncClient(base_url=base) as nobody:
        for sid in (acme.account.sid, another.account.sid):
            path = f"/2010-04-01/Accounts/{sid}/Messages/{message.sid}/Media"
            for one in (f"{path}.json", f"{path}/{media.sid}.json", f"{path}/{media.sid}"):
                assert (await stranger.get(one)).status_code == 404
            assert (await stranger.delete(f"{path}/{media.sid}.json")).status_code == 404
            assert (await nobody.get(f"{path}/{media.sid}")).status_code == 401


async def test_a_message_that_is_forgotten_takes_its_files_along(
    engines: Engines, acme: NewAccount, message: Message, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    media = await a_stored(engines, message, 0, tmp_path)
    root = f"/2010-04-01/Accounts/{acme.account.sid}/Messages/{message.sid}"
    assert (await client.post(f"{root}.json", data={"Status": "canceled"})).status_code == 200
    assert (await client.delete(f"{root}.json")).status_code == 204
    assert await engines.blobs.head(media.key) is None
    assert await used_bytes(engines.db.main, acme.account.id) == 0
