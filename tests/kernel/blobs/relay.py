"""A relay before an object store that passes requests on as they are, or fails them in the ways of real networks."""

import asyncio
import random
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from urllib.parse import urlsplit

Rewrite = Callable[[bytes], bytes]


class Fault(Enum):
    REFUSED = auto()  # 503, and nothing has happened
    FORGOTTEN = auto()  # 500, although it has happened
    RESET = auto()  # the connection breaks before it happens
    UNANSWERED = auto()  # it breaks after it has happened
    CUT = auto()  # it breaks in the middle of the answer
    SILENT = auto()  # nothing comes for good
    STALLED = auto()  # half of the answer comes, and then nothing


EVERY_FAULT = tuple(Fault)


@dataclass
class Relay:
    """`plan` says for each request's first line what is to go wrong with it; `seen` are those lines."""

    upstream: str
    rewrite_request: Rewrite = bytes
    rewrite_answer: Rewrite = bytes
    plan: Callable[[str], Fault | None] = lambda line: None
    url: str = ""
    seen: list[str] = field(default_factory=list)
    failed: list[Fault] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = await reader.readexactly(_length(head))
                line = head.split(b"\r\n", 1)[0].decode()
                self.seen.append(line)
                fault = self.plan(line)
                if fault is not None:
                    self.failed.append(fault)
                if not await self._answer(writer, head, body, fault):
                    break
        writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, head: bytes, body: bytes, fault: Fault | None) -> bool:
        """Whether the connection goes on."""
        if fault is Fault.REFUSED:
            writer.write(_error(503))
            return True
        if fault is Fault.RESET:
            writer.transport.abort()
            return False
        if fault is Fault.SILENT:
            await asyncio.sleep(3600)
        answer = self.rewrite_answer(await self._forwarded(self.rewrite_request(head), body))
        if fault is Fault.FORGOTTEN:
            writer.write(_error(500))
            return True
        if fault is Fault.UNANSWERED:
            writer.transport.abort()
            return False
        if fault in (Fault.CUT, Fault.STALLED):
            writer.write(answer[: len(answer) // 2])
            await writer.drain()
            if fault is Fault.STALLED:
                await asyncio.sleep(3600)
            writer.transport.abort()
            return False
        writer.write(answer)
        await writer.drain()
        return False

    async def _forwarded(self, head: bytes, body: bytes) -> bytes:
        where = urlsplit(self.upstream)
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        try:
            lines = [line for line in head[:-4].split(b"\r\n") if not line.lower().startswith(b"connection:")]
            writer.write(b"\r\n".join([*lines, b"Connection: close", b"", b""]) + body)
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()


@asynccontextmanager
async def relay_to(upstream: str, **rewrites: Rewrite) -> AsyncIterator[Relay]:
    relay = Relay(upstream, **rewrites)
    under_way: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(relay.serve(reader, writer))
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, limit=1 << 20)
    relay.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield relay
    finally:
        server.close()
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


@contextmanager
def relay_beside(upstream: str) -> Iterator[Relay]:
    """The same in a thread of its own, for tests that wait for other processes."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    entering = relay_to(upstream)
    try:
        yield asyncio.run_coroutine_threadsafe(entering.__aenter__(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(entering.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def now_and_then(seed: int, share: float, faults: tuple[Fault, ...] = EVERY_FAULT) -> Callable[[str], Fault | None]:
    """A plan that fails this share of all requests, the same way for the same seed and order of requests."""
    chance = random.Random(seed)
    return lambda line: chance.choice(faults) if chance.random() < share else None


def at_first(faults: list[Fault], method: str = "") -> Callable[[str], Fault | None]:
    """A plan that fails the first requests with this method, one fault each."""
    left = list(faults)
    return lambda line: left.pop(0) if left and line.startswith(method) else None


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line.split(b":", 1)[1])
    return 0


def _error(status: int) -> bytes:
    body = b"<Error><Code>InternalError</Code><Message>injected</Message></Error>"
    return b"HTTP/1.1 %d Injected\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)
