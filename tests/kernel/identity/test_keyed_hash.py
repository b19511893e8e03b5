"""Addresses as keyed hashes."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from octavo.kernel.identity.keyed_hash import _kept_key, address_hash
from octavo.settings import Settings, load_settings


def test_equal_addresses_are_recognised_and_none_is_readable(settings: Settings) -> None:
    one, two = address_hash(settings, "192.0.2.1"), address_hash(settings, "192.0.2.2")
    assert one == address_hash(settings, "192.0.2.1")
    assert one != two
    assert len(one) == 32
    assert "192.0.2" not in one


def test_a_household_on_ipv6_is_one_address(settings: Settings) -> None:
    assert address_hash(settings, "2001:db8::1") == address_hash(settings, "2001:db8::ffff")
    assert address_hash(settings, "2001:db8::1") != address_hash(settings, "2001:db8:0:1::1")
    assert address_hash(settings, "::ffff:192.0.2.1") == address_hash(settings, "192.0.2.1")


def test_the_key_survives_a_restart_and_only_its_owner_reads_it(settings: Settings) -> None:
    before = address_hash(settings, "192.0.2.1")
    _kept_key.cache_clear()
    assert address_hash(settings, "192.0.2.1") == before
    [key] = (settings.data_dir / "keys").iterdir()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(_kept_key.__wrapped__, [tmp_path] * 8))
    assert len(keys) == 1


def test_hosts_that_share_a_key_agree(tmp_path: Path) -> None:
    one = load_settings(tmp_path / "one", environ={"OCTAVO_IDENTITY_ADDRESS_KEY": "shared"})
    two = load_settings(tmp_path / "two", environ={"OCTAVO_IDENTITY_ADDRESS_KEY": "shared"})
    assert address_hash(one, "192.0.2.1") == address_hash(two, "192.0.2.1")
    assert not (tmp_path / "one").exists()


def test_no_address_has_no_hash(settings: Settings) -> None:
    assert address_hash(settings, "") == ""
