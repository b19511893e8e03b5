"""Messages wait for their files, and fail where those cannot be had."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.media import conversion
from octavo.products.comms.media.queries import media_of, used_bytes
from octavo.products.comms.media.rows import Media
from octavo.products.comms.media.types import sniffed
from octavo.products.comms.message.actions import cancel_message, create_message, delete_message
from octavo.products.comms.message.queries import message as find_message
from octavo.products.comms.message.rows import Message, NewMessage
from octavo.products.comms.number.rows import PhoneNumber
from tests.harness.receiver import Receiver
from tests.products.comms.media.files import a_file

PERSON = "+14155550123"


def serves(body: bytes, content_type: str) -> Callable[[object], web.Response]:
    return lambda _: web.Response(body=body, content_type=content_type)


async def sends(engines: Engines, acme: NewAccount, number: PhoneNumber, *urls: str) -> Message:
    new = NewMessage(to=PERSON, from_=number.number, body="Look", media_urls=urls)
    return await create_message(engines.context(now()), acme.account, new)


async def waits(engines: Engines, message: Message) -> bool:
    """Whether the message's turn has not come yet."""
    due = await engines.db.main.value(
        "SELECT due > $3 FROM comms.outbound WHERE account_id = $1 AND message_id = $2",
        message.account_id,
        message.id,
        now(),
    )
    return bool(due)


async def fetched(engines: Engines, message: Message) -> list[Media]:
    async with asyncio.timeout(60):
        while await engines.db.main.value(
            "SELECT EXISTS (SELECT FROM comms.media_fetch WHERE account_id = $1 AND message_id = $2)",
            message.account_id,
            message.id,
        ):
            await asyncio.sleep(0.02)
    return await media_of(engines.db.main, message.account_id, message.id)


async def ended(engines: Engines, message: Message) -> tuple[str, int | None]:
    await fetched(engines, message)
    found = await find_message(engines.db.main, message.account_id, message.id)
    return found.status, found.error_code


async def test_a_message_waits_for_its_files_and_then_takes_its_turn(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, services: None, tmp_path: Path
) -> None:
    picture, go = a_file(tmp_path, "a.png"), asyncio.Event()

    async def slow(_: object) -> web.Response:
        await go.wait()
        return web.Response(body=picture, content_type="image/png")

    server.answers["/a.png"] = slow
    message = await sends(engines, acme, number, f"{server.url}/a.png")
    await server.until(1, path="/a.png")
    assert await waits(engines, message)
    go.set()
    [stored] = await fetched(engines, message)
    assert not await waits(engines, message)
    assert (stored.content_type, stored.size) == ("image/png", len(picture))
    assert await engines.blobs.get(stored.key) == picture
    assert await used_bytes(engines.db.main, acme.account.id) == len(picture)


@pytest.mark.parametrize(
    ("name", "claimed", "became"),
    [
        ("a.webp", "image/webp", "image/jpeg"),
        ("a.bmp", "image/bmp", "image/jpeg"),
        ("a.wav", "audio/x-wav", "audio/mpeg"),
        ("a.ogg", "application/ogg", "audio/mpeg"),
        ("a.gif", "image/gif", "image/gif"),
    ],
)
async def test_files_become_what_carriers_take(
    engines: Engines,
    acme: NewAccount,
    number: PhoneNumber,
    server: Receiver,
    services: None,
    tmp_path: Path,
    name: str,
    claimed: str,
    became: str,
) -> None:
    server.answers["/file"] = serves(a_file(tmp_path, name), claimed)
    [stored] = await fetched(engines, await sends(engines, acme, number, f"{server.url}/file"))
    assert stored.content_type == became
    assert sniffed(await engines.blobs.get(stored.key)) == became


async def test_a_large_picture_is_made_smaller(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, services: None, tmp_path: Path
) -> None:
    large = a_file(tmp_path, "large.png", "-vf", "scale=1800:1350,noise=alls=8:allf=t")
    assert 1024 * 1024 < len(large) < 5 * 1024 * 1024
    server.answers["/large.png"] = serves(large, "image/png")
    [stored] = await fetched(engines, await sends(engines, acme, number, f"{server.url}/large.png"))
    assert (stored.content_type, stored.size < len(large)) == ("image/jpeg", True)


