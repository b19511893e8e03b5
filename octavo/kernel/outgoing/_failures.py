"""What goes wrong between us and a server, in our words."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import aiohttp

from octavo.kernel.outgoing._guard import AddressRefused

Kind = Literal["connection", "name", "protocol", "redirects", "timeout", "tls"]


class Failed(Exception):
    """Nobody answered as HTTP has it. `kind` tells why: no or a broken connection, a host name that is none, an answer
    that is no HTTP, redirects in rings, too late, or no TLS that can be trusted.
    """

    def __init__(self, text: str, kind: Kind = "connection") -> None:
        super().__init__(text)
        self.kind = kind


class TooMuch(Failed):
    """The answer is larger than it may be; what came of it was thrown away."""


@contextmanager
def in_our_words(limits: aiohttp.ClientTimeout) -> Iterator[None]:
    """Raises AddressRefused or Failed for what goes wrong between us and the server."""
    try:
        yield
    except aiohttp.ConnectionTimeoutError as error:
        raise Failed(f"No connection within {limits.sock_connect:g} seconds.") from error
    except TimeoutError as error:
        seconds = limits.total or limits.sock_read
        raise Failed(f"No answer within {seconds:g} seconds.", "timeout") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise _refused_or_failed(error) from error


def kind_of(error: Exception) -> Kind:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "name"
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return "tls"
    if isinstance(error, aiohttp.ClientResponseError | aiohttp.ClientPayloadError):
        return "protocol"
    return "connection"


def _refused_or_failed(error: Exception) -> Exception:
    """A refusal of the guard comes wrapped in aiohttp's own words."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, AddressRefused):
            return cause
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, aiohttp.InvalidURL):
        return AddressRefused(str(error))
    if isinstance(error, aiohttp.TooManyRedirects):
        return Failed("The server sends from one address to the next without an end.", "redirects")
    return Failed(str(error) or type(error).__name__, kind_of(error))
