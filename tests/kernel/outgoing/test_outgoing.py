"""Requests to addresses that users gave, against servers of all tempers."""

import asyncio
import errno
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from octavo.kernel.outgoing import AddressRefused, Failed, Outgoing, TooMuch
from octavo.kernel.outgoing._guard import Guard
from octavo.settings import OutgoingSettings
from tests.harness.addresses import port_of_its_own
from tests.harness.names import nobody
from tests.harness.receiver import Received, Receiver

__all__ = ["nobody"]


@pytest.fixture
async def client() -> AsyncIterator[Outgoing]:
    """A client that may ask this machine."""
    one = Outgoing(OutgoingSettings(allow=("127.0.0.1",), connect_seconds=60))
    yield one
    await one.close()


@pytest.fixture
async def careful() -> AsyncIterator[Outgoing]:
    """A client with the default settings."""
    one = Outgoing(OutgoingSettings())
    yield one
    await one.close()


async def test_an_answer_comes_with_status_headers_and_body(client: Outgoing, receiver: Receiver) -> None:
    receiver.answers["/a"] = lambda got: web.Response(status=418, text=f"{got.method} {got.body.decode()}")
    answer = await client.fetch("POST", f"{receiver.url}/a?x=%2F+1", headers={"X-One": "1"}, body=b"hello")
    assert (answer.status, answer.body) == (418, b"POST hello")
    assert answer.headers["content-type"].startswith("text/plain")
    assert 0 < answer.seconds < 60
    [got] = receiver.got
    assert got.headers["x-one"] == "1"
    assert got.url.endswith("/a?x=%2F+1"), "the URL goes out as it was written"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0.0.0.0/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[::127.0.0.1]/",
        "http://[::ffff:0:127.0.0.1]/",
        "http://[64:ff9b:1::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fec0::1]/",
        "http://[5f00::1]/",
        "http://017700000001/",
        "http://0177.0.0.1/",
        "http://127.0.0.01/",
        "http://127.0.0.1./",
        "http://１２７.0.0.1/",
        "http://somebody@127.0.0.1/",
        "http://10.1.2.3/",
        "http://172.20.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://224.0.0.1/",
        "http://[fe80::1%25lo]/",
        "file:///etc/passwd",
        "ftp://example.com/",
        "http:///nothing",
        "http://example.com:0/",
        "http://example.com:99999/",
        "nonsense",
        "",
    ],
)
async def test_what_is_not_on_the_public_internet_is_refused(careful: Outgoing, url: str) -> None:
    with pytest.raises(AddressRefused):
        await careful.fetch("GET", url)


async def test_a_redirect_into_the_own_network_is_refused_on_its_way(client: Outgoing, receiver: Receiver) -> None:
    for inside in ("http://10.0.0.1/", "http://[::1]:5432/", "http://169.254.169.254/"):
        receiver.answers["/away"] = lambda _, to=inside: web.Response(status=302, headers={"Location": to})  # type: ignore[misc]
        with pytest.raises(AddressRefused):
            await client.fetch("GET", f"{receiver.url}/away", redirects=5)


async def test_a_host_that_is_named_may_lie_in_the_own_network_and_no_other(receiver: Receiver) -> None:
    client = Outgoing(OutgoingSettings(allow=("LocalHost.",), connect_seconds=60))
    by_name = receiver.url.replace("127.0.0.1", "localhost")
    receiver.answers["/away"] = lambda _: web.Response(status=302, headers={"Location": f"{receiver.url}/there"})
    try:
        assert (await client.fetch("GET", f"{by_name}/here")).status == 204
        for url in (f"{receiver.url}/here", f"{by_name}/away", "http://127.1/", "http://localhost.example:0/"):
            with pytest.raises(AddressRefused):
                await client.fetch("GET", url, redirects=5)
    finally:
        await client.close()
    assert [got.path for got in receiver.got] == ["/here", "/away"]


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("10.1.2.3", True),
        ("100.64.0.1", True),
        ("::1", True),
        ("fd00::1", True),
        ("93.184.216.34", True),
        ("169.254.169.254", False),
        ("::ffff:169.254.169.254", False),
        ("fe80::1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
    ],
)
def test_a_named_host_is_not_where_a_cloud_tells_its_secrets(address: str, *, may: bool) -> None:
    guard = Guard(("hooks.internal",))
    if may:
        guard.check_resolved("hooks.internal", address)
        return
    with pytest.raises(AddressRefused):
        guard.check_resolved("hooks.internal", address)