@pytest.mark.slow
async def test_what_a_busy_machine_could_not_convert_in_time_is_tried_again(
    engines: Engines,
    acme: NewAccount,
    number: PhoneNumber,
    server: Receiver,
    services: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def endless_work(_: object) -> None:
        await asyncio.sleep(3600)

    server.answers["/a.webp"] = serves(a_file(tmp_path, "a.webp"), "image/webp")
    with monkeypatch.context() as busy:
        busy.setattr(conversion, "run_ffmpeg", endless_work)
        busy.setattr(conversion, "SECONDS", 0.01)
        message = await sends(engines, acme, number, f"{server.url}/a.webp")
        await server.until(2)
    [stored] = await fetched(engines, message)
    assert stored.content_type == "image/jpeg"


async def endless(request: object) -> web.StreamResponse:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(2000):
            yield b"\xff\xd8\xff" + b"x" * 65536

    return web.Response(body=parts(), content_type="image/jpeg")


def redirects(to: str) -> Callable[[object], Awaitable[web.StreamResponse]]:
    async def answer(_: object) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": to})

    return answer


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (serves(b"<html>You were fooled</html>", "image/png"), 12300),
        (serves(b"\x89PNG\r\n\x1a\n and nothing that is one", "image/webp"), None),
        (serves(b"RIFF\0\0\0\0WEBPbroken", "image/webp"), 12300),
        (lambda _: web.Response(status=404), 11200),
        (endless, 11751),
        (redirects("http://127.0.0.2:1/inside"), 11100),
        (redirects("http://[::1]/inside"), 11100),
        (redirects("/bad"), 11215),
    ],
)
async def test_what_cannot_be_had_fails_the_message(
    engines: Engines,
    acme: NewAccount,
    number: PhoneNumber,
    server: Receiver,
    services: None,
    answer: Callable[[object], web.Response],
    code: int | None,
) -> None:
    server.answers["/bad"] = answer
    message = await sends(engines, acme, number, f"{server.url}/bad")
    assert await ended(engines, message) == (("failed", code) if code else ("queued", None))
    assert len(await media_of(engines.db.main, acme.account.id, message.id)) == (0 if code else 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "code"), [(lambda _: web.Response(status=503), 11200), (redirects("file:///etc/passwd"), 11205)]
)
async def test_a_server_that_may_come_back_is_asked_again(
    engines: Engines,
    acme: NewAccount,
    number: PhoneNumber,
    server: Receiver,
    services: None,
    answer: Callable[[object], web.Response],
    code: int,
) -> None:
    server.answers["/away"] = answer
    message = await sends(engines, acme, number, f"{server.url}/away")
    assert await ended(engines, message) == ("failed", code)
    assert len(server.got) == 3


async def test_an_account_whose_room_is_used_up_keeps_what_it_has(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, services: None, tmp_path: Path
) -> None:
    server.answers["/a.png"] = serves(a_file(tmp_path, "a.png"), "image/png")
    first = await sends(engines, acme, number, f"{server.url}/a.png")
    [kept] = await fetched(engines, first)
    used = kept.size
    await engines.db.main.execute(
        "UPDATE comms.media_usage SET bytes = $2 WHERE account_id = $1",
        acme.account.id,
        engines.settings.comms.media_quota - 1,
    )
    second = await sends(engines, acme, number, f"{server.url}/a.png")
    assert await ended(engines, second) == ("failed", 11751)
    assert len(await engines.blobs.get(kept.key)) == used


async def test_one_bad_file_of_several_fails_the_message_and_keeps_none(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, services: None, tmp_path: Path
) -> None:
    server.answers["/a.png"] = serves(a_file(tmp_path, "a.png"), "image/png")
    message = await sends(engines, acme, number, f"{server.url}/a.png", "http://10.0.0.1/b.png")
    assert await ended(engines, message) == ("failed", 11100)
    assert await used_bytes(engines.db.main, acme.account.id) == 0


async def test_a_message_that_is_deleted_while_its_files_are_fetched_leaves_none(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, services: None, tmp_path: Path
) -> None:
    picture, go = a_file(tmp_path, "a.png"), asyncio.Event()

    async def slow(_: object) -> web.Response:
        await go.wait()
        return web.Response(body=picture, content_type="image/png")

    server.answers["/a.png"] = slow
    message = await sends(engines, acme, number, f"{server.url}/a.png")
    await server.until(1, path="/a.png")
    await cancel_message(engines.context(now()), acme.account, message.id)
    await delete_message(engines.context(now()), acme.account, message.id)
    go.set()
    assert await fetched(engines, message) == []
    assert await used_bytes(engines.db.main, acme.account.id) == 0
