"""Loopback addresses: which mean a visitor at this machine, and which stand for the clients of a proxy of ours.

A proxy that opens connections on behalf of others hides them behind one address, where a limit on one would hold all
of them up. On Linux every address of 127.0.0.0/8 may be the source of a connection to this machine, and of none to
another, so a proxy of ours gives each of its clients an address of their own in a half of that network.
"""

import hashlib
import hmac
import socket
from ipaddress import IPv4Network, ip_address

STAND_INS = IPv4Network("127.128.0.0/9")


def stand_in(key: bytes, client: str) -> str:
    """The address that a proxy connects from for this client. Nobody without the key knows whose it is."""
    number = int.from_bytes(hmac.digest(key, client.encode(), hashlib.sha256)[:8], "big")
    return str(STAND_INS[1 + number % (STAND_INS.num_addresses - 2)])


def takes_stand_ins(host: str) -> bool:
    """Whether connections to `host` may come from such addresses: it is this machine, over IPv4, on Linux."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((str(STAND_INS[1]), 0))
            probe.connect((host, 9))  # nothing is sent: the system only looks for a way from the one to the other
        except OSError:
            return False
    return True


def socket_from(address: str) -> socket.socket:
    """A TCP socket of this address, without blocking, that has yet to connect."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setblocking(False)
        # The port is found when it is known where to: one that was found now could be none of the last minute's.
        made.setsockopt(socket.IPPROTO_IP, socket.IP_BIND_ADDRESS_NO_PORT, 1)
        made.bind((address, 0))
    except OSError:
        made.close()
        raise
    return made


def is_near(address: str) -> bool:
    """Whether a program on this machine connected for itself, and not a proxy of ours for somebody."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    near = getattr(parsed, "ipv4_mapped", None) or parsed
    return near.is_loopback and near not in STAND_INS
