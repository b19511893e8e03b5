"""Which tunnels the proxy opens: those to the vendor's hosts, and no others."""

import re

from octavo.products.comms.proxy.authority import DOMAIN

_TUNNEL = re.compile(r"CONNECT ([A-Za-z0-9.-]{1,253}):(\d{1,5}) HTTP/1\.[01]", re.ASCII)


class TunnelRefused(Exception):
    """The sentence says why."""


def tunnel_to(request_line: str) -> str:
    """The vendor's host that the client asks for. Raises TunnelRefused."""
    asked = _TUNNEL.fullmatch(request_line)
    if asked is None:
        raise TunnelRefused("This proxy opens tunnels only: set it as the proxy for https, and ask with CONNECT.")
    host, port = asked[1].lower(), asked[2]
    if not host.endswith(f".{DOMAIN}") or ".." in host or port != "443":
        raise TunnelRefused(
            f"This proxy leads to hosts of {DOMAIN} on port 443 and nowhere else, not to {host}:{port}."
        )
    return host
