"""Clients of one proxy are told apart: who is wrong there too often waits alone, whatever the client claims to be."""

import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPSConnection

import pytest

from tests.harness.running import RunningOctavo
from tests.wire.twilio.conftest import Credentials

pytestmark = pytest.mark.slow
MANY = 60


@contextmanager
def tunnel(octavo: RunningOctavo, address: str) -> Iterator[HTTPSConnection]:
    """A connection through the proxy of `octavo up`, from an address of this machine."""
    trusting = ssl.create_default_context(cafile=octavo.data_dir / "keys" / "proxy" / "authority.pem")
    port = octavo.ports["proxy"]
    connection = HTTPSConnection("127.0.0.1", port, timeout=60, source_address=(address, 0), context=trusting)
    connection.set_tunnel("api.twilio.com", 443)
    try:
        yield connection
    finally:
        connection.close()


def asked(connection: HTTPSConnection, sid: str, token: str, **headers: str) -> int:
    """The status of reading an account."""
    headers["Authorization"] = f"Basic {b64encode(f'{sid}:{token}'.encode()).decode()}"
    connection.request("GET", f"/2010-04-01/Accounts/{sid}.json", headers=headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def test_who_is_wrong_too_often_waits_alone_and_whatever_address_it_claims(
    octavo: RunningOctavo, new_account: Callable[[str], Credentials]
) -> None:
    account = new_account("Shared by two")  # with a token that was never right before, for that would not wait
    with tunnel(octavo, "127.0.0.2") as wrong, tunnel(octavo, "127.0.0.3") as right:
        guesses = (
            asked(wrong, account.sid, f"{number:032x}", **{"X-Forwarded-For": f"192.0.2.{number}"})
            for number in range(MANY)
        )
        assert 429 in guesses  # and no further: the others ask while it waits
        assert asked(right, account.sid, account.auth_token) == 200
