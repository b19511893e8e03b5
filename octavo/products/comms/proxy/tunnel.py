"""Serve tunnels: TLS ends here, and what is inside goes to the dialect as it is, Host header and all.

Who the client is shows in the address that its tunnel comes from, so that no head needs to be read and nothing that a
client writes can say otherwise.
"""

import asyncio
import secrets
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

from octavo.kernel.clock import now
from octavo.kernel.http import household
from octavo.kernel.loopback import socket_from, stand_in, takes_stand_ins
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
    _key: bytes = field(default_factory=secrets.token_bytes, repr=False)

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
                client, peer = await loop.sock_accept(listening)
            except OSError:
                await asyncio.sleep(0.1)  # out of file descriptors, most likely: others will close theirs
                continue
            client.setblocking(False)
            # Without it an answer waits up to 40 ms for the acknowledgement of what went before it.
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            tunnel = asyncio.create_task(self._tunnel(client, peer[0]))
            self._tunnels.add(tunnel)
            tunnel.add_done_callback(self._tunnels.discard)

    async def _tunnel(self, client: socket.socket, address: str) -> None:
        # What goes wrong in one tunnel its client sees by its end; there is nobody else to tell.
        with client, suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            try:
                async with asyncio.timeout(PATIENCE):
                    host = tunnel_to(await _request_line(client))
            except TunnelRefused as refused:
                await _refuse(client, 403, str(refused))
                return
            try:
                inner = await self._to_dialect(address)
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

    async def _to_dialect(self, address: str) -> Streams:
        parts = urlsplit(self.to)
        is_tls = parts.scheme == "https"
        port = parts.port or (443 if is_tls else 80)
        async with asyncio.timeout(PATIENCE):
            if not self._is_beside_dialect:
                return await asyncio.open_connection(parts.hostname, port, ssl=is_tls)
            inner = socket_from(stand_in(self._key, household(address)))
            try:
                await asyncio.get_running_loop().sock_connect(inner, (parts.hostname, port))
                name = parts.hostname if is_tls else None
                return await asyncio.open_connection(sock=inner, ssl=is_tls, server_hostname=name)
            except BaseException:
                inner.close()
                raise

    @cached_property
    def _is_beside_dialect(self) -> bool:
        """Found out once, so that no client can bring about another answer for itself."""
        return takes_stand_ins(urlsplit(self.to).hostname or "")


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
