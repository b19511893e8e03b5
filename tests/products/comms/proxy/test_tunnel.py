"""Tunnels: bytes go through as they are, both ways; what cannot be opened is refused with a sentence."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from octavo.kernel.loopback import is_near
from octavo.products.comms.proxy.authority import authority
from octavo.products.comms.proxy.tunnel import Proxy

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def proxying(data_dir: Path, to: str) -> AsyncIterator[tuple[int, str]]:
    """Its port, and the certificate to trust."""
    signer = authority(data_dir, datetime.now(UTC))
    stopping = asyncio.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(Proxy(signer, to).serve(listening, stopping))
        yield listening.getsockname()[1], str(signer.path)
        stopping.set()
        async with asyncio.timeout(60):
            await serving


@asynccontextmanager
async def echoing() -> AsyncIterator[str]:
    """A dialect that says everything back until the client has said all."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def asked(port: int, request: str) -> tuple[Streams, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request.encode())
    return (reader, writer), await reader.readuntil(b"\r\n\r\n")


async def test_a_megabyte_goes_through_and_back(tmp_path: Path) -> None:
    sent = bytes(range(256)) * 4096
    async with echoing() as to, proxying(tmp_path, to) as (port, ca):
        (reader, writer), answer = await asked(port, "CONNECT api.twilio.com:443 HTTP/1.1\r\nX: y\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200 ")
        trusting = ssl.create_default_context(cafile=ca)
        await writer.start_tls(trusting, server_hostname="api.twilio.com")

        async def send() -> None:
            writer.write(sent)
            await writer.drain()

        sending = asyncio.create_task(send())
        assert await reader.readexactly(len(sent)) == sent
        await sending
        writer.close()


@pytest.mark.parametrize(
    ("request_line", "status"),
    [("CONNECT example.com:443 HTTP/1.1", b"403"), ("GET / HTTP/1.1", b"403"), ("\x00" * 20000, b"403")],
)
async def test_other_requests_are_refused_with_a_sentence(tmp_path: Path, request_line: str, status: bytes) -> None:
    async with echoing() as to, proxying(tmp_path, to) as (port, _):
        (reader, writer), answer = await asked(port, f"{request_line}\r\n\r\n")
        assert answer.split()[1] == status
        assert (await reader.read()).strip()
        writer.close()


async def test_a_dialect_that_is_away_is_told_in_words(tmp_path: Path) -> None:
    async with proxying(tmp_path, "http://127.0.0.1:1") as (port, _):
        (reader, writer), answer = await asked(port, "CONNECT api.twilio.com:443 HTTP/1.1\r\n\r\n")
        assert answer.split()[1] == b"502"
        assert b"octavo up" in await reader.read()
        writer.close()


async def test_each_client_has_an_address_of_its_own_at_the_dialect(tmp_path: Path) -> None:
    arrived: asyncio.Queue[str] = asyncio.Queue()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.put_nowait(writer.get_extra_info("peername")[0])
        writer.close()

    dialect = await asyncio.start_server(answer, "127.0.0.1", 0)
    to = f"http://127.0.0.1:{dialect.sockets[0].getsockname()[1]}"
    async with dialect, proxying(tmp_path, to) as (port, _):
        seen: list[str] = []
        for client in ("127.0.0.2", "127.0.0.3", "127.0.0.2"):
            _, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(client, 0))
            writer.write(b"CONNECT api.twilio.com:443 HTTP/1.1\r\n\r\n")
            seen.append(await asyncio.wait_for(arrived.get(), 60))
            writer.close()
    assert seen[0] == seen[2] != seen[1]
    assert not any(map(is_near, seen))


async def test_it_ends_with_tunnels_open_and_half_open(tmp_path: Path) -> None:
    async with echoing() as to:
        async with proxying(tmp_path, to) as (port, _):
            (opened, first), _ = await asked(port, "CONNECT api.twilio.com:443 HTTP/1.1\r\n\r\n")
            _, second = await asyncio.open_connection("127.0.0.1", port)
            second.write(b"CONN")
        assert await opened.read() == b""
        first.close()
        second.close()
