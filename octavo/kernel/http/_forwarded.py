"""Trusted proxies: who the client is and which address it typed, when a proxy that we trust says so."""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from starlette.types import Scope

from octavo.kernel.loopback import STAND_INS


class TrustedProxies:
    """Anyone can send X-Forwarded headers, so they count only when the connection comes from a listed network.

    Our own proxies pass on what their clients say, so an address that stands for such a client is never trusted, even
    where all of loopback is listed.
    """

    def __init__(self, networks: Sequence[str]) -> None:
        self._networks = [ip_network(network, strict=False) for network in networks]

    def __bool__(self) -> bool:
        return bool(self._networks)

    def trusts(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        seen = getattr(parsed, "ipv4_mapped", None) or parsed
        return seen not in STAND_INS and any(seen in network for network in self._networks)

    def apply(self, scope: Scope) -> str:
        """Corrects the scope in place; gives the proxy's request id, if it set one."""
        client = scope.get("client")
        if not self._networks or client is None or not self.trusts(client[0]):
            return ""
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        forwarded = headers.get(b"x-forwarded-for")
        if forwarded:
            scope["client"] = (self._first_stranger(forwarded) or client[0], 0)
        scheme = headers.get(b"x-forwarded-proto", "").partition(",")[0].strip()
        if scheme in ("http", "https"):
            websocket = scope["type"] == "websocket"
            scope["scheme"] = scheme.replace("http", "ws") if websocket else scheme
        host = headers.get(b"x-forwarded-host", "").partition(",")[0].strip()
        if host:
            others = [header for header in scope["headers"] if header[0] != b"host"]
            scope["headers"] = [*others, (b"host", host.encode("latin-1"))]
        request_id = headers.get(b"x-request-id", "")
        return request_id if request_id.isascii() and request_id.isprintable() and len(request_id) <= 100 else ""

    def _first_stranger(self, forwarded: str) -> str | None:
        """From the right, the first address that is no proxy of ours: everything left of it could be invented."""
        hops = [_without_port(hop.strip()) for hop in forwarded.split(",")]
        for hop in reversed(hops):
            if not self.trusts(hop):
                return hop if _is_address(hop) else None
        return hops[0]


def _without_port(hop: str) -> str:
    """Some proxies write the client's port too: `192.0.2.1:4711`, `[2001:db8::1]:4711`."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
