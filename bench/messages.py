"""What the benches of messages share: an account that may send as fast as it can, and a load of POSTs.

A part of the frame, no bench of its own.
"""

import asyncio
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

from octavo.kernel.context import Engines
from octavo.settings import Settings

IN_FLIGHT = 64


@dataclass(frozen=True, slots=True)
class Sender:
    """An account and one of its numbers."""

    account_sid: str
    token: str
    number: str

    @property
    def authorization(self) -> str:
        return "Basic " + b64encode(f"{self.account_sid}:{self.token}".encode()).decode()


@asynccontextmanager
async def opened(settings: Settings, url: str, application: str = "bench") -> AsyncIterator[Engines]:
    from octavo import app

    async with app.opened_engines(settings, url, application=application) as engines:
        yield engines


async def a_sender(settings: Settings, url: str) -> Sender:
    """A new account with a number, in a database that is brought up to date first."""
    from octavo import app
    from octavo.kernel.clock import now
    from octavo.products.comms.account.actions import create_account
    from octavo.products.comms.number.actions import buy_any_number
    from octavo.products.comms.number.rows import Search

    await app.prepare_database(url)
    async with opened(settings, url) as engines:
        new = await create_account(engines.context(now()), name="Bench")
        bought = await buy_any_number(engines.context(now()), new.account, Search(country="US"))
    return Sender(new.account.sid, new.auth_token, bought.number)


async def load(port: int, sender: Sender, requests: int) -> float:
    """POST messages over 64 connections that stay open; how many were accepted in a second."""
    loop = asyncio.get_running_loop()
    # Written before the clock runs: the load shares the cores with what it loads.
    waiting = iter([_request(sender, f"+1{next(_recipients)}", f"Message {number}") for number in range(requests)])
    posters = [(await loop.create_connection(lambda: _Poster(waiting), "127.0.0.1", port))[1] for _ in range(IN_FLIGHT)]
    began = time.perf_counter()
    for poster in posters:
        poster.post()
    await asyncio.gather(*[poster.done for poster in posters])
    return requests / (time.perf_counter() - began)


_recipients = count(4_155_550_000)


class _Poster(asyncio.Protocol):
    """Posts the next message when the last is answered."""

    def __init__(self, waiting: Iterator[bytes]) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting = waiting
        self._answer = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport

    def post(self) -> None:
        request = next(self._waiting, None)
        if request is None:
            self._transport.close()
            self.done.set_result(None)
        else:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, end, body = self._answer.partition(b"\r\n\r\n")
        if not end or len(body) < _length_in(head):
            return
        if not head.startswith(b"HTTP/1.1 201"):
            self.done.set_exception(RuntimeError(f"refused: {self._answer.decode()}"))
            return
        self._answer = b""
        self.post()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionResetError("the server hung up"))


async def post(
    connection: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    sender: Sender,
    recipient: str,
    text: str,
    callback: str = "",
) -> str:
    """One message over a connection that stays open; its SID."""
    reader, writer = connection
    writer.write(_request(sender, recipient, text, callback))
    head = await reader.readuntil(b"\r\n\r\n")
    length = _length_in(head)
    answer = await reader.readexactly(length)
    if not head.startswith(b"HTTP/1.1 201"):
        raise RuntimeError(f"refused: {head.decode()}{answer.decode()}")
    return answer.partition(b'"sid":"')[2][:34].decode()


def _request(sender: Sender, recipient: str, text: str, callback: str = "") -> bytes:
    fields = {"To": recipient, "From": sender.number, "Body": text}
    body = urlencode(fields | ({"StatusCallback": callback} if callback else {}))
    return (
        f"POST /2010-04-01/Accounts/{sender.account_sid}/Messages.json HTTP/1.1\r\nHost: api.twilio.com\r\n"
        f"Authorization: {sender.authorization}\r\nAccept: application/json\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def _length_in(head: bytes) -> int:
    return int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
