"""A user's server, which notes every request that it gets and answers as the test tells it to, and who may ask it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from aiohttp import web

from octavo.settings import Settings
from tests.harness.settings import patient_settings

Answer = Callable[["Received"], Awaitable[web.StreamResponse] | web.StreamResponse]


@dataclass(frozen=True)
class Received:
    method: str
    url: str  # whole, as the server sees it
    path: str
    headers: dict[str, str]  # in lower case
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass
class Receiver:
    """`answers[path]` makes the answer; other paths are answered 204."""

    url: str = ""
    got: list[Received] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, number: int, *, path: str | None = None, seconds: float = 60.0) -> list[Received]:
        """What came (to `path`), once there are so many."""
        async with asyncio.timeout(seconds):
            while len(found := [one for one in self.got if path is None or one.path == path]) < number:
                self._news.clear()
                await self._news.wait()
            return found

    async def take(self, request: web.BaseRequest) -> web.StreamResponse:
        received = Received(
            request.method,
            str(request.url),
            request.path,
            {name.lower(): value for name, value in request.headers.items()},
            await request.read(),
        )
        self.got.append(received)
        self._news.set()
        answer = self.answers.get(request.path, lambda _: web.Response(status=204))(received)
        return answer if isinstance(answer, web.StreamResponse) else await answer


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A server on a free port of the loopback."""
    receiver = Receiver()
    server = web.ServerRunner(web.Server(receiver.take), shutdown_timeout=0.2)  # type: ignore[arg-type]
    await server.setup()
    site = web.TCPSite(server, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{server.addresses[0][1]}"
    try:
        yield receiver
    finally:
        await server.cleanup()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as one:
        yield one


def impatient(data_dir: Path, *, attempts: int, timeout: float) -> Settings:
    """Settings of an Octavo that may ask this machine, and does not wait long between tries."""
    callbacks = {"first_retry": 0.05, "attempts": attempts, "timeout": timeout}
    return patient_settings(data_dir, outgoing={"allow": ["127.0.0.1"]}, callbacks=callbacks)
