"""Accounts share the fetching of files fairly, and what was begun is given back when the process is to end."""

import asyncio
import os
from pathlib import Path

import pytest
from aiohttp import web
from msgspec import structs

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.outgoing import close_outgoing
from octavo.products.comms.account.rows import Account, NewAccount
from octavo.products.comms.media.gathering import gather
from octavo.products.comms.media.queue import claim
from octavo.products.comms.media.service import SHARE, run_media
from octavo.products.comms.message.actions import create_message
from octavo.products.comms.message.rows import Message, NewMessage
from octavo.products.comms.number.actions import buy_number
from octavo.products.comms.number.rows import PhoneNumber
from octavo.settings import Settings
from tests.harness.locks import until_waiting
from tests.harness.receiver import Receiver
from tests.products.comms.accounts import an_account
from tests.products.comms.media.files import a_file


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """What hangs here hangs for longer than a busy machine takes for the rest."""
    return structs.replace(settings, comms=structs.replace(settings.comms, media_seconds=40.0))


async def never(_: object) -> web.Response:
    await asyncio.sleep(60)
    return web.Response()


async def sends(engines: Engines, account: Account, number: PhoneNumber, url: str) -> Message:
    new = NewMessage(to="+14155550123", from_=number.number, media_urls=(url,))
    return await create_message(engines.context(now()), account, new)


async def is_due(engines: Engines, message: Message) -> bool:
    """Whether anybody may begin with its files."""
    due = await engines.db.main.value(
        "SELECT due <= $3 FROM comms.media_fetch WHERE account_id = $1 AND message_id = $2",
        message.account_id,
        message.id,
        now(),
    )
    return bool(due)


async def until_fetched(engines: Engines, message: Message, seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while await engines.db.main.value(
            "SELECT true FROM comms.media_fetch WHERE account_id = $1 AND message_id = $2",
            message.account_id,
            message.id,
        ):
            await asyncio.sleep(0.02)


async def test_a_family_of_accounts_whose_servers_hang_keeps_nobody_else_waiting(
    engines: Engines,
    acme: NewAccount,
    another: NewAccount,
    number: PhoneNumber,
    server: Receiver,
    services: None,
    tmp_path: Path,
) -> None:
    server.answers["/hangs.png"] = never
    picture = a_file(tmp_path, "a.png")
    server.answers["/a.png"] = lambda _: web.Response(body=picture, content_type="image/png")
    for index in range(5):
        part = await an_account(engines, "Part", parent=acme.account)
        own = await buy_number(engines.context(now()), part.account, f"+1415654851{index}")
        for account, sender in ((acme.account, number), (part.account, own)):
            for _ in range(8):
                await sends(engines, account, sender, f"{server.url}/hangs.png")
    await server.until(SHARE, path="/hangs.png")
    neighbour = await buy_number(engines.context(now()), another.account, "+14156548502")
    for _ in range(3):
        await until_fetched(engines, await sends(engines, another.account, neighbour, f"{server.url}/a.png"))
    assert len([got for got in server.got if got.path == "/hangs.png"]) == SHARE


async def test_a_free_slot_is_filled_while_the_others_of_the_account_still_wait(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, services: None, tmp_path: Path
) -> None:
    server.answers["/hangs.png"] = never
    picture = a_file(tmp_path, "a.png")
    server.answers["/a.png"] = lambda _: web.Response(body=picture, content_type="image/png")
    for _ in range(SHARE - 1):
        await sends(engines, acme.account, number, f"{server.url}/hangs.png")
    for message in [await sends(engines, acme.account, number, f"{server.url}/a.png") for _ in range(2 * SHARE)]:
        await until_fetched(engines, message)


async def test_a_slow_server_holds_no_process_up(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver
) -> None:
    server.answers["/slow.png"] = never
    message = await sends(engines, acme.account, number, f"{server.url}/slow.png")
    stopping = asyncio.Event()
    running = asyncio.create_task(run_media(engines, stopping))
    await server.until(1, path="/slow.png")
    stopping.set()
    # Before the server's own time is over.
    await asyncio.wait_for(running, 0.75 * engines.settings.comms.media_seconds)
    assert await is_due(engines, message)
    await close_outgoing(engines)


async def test_what_is_cut_off_in_its_last_transaction_is_given_back(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, tmp_path: Path
) -> None:
    picture = a_file(tmp_path, "a.png")
    server.answers["/a.png"] = lambda _: web.Response(body=picture, content_type="image/png")
    message = await sends(engines, acme.account, number, f"{server.url}/a.png")
    [one] = await claim(engines.db.main, 1, share=1, busy={})
    async with engines.db.main.transaction() as tx:
        await tx.execute("LOCK TABLE comms.outbound IN EXCLUSIVE MODE")
        gathering = asyncio.create_task(gather(engines.context(now()), one))
        await until_waiting(engines, 1)
        gathering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gathering
    assert await is_due(engines, message)
    await close_outgoing(engines)


async def test_what_is_cut_off_while_a_thread_still_writes_is_given_back(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove = os.rmdir

    def written_to(path: str, **others: int | None) -> None:
        if Path(path).name.startswith("put-"):
            (Path(path) / "late").touch()
        remove(path, **others)

    monkeypatch.setattr(os, "rmdir", written_to)
    server.answers["/slow.png"] = never
    message = await sends(engines, acme.account, number, f"{server.url}/slow.png")
    [one] = await claim(engines.db.main, 1, share=1, busy={})
    gathering = asyncio.create_task(gather(engines.context(now()), one))
    await server.until(1, path="/slow.png")
    gathering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gathering
    assert await is_due(engines, message)
    await close_outgoing(engines)