@pytest.mark.parametrize("text", ["10.1.0.300", "10.1.0.0/33", "http://hooks.internal", "hooks.internal:80", "*.a", ""])
def test_what_is_neither_a_network_nor_a_host_is_no_setting(text: str) -> None:
    with pytest.raises(ValueError, match="allow"):
        OutgoingSettings(allow=(text,))


async def test_redirects_are_followed_only_as_far_as_allowed(client: Outgoing, receiver: Receiver) -> None:
    receiver.answers["/round"] = lambda _: web.Response(status=302, headers={"Location": "/round"})
    receiver.answers["/once"] = lambda _: web.Response(status=302, headers={"Location": "/there"})
    assert (await client.fetch("GET", f"{receiver.url}/once")).status == 302
    assert (await client.fetch("GET", f"{receiver.url}/once", redirects=1)).status == 204
    with pytest.raises(Failed) as failed:
        await client.fetch("GET", f"{receiver.url}/round", redirects=5)
    assert failed.value.kind == "redirects"


async def test_a_server_that_never_answers_is_given_up(client: Outgoing, receiver: Receiver) -> None:
    async def hang(_: Received) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    receiver.answers["/hang"] = hang
    with pytest.raises(Failed) as failed:
        await client.fetch("GET", f"{receiver.url}/hang", timeout=0.3)
    assert failed.value.kind == "timeout"


async def test_why_nobody_answered_is_told_apart(client: Outgoing, nobody: str) -> None:
    async def speak_nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)  # to close on what nobody has read is another kind of end
        writer.write(b"220 mail.example ESMTP\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(speak_nonsense, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    kinds = {}
    for url in (f"http://127.0.0.1:{port}/", f"https://127.0.0.1:{port}/", f"http://{nobody}/"):
        with pytest.raises(Failed) as failed:
            await client.fetch("GET", url)
        kinds[url.partition(":")[0] if "127" in url else "name"] = failed.value.kind
    server.close()
    await server.wait_closed()
    with port_of_its_own() as unheard, pytest.raises(Failed) as failed:
        await client.fetch("GET", f"http://127.0.0.1:{unheard}/")
    assert kinds == {"http": "protocol", "https": "tls", "name": "name"}
    assert failed.value.kind == "connection"


async def test_a_full_disk_is_no_fault_of_the_server(client: Outgoing, receiver: Receiver, tmp_path: Path) -> None:
    (tmp_path / "file").symlink_to("/dev/full")
    receiver.answers["/file"] = lambda _: web.Response(body=b"x" * 300_000)
    with pytest.raises(OSError) as full:
        await client.fetch_to(tmp_path / "file", f"{receiver.url}/file", max_bytes=400_000)
    assert full.value.errno == errno.ENOSPC


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), TimeoutError("slow"), ValueError("wrong")])
async def test_errors_of_the_one_who_reads_are_told_as_they_are(
    error: Exception, client: Outgoing, receiver: Receiver
) -> None:
    with pytest.raises(type(error)) as raised:
        async with client.stream(f"{receiver.url}/file"):
            raise error
    assert raised.value is error


async def test_a_connection_that_has_been_idle_is_not_used_again(client: Outgoing) -> None:
    """The server closes it just when the next request arrives, as one does whose patience has run out."""
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await reader.read(1)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        assert (await client.fetch("POST", url)).status == 204
        await asyncio.sleep(1.5)  # uvicorn and Node have five seconds of patience, gunicorn two
        assert (await client.fetch("POST", url)).status == 204
    assert connections == 2


async def test_an_answer_without_an_end_is_cut_off(client: Outgoing, receiver: Receiver, tmp_path: Path) -> None:
    receiver.answers["/endless"] = lambda _: web.Response(body=b"x" * 300_000)
    with pytest.raises(TooMuch):
        await client.fetch("GET", f"{receiver.url}/endless", max_bytes=100_000)
    with pytest.raises(TooMuch):
        await client.fetch_to(tmp_path / "file", f"{receiver.url}/endless", max_bytes=100_000)
    assert not (tmp_path / "file").exists()


async def test_a_file_is_fetched_piece_by_piece(client: Outgoing, receiver: Receiver, tmp_path: Path) -> None:
    receiver.answers["/file"] = lambda _: web.Response(body=b"x" * 300_000, content_type="image/png")
    answer = await client.fetch_to(tmp_path / "file", f"{receiver.url}/file", max_bytes=400_000)
    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
    assert (tmp_path / "file").stat().st_size == 300_000
