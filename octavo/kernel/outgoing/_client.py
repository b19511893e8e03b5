"""The client: one pool of connections for each process."""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

import aiohttp
from msgspec import Struct, structs

from octavo.kernel.outgoing._failures import Failed, TooMuch, in_our_words, kind_of
from octavo.kernel.outgoing._guard import Guard, GuardedResolver
from octavo.settings import OutgoingSettings

if TYPE_CHECKING:
    from octavo.kernel.context import Engines

CHUNK = 64 * 1024
LARGEST_ANSWER = 256 * 1024
AGENT = "Octavo/1.0"
# Seconds that an idle connection is kept. The usual servers close theirs after two or more, and a request that meets
# that moment fails: nobody may send it again who does not know whether it was heard.
KEPT = 1.0


class Fetched(Struct, frozen=True):
    """An answer. Header names are in lower case; `seconds` counts from the start to the last byte. `cookies` has its
    `Set-Cookie` headers, which nobody here keeps.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float
    cookies: tuple[str, ...] = ()


class Stream(NamedTuple):
    """An answer that is still arriving. `url` is where it came from in the end; header names are in lower case."""

    status: int
    url: str
    headers: dict[str, str]
    body: AsyncIterator[bytes]


class Outgoing:
    """Make one through `outgoing(engines)`; close it with the process."""

    def __init__(self, settings: OutgoingSettings) -> None:
        self._guard = Guard(settings.allow)
        self._connect = settings.connect_seconds
        connector = aiohttp.TCPConnector(
            resolver=GuardedResolver(self._guard),
            limit=settings.connections,
            limit_per_host=settings.per_host,
            keepalive_timeout=KEPT,
            ttl_dns_cache=30,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": AGENT, "Accept": "*/*"},
            auto_decompress=True,
            trust_env=False,
        )

    async def close(self) -> None:
        await self._session.close()

    async def fetch(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout: float = 15.0,
        connect_timeout: float | None = None,
        max_bytes: int = LARGEST_ANSWER,
        redirects: int = 0,
    ) -> Fetched:
        """The answer, whatever its status. Raises AddressRefused, Failed or TooMuch. Times are seconds."""
        chunks: list[bytes] = []
        asked = _Asked(method, url, headers, body, self._limits(timeout, connect_timeout), redirects, max_bytes)
        answered = await self._send(asked, chunks.append)
        return structs.replace(answered, body=b"".join(chunks))

    async def fetch_to(
        self, path: Path, url: str, *, timeout: float = 60.0, max_bytes: int, redirects: int = 5
    ) -> Fetched:
        """GET into a file, which is gone again when this raises. Raises AddressRefused, Failed or TooMuch."""
        asked = _Asked("GET", url, None, None, self._limits(timeout, None), redirects, max_bytes)
        try:
            with path.open("wb") as file:
                return await self._send(asked, file.write)
        except BaseException:
            path.unlink(missing_ok=True)  # noqa: ASYNC240 -- a local file
            raise

    @asynccontextmanager
    async def stream(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        silence: float = 30.0,
        redirects: int = 5,
    ) -> AsyncIterator["Stream"]:
        """GET whose answer is read piece by piece, however long it takes, but never silent for `silence` seconds.

        Opening and reading raise AddressRefused and Failed. Nothing is decompressed, so that ranges mean what they say.
        """
        limits = aiohttp.ClientTimeout(total=None, sock_connect=self._connect, sock_read=silence)
        plain = {**(headers or {}), "Accept-Encoding": "identity"}
        asked = _Asked("GET", url, plain, None, limits, redirects, max_bytes=0)
        async with self._answer(asked) as answer:
            yield Stream(answer.status, str(answer.url), _headers(answer), _pieces(answer))

    def _limits(self, total: float, connect: float | None) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(total=total, sock_connect=connect or self._connect)

    async def _send(self, asked: "_Asked", take: Callable[[bytes], object]) -> Fetched:
        """The answer without its body, which is taken piece by piece."""
        started = time.perf_counter()
        async with self._answer(asked) as answer:
            size = 0
            async for chunk in _chunks(answer, asked):
                size += len(chunk)
                if size > asked.max_bytes:
                    raise TooMuch(f"The answer has more than {asked.max_bytes:,} bytes.")
                take(chunk)
            cookies = tuple(answer.headers.getall("Set-Cookie", ()))
            return Fetched(answer.status, _headers(answer), b"", time.perf_counter() - started, cookies)

    @asynccontextmanager
    async def _answer(self, asked: "_Asked") -> AsyncIterator[aiohttp.ClientResponse]:
        """The answer while its body is read. Errors of the block are its own."""
        url = self._guard.checked(asked.url)
        with in_our_words(asked.limits):
            answer = await self._session.request(
                asked.method,
                url,
                headers=asked.headers,
                data=asked.body,
                timeout=asked.limits,
                allow_redirects=asked.redirects > 0,
                max_redirects=asked.redirects + 1,  # it counts the first request too
                middlewares=(self._check_hop,),
            )
        async with answer:
            yield answer

    async def _check_hop(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """An address written as such is never resolved, so each hop of a redirect is looked at here."""
        self._guard.check_url(request.url)
        return await handler(request)


class _Asked(NamedTuple):
    method: str
    url: str
    headers: Mapping[str, str] | None
    body: bytes | None
    limits: aiohttp.ClientTimeout
    redirects: int
    max_bytes: int


async def _chunks(answer: aiohttp.ClientResponse, asked: _Asked) -> AsyncIterator[bytes]:
    with in_our_words(asked.limits):
        async for chunk in answer.content.iter_chunked(CHUNK):
            yield chunk


async def _pieces(answer: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """Raises Failed where the connection breaks or falls silent: the reader learns of it in its own place."""
    try:
        async for chunk in answer.content.iter_any():
            yield chunk
    except TimeoutError as error:
        raise Failed("The other side has fallen silent.", "timeout") from error
    except (aiohttp.ClientError, OSError) as error:
        raise Failed(str(error) or type(error).__name__, kind_of(error)) from error


def _headers(answer: aiohttp.ClientResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.headers.items()}


_clients: "WeakKeyDictionary[object, Outgoing]" = WeakKeyDictionary()


def outgoing(engines: "Engines") -> Outgoing:
    """The process's client, made at the first use in its event loop."""
    client = _clients.get(engines.db.main)
    if client is None:
        client = _clients[engines.db.main] = Outgoing(engines.settings.outgoing)
    return client


async def close_outgoing(engines: "Engines") -> None:
    client = _clients.pop(engines.db.main, None)
    if client is not None:
        await client.close()
