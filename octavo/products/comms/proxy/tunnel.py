"""Serve tunnels: TLS ends here, and what is inside goes to the dialect as it is, Host header and all."""

import asyncio
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from octavo.kernel.clock import now
from octavo.products.comms.proxy.authority import Authority
from octavo.products.comms.proxy.rules import TunnelRefused, tunnel_to

HEAD_BYTES = 16 * 1024
PATIENCE = 10.0  # seconds for the request line, for the handshake, and for the way to the dialect
CHUNK = 64 * 1024
OPEN = b"HTTP/1.1 200 Connection established\r\n\r\n"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True)
class Proxy:
    """`to` is the address of the dialect, such as `http://127.0.0.1:8810`."""

    authority: Authority
    to: str
    _tunnels: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, listening: socket.socket, stopping: asyncio.Event) -> None:
        """Take connections until `stopping`; those that are open then are closed."""
        listening.setblocking(False)
        accepting = asyncio.create_task(self._accept(listening))
        await stopping.wait()
        ending = [accepting, *self._tunnels]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)

    async def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                client, _ = await loop.sock_accept(listening)
            except OSError:
                await asyncio.sleep(0.1)  # out of file descriptors, most likely: others will close theirs
                continue
            client.setblocking(False)
            # Without it an answer waits up to 40 ms for the acknowledgement of what went before it.
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            tunnel = asyncio.create_task(self._tunnel(client))
            self._tunnels.add(tunnel)
            tunnel.add_done_callback(self._tunnels.discard)

    async def _tunnel(self, client: socket.socket) -> None:
        # What goes wrong in one tunnel its client sees by its end; there is nobody else to tell.
        with client, suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            try:
                async with asyncio.timeout(PATIENCE):
                    host = tunnel_to(await _request_line(client))
            except TunnelRefused as refused:
                await _refuse(client, 403, str(refused))
                return
            try:
                inner = await self._to_dialect()
            except (OSError, TimeoutError):
                await _refuse(client, 502, f"Octavo does not answer at {self.to}. Is octavo up?")
                return
            try:
                outer = await self._open(client, host)
            except BaseException:
                inner[1].close()
                raise
            await _join(outer, inner)

    async def _open(self, client: socket.socket, host: str) -> Streams:
        loop = asyncio.get_running_loop()
        context = self.authority.context_for(host, now().date())
        await loop.sock_sendall(client, OPEN)
        reader = asyncio.StreamReader(CHUNK)
        protocol = asyncio.StreamReaderProtocol(reader)
        transport, _ = await loop.connect_accepted_socket(
            lambda: protocol, client.dup(), ssl=context, ssl_handshake_timeout=PATIENCE
        )
        return reader, asyncio.StreamWriter(transport, protocol, reader, loop)

    async def _to_dialect(self) -> Streams:
        parts = urlsplit(self.to)
        is_tls = parts.scheme == "https"
        async with asyncio.timeout(PATIENCE):
            return await asyncio.open_connection(parts.hostname, parts.port or (443 if is_tls else 80), ssl=is_tls)


async def _request_line(client: socket.socket) -> str:
    """Read the head of the request, and nothing behind it: clients wait for the answer before they go on."""
    loop = asyncio.get_running_loop()
    head = b""
    while b"\r\n\r\n" not in head:
        if len(head) > HEAD_BYTES:
            raise TunnelRefused("The head of this request is too long.")
        more = await loop.sock_recv(client, 4096)
        if not more:
            raise ConnectionError
        head += more
    return head.partition(b"\r\n")[0].decode("latin-1")


async def _refuse(client: socket.socket, status: int, sentence: str) -> None:
    body = f"{sentence}\n".encode()
    reason = {403: "Forbidden", 502: "Bad Gateway"}[status]
    head = (
        f"HTTP/1.1 {status} {reason}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    await asyncio.get_running_loop().sock_sendall(client, head.encode() + body)


async def _join(outer: Streams, inner: Streams) -> None:
    """Carry bytes both ways until either side has ended."""
    ways = [
        asyncio.create_task(_carry(outer[0], inner[1])),
        asyncio.create_task(_carry(inner[0], outer[1])),
    ]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        for _, writer in (outer, inner):
            writer.close()
        await asyncio.gather(*ways, return_exceptions=True)


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(CHUNK):
        writer.write(chunk)
        await writer.drain()
