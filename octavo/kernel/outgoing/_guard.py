"""The address guard: users' URLs reach the public internet, and nothing of the operator's own network (SSRF).

The check sits in the resolver, so what was checked is what is connected to: a name that means another address a moment
later gains nothing, and every hop of a redirect passes through it.
"""

import socket
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

_SHARED = ip_network("100.64.0.0/10")  # carrier-grade NAT (RFC 6598)
_COMPATIBLE = ip_network("::/96")  # IPv4 in a form that was given up (RFC 4291)
# IPv4 behind a translator: NAT64 (RFC 6052), and its forerunner (RFC 2765).
_TRANSLATED = (ip_network("64:ff9b::/96"), ip_network("::ffff:0:0:0/96"))
_PRIVATE = (
    ip_network("64:ff9b:1::/48"),  # translators of one's own network (RFC 8215)
    ip_network("fec0::/10"),  # what unique local addresses took the place of (RFC 3879)
    ip_network("5f00::/16"),  # segments of one's own routers (RFC 9602)
)


class AddressRefused(Exception):
    """A URL that points into the operator's own network, or to nothing that can be connected to."""


class Guard:
    """`allow` names the networks and the hosts of the operator that URLs may point to after all."""

    def __init__(self, allow: Sequence[str]) -> None:
        self._allowed = [network for text in allow if (network := _network(text))]
        self._hosts = frozenset(text.lower().rstrip(".") for text in allow if _network(text) is None)

    def check(self, text: str) -> None:
        """Raises AddressRefused for an address that is not public."""
        address = _address(text)
        if address is None:
            raise AddressRefused(f"{text} is no address.")
        address = _unwrapped(address)
        if any(address in network for network in self._allowed if network.version == address.version):
            return
        if not address.is_global or address.is_multicast or address in _SHARED or _is_in(address, _PRIVATE):
            raise AddressRefused(f"{address} is not on the public internet; `outgoing.allow` can name it.")

    def check_resolved(self, host: str, text: str) -> None:
        """Raises AddressRefused for an address that a name means, unless it is a host that may be anywhere.

        Even that one is not where the machine itself is told its secrets: clouds do so on link-local addresses.
        """
        address = _address(text)
        if host.lower().rstrip(".") not in self._hosts or address is None or not _is_a_hosts(_unwrapped(address)):
            self.check(text)

    def checked(self, text: str) -> URL:
        """The URL as it will be asked for. Raises AddressRefused for what can be told before a name is resolved."""
        try:
            url = URL(text, encoded=text.isascii() and " " not in text)
            url.port  # noqa: B018 -- raises ValueError where it is out of range
        except ValueError as error:
            raise AddressRefused(f"{text[:200]!r} is no URL: {error}") from None
        self.check_url(url)
        return url

    def check_url(self, url: URL) -> None:
        """An address that is written as such is never resolved, so it is looked at here."""
        if url.scheme not in ("http", "https") or not url.host or not url.port:
            raise AddressRefused(f"{str(url)[:200]!r} is no http or https URL.")
        if _address(url.host) is not None:
            self.check(url.host)


class GuardedResolver(AbstractResolver):
    """Resolves names, and lets through what the guard lets through. One refused address refuses the name."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        for one in found:
            self._guard.check_resolved(host, one["host"])
        return found

    async def close(self) -> None:
        await self._inner.close()


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address inside an IPv6 one, where there is one."""
    if isinstance(address, IPv4Address):
        return address
    if _is_in(address, _TRANSLATED) or (address in _COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_a_hosts(address: IPv4Address | IPv6Address) -> bool:
    """Whether a host of one's own network may have the address."""
    if address.is_link_local or address.is_unspecified or address.is_multicast:
        return False
    return address.is_private or address in _SHARED


def _is_in(address: IPv4Address | IPv6Address, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    return any(address in network for network in networks)


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text.partition("%")[0])
    except ValueError:
        return None
