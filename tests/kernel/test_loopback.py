"""Addresses of this machine: one that stands for somebody else is not near."""

import asyncio
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as some

from octavo.kernel.loopback import STAND_INS, is_near, socket_from, stand_in, takes_stand_ins


@given(some.binary(min_size=16), some.text())
def test_a_client_keeps_its_stand_in_and_is_not_near(key: bytes, client: str) -> None:
    address = stand_in(key, client)
    assert address == stand_in(key, client)
    assert address not in {str(STAND_INS.network_address), str(STAND_INS.broadcast_address)}
    assert not is_near(address)
    assert not is_near(f"::ffff:{address}")


def test_clients_and_keys_have_stand_ins_of_their_own() -> None:
    clients = [f"192.0.2.{number}" for number in range(256)]
    assert len({stand_in(key, client) for key in (b"one", b"other") for client in clients}) == 512


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("127.0.0.1", True),
        ("127.0.0.53", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("192.0.2.7", False),
        ("2001:db8::1", False),
        ("", False),
        ("unix:", False),
    ],
)
def test_loopback_is_near(address: str, near: bool) -> None:
    assert is_near(address) is near


@pytest.mark.parametrize(
    ("host", "takes"),
    [("127.0.0.1", True), ("localhost", True), ("192.0.2.1", False), ("::1", False)],
)
def test_only_this_machine_takes_stand_ins(host: str, takes: bool) -> None:
    assert takes_stand_ins(host) is takes


async def test_a_connection_comes_from_its_stand_in() -> None:
    address = stand_in(b"key", "192.0.2.7")
    with socket.create_server(("127.0.0.1", 0)) as listening, socket_from(address) as connecting:
        await asyncio.get_running_loop().sock_connect(connecting, listening.getsockname())
        accepted, (seen, _) = listening.accept()
        accepted.close()
    assert seen == address
