"""Addresses for the people of the tests: what a limit counts by address, one test does not use up for another."""

import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import requests


def address_of_its_own() -> str:
    """A loopback address that nobody else in this run is likely to come from: all of 127.0.0.0/8 is this machine.

    Not of its upper half, which stands for clients of proxies.
    """
    return ".".join(["127", str(random.randint(1, 127)), *(str(random.randint(1, 254)) for _ in range(2))])


@contextmanager
def port_of_its_own() -> Iterator[int]:
    """A port of 127.0.0.1 for a server that has to be told one, or that comes back: nobody else gets it meanwhile.

    It is bound here and listened at by nobody. Beside such a socket a server may bind it too, with SO_REUSEADDR as
    servers do; no other socket is given it by chance.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def client_of_its_own(url: str) -> httpx.Client:
    """A client of the Octavo at `url` that comes from an address of its own."""
    transport = httpx.HTTPTransport(local_address=address_of_its_own())
    return httpx.Client(base_url=url, timeout=60, transport=transport)


def session_of_its_own() -> requests.Session:
    """The same for tools that speak through `requests`."""
    session = requests.Session()
    session.mount("http://", _FromAddress())
    return session


class _FromAddress(requests.adapters.HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, source_address=(address_of_its_own(), 0))
