"""Playback addresses that are bound: of use to one network, one device, and nobody else."""

from datetime import UTC, datetime, timedelta

import pytest

from octavo.kernel.ids import new_id
from octavo.kernel.media.delivery import tokens
from octavo.kernel.media.delivery.rows import PlaybackKey
from octavo.kernel.media.delivery.viewers import NOBODY, Bond, Viewer, network

NOW = datetime(2030, 1, 1, 12, 7, tzinfo=UTC)
KEY, ASSET = PlaybackKey("k1", b"secret"), new_id()
NADIA = Viewer("192.0.2.7", "a secret of her browser")
UNTIL = NOW + timedelta(hours=1)


def opens(token: str, viewer: Viewer) -> bool:
    try:
        return tokens.verify(token, ASSET, NOW, [KEY], viewer) > 0
    except tokens.TokenRefused:
        return False


@pytest.mark.parametrize(
    ("to", "elsewhere", "other_device"),
    [((), True, True), (("address",), False, True), (("device",), True, False), (("device", "address"), False, False)],
)
def test_a_token_is_of_use_to_whom_it_is_bound(to: tuple[Bond, ...], elsewhere: bool, other_device: bool) -> None:
    token = tokens.sign(ASSET, UNTIL, KEY, viewer=NADIA, to=to)
    assert opens(token, NADIA)
    assert opens(token, Viewer("192.0.2.250", NADIA.device)), "a neighbouring address, as phones get them"
    assert opens(token, Viewer("198.51.100.7", NADIA.device)) is elsewhere
    assert opens(token, Viewer(NADIA.address, "another")) is other_device
    assert opens(token, NOBODY) is (not to)


def test_the_bond_cannot_be_taken_off_and_does_not_tell_whom_it_binds() -> None:
    token = tokens.sign(ASSET, UNTIL, KEY, viewer=NADIA, to=("address", "device"))
    said, _, proof = token.rpartition("~hmac=")
    assert said == f"exp={int(UNTIL.timestamp())}~kid=k1~acl={ASSET}~bnd=address.device"
    assert len(proof) == 64
    for changed in (token.replace("~bnd=address.device", ""), token.replace("address.device", "address")):
        assert not opens(changed, NADIA)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "::ffff:192.0.2.9", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("2001:db8:1::1", "2001:db8:1:ffff::9", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
        ("testclient", "testclient", True),
        ("::c000:200", "192.0.2.0", False),
    ],
)
def test_addresses_of_one_network_count_as_one(one: str, other: str, same: bool) -> None:
    assert (network(one) == network(other)) is same
