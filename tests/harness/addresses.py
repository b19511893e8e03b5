"""Addresses for the people of the tests: what a limit counts by address, one test does not use up for another."""

import random
from typing import Any

import httpx
import requests


def address_of_its_own() -> str:
    """A loopback address that nobody else in this run is likely to come from: all of 127.0.0.0/8 is this machine."""
    return ".".join(["127", *(str(random.randint(1, 254)) for _ in range(3))])


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
