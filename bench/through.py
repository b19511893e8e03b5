"""Messages from the API over the simulated carrier to delivered, each with two signed callbacks that are received.

Everything shares the machine: the processes of `octavo up`, the load and the receiver. The sender's rate is raised: at
a carrier's usual one, a number would need hours.
"""

import asyncio
import itertools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, cast
from urllib.parse import parse_qsl

import uvloop
from twilio.request_validator import RequestValidator

from bench.frame import Measure
from bench.messages import Sender, post
from tests.harness.running import RunningOctavo, clean_environment

RATE = 550  # messages a second
GOAL = 500.0  # of them, delivered and told while the load lasts: the last of it are still on their way then
WARM_UP, SECONDS = 3, 20
TICK = 0.02  # seconds; what is due in one is posted together
CONNECTIONS = 24
LONGEST = 60.0  # seconds until the last callback has come
VERIFY_EACH = 20  # one in so many signatures is verified here, as that costs the machine the load shares
SETTINGS = {
    "OCTAVO_COMMS_REQUESTS_PER_SECOND": "1000000",
    "OCTAVO_COMMS_SENDER_RATE": "1000000",
    "OCTAVO_COMMS_SIMULATED_DELAY": "0.1",
    "OCTAVO_OUTGOING_ALLOW": "127.0.0.1",
}


class Outcome(NamedTuple):
    waits: list[float]  # seconds from the POST of each message until `delivered` was told
    rate: float  # delivered in a second, while the load lasted
    early: int  # how many were on their way after a quarter of the time, and at its end
    late: int


def run() -> Sequence[Measure]:
    with tempfile.TemporaryDirectory() as folder:
        running = RunningOctavo(Path(folder) / "octavo", **SETTINGS).start()
        try:
            sender = _a_sender(running.data_dir)
            found = uvloop.run(_measure(running.ports["twilio"], sender))
        finally:
            running.stop()
    found.waits.sort()
    return (
        Measure("delivered and told", found.rate, None, GOAL, "messages/s", at_most=False),
        Measure("POST to `delivered` told, p50", _share(found.waits, 0.50), None, 1000.0, "ms"),
        Measure("POST to `delivered` told, p99", _share(found.waits, 0.99), None, 1000.0, "ms"),
        Measure("on their way at the end, against a quarter", found.late, max(1, found.early), 1.5, "messages"),
    )


def _a_sender(folder: Path) -> Sender:
    command = [sys.executable, "-m", "octavo.cli", "comms", "account", "create", "--name", "Bench"]
    done = subprocess.run(
        [*command, "--data", str(folder), "--json"], check=True, capture_output=True, env=clean_environment()
    )
    made = json.loads(done.stdout)
    return Sender(made["sid"], made["auth_token"], made["phone_number"])


async def _measure(port: int, sender: Sender) -> Outcome:
    receiver = Receiver(sender.token)
    server = await asyncio.get_running_loop().create_server(lambda: Line(receiver), "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/status"
    load = Load(port, sender, receiver)
    await load.steadily(WARM_UP)
    receiver.clear()
    found = await load.steadily(SECONDS)
    server.close()
    return found


class Receiver:
    """What callbacks tell. Notes where a state comes out of order, or with a wrong signature."""

    def __init__(self, token: str) -> None:
        self.url = ""
        self.sent: set[str] = set()
        self.delivered: dict[str, float] = {}
        self.wrong = ""
        self._validator = RequestValidator(token)
        self._count = itertools.count()

    def clear(self) -> None:
        self.sent.clear()
        self.delivered.clear()

    def take(self, head: str, body: str) -> None:
        form = dict(parse_qsl(body))
        if next(self._count) % VERIFY_EACH == 0:
            signature = head.partition("X-Twilio-Signature: ")[2].partition("\r\n")[0]
            if not self._validator.validate(self.url, form, signature):
                self.wrong = "a signature"
        message, state = form["MessageSid"], form["MessageStatus"]
        if state == "sent":
            self.sent.add(message)
        elif state == "delivered" and message in self.sent:
            self.delivered.setdefault(message, time.perf_counter())
        else:
            self.wrong = f"{state} of {message}"


class Line(asyncio.Protocol):
    """One connection to the receiver."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while (end := self._heard.find(b"\r\n\r\n")) >= 0:
            head = self._heard[:end].decode()
            length = int(head.lower().partition("content-length: ")[2].partition("\r\n")[0])
            if len(self._heard) < end + 4 + length:
                return
            body, self._heard = self._heard[end + 4 : end + 4 + length], self._heard[end + 4 + length :]
            self._receiver.take(head, body.decode())
            self._transport.write(b"HTTP/1.1 204 No Content\r\n\r\n")


class Load:
    """Posts messages at a steady rate, whatever becomes of them."""

    def __init__(self, port: int, sender: Sender, receiver: Receiver) -> None:
        self._port, self._sender, self._receiver = port, sender, receiver
        self._recipients = itertools.count(4_155_550_000)
        self._idle: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
        self._posted: dict[str, float] = {}

    async def steadily(self, seconds: float) -> Outcome:
        self._posted.clear()
        for _ in range(CONNECTIONS - self._idle.qsize()):
            self._idle.put_nowait(await asyncio.open_connection("127.0.0.1", self._port))
        began = time.perf_counter()
        posts, early = [], 0
        for number, due in enumerate(_ticks(began, seconds)):
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            posts += [asyncio.create_task(self._post(due)) for _ in range(round(RATE * TICK))]
            if number == round(seconds / TICK / 4):
                early = self._under_way()
        late, rate = self._under_way(), len(self._receiver.delivered) / (time.perf_counter() - began)
        await asyncio.gather(*posts)
        await self._all_told(len(posts))
        waits = [at - self._posted[message] for message, at in self._receiver.delivered.items()]
        return Outcome(waits, rate, early, late)

    async def _post(self, due: float) -> None:
        connection = await self._idle.get()
        recipient = f"+1{next(self._recipients)}"
        message = await post(connection, self._sender, recipient, "Your table is ready", self._receiver.url)
        self._posted[message] = due
        self._idle.put_nowait(connection)

    def _under_way(self) -> int:
        return len(self._posted) - len(self._receiver.delivered)

    async def _all_told(self, count: int) -> None:
        deadline = time.perf_counter() + LONGEST
        while len(self._receiver.delivered) < count:
            if self._receiver.wrong or time.perf_counter() > deadline:
                missing = count - len(self._receiver.delivered)
                raise RuntimeError(f"{missing} were not told; wrong: {self._receiver.wrong or 'nothing'}")
            await asyncio.sleep(0.05)


def _ticks(began: float, seconds: float) -> Iterator[float]:
    return (began + number * TICK for number in range(round(seconds / TICK)))


def _share(waits: Sequence[float], share: float) -> float:
    """Milliseconds that this share of the messages needed at most."""
    return waits[min(len(waits) - 1, int(len(waits) * share))] * 1000
