"""What is sealed opens again, for whom it was sealed."""

import os
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from octavo.kernel.refusals import Conflict
from octavo.kernel.secrets import KeyMissing, _keyring, add_key, is_current, seal, unseal
from octavo.settings import Settings, SettingsInvalid, load_settings


def test_what_was_sealed_opens_again(settings: Settings) -> None:
    sealed = seal(settings, b"token", context="account:1")
    assert b"token" not in sealed
    assert unseal(settings, sealed, context="account:1") == b"token"


def test_the_same_secret_looks_different_each_time(settings: Settings) -> None:
    assert seal(settings, b"token", context="a") != seal(settings, b"token", context="a")


def test_it_opens_neither_elsewhere_nor_changed(settings: Settings) -> None:
    sealed = seal(settings, b"token", context="account:1")
    with pytest.raises(InvalidTag):
        unseal(settings, sealed, context="account:2")
    with pytest.raises(InvalidTag):
        unseal(settings, sealed[:-1] + bytes([sealed[-1] ^ 1]), context="account:1")


def test_the_key_is_for_its_owner_alone(settings: Settings) -> None:
    seal(settings, b"token", context="a")
    assert (settings.data_dir / "keys" / "master.key").stat().st_mode & 0o777 == 0o600


def test_older_keys_open_and_the_newest_seals(settings: Settings) -> None:
    sealed = seal(settings, b"token", context="a")
    path = settings.data_dir / "keys" / "master.key"
    path.write_text(path.read_text() + "11" * 32 + "\n")
    assert unseal(settings, sealed, context="a") == b"token"
    assert not is_current(settings, sealed)
    assert is_current(settings, seal(settings, b"token", context="a"))


def test_two_keys_that_are_added_at_once_are_both_kept(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = [seal(settings, b"token", context="a")]
    draft = _keyring._draft
    other: list[Future[None]] = []

    def drafted(path: Path, text: str) -> Path:
        """The first is about to replace the file when a second one comes along."""
        monkeypatch.undo()
        other.append(threads.submit(add_key, settings))
        wait(other, timeout=0.5)
        sealed.append(seal(settings, b"token", context="a"))
        return draft(path, text)

    monkeypatch.setattr(_keyring, "_draft", drafted)
    with ThreadPoolExecutor() as threads:
        add_key(settings)
    other[0].result()
    assert len((settings.data_dir / "keys" / "master.key").read_text().split()) == 3
    assert [unseal(settings, one, context="a") for one in sealed] == [b"token"] * 2


def test_a_key_that_came_within_one_tick_of_the_clock_is_seen(settings: Settings) -> None:
    sealed = seal(settings, b"token", context="a")
    path = settings.data_dir / "keys" / "master.key"
    before = path.stat()
    add_key(settings)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not is_current(settings, sealed)


def test_a_lost_key_is_told_by_name(settings: Settings) -> None:
    sealed = seal(settings, b"token", context="a")
    another = "22" * 32 + "\n"
    # Two, so that the file's length tells of the change: the clock of files may not have ticked.
    (settings.data_dir / "keys" / "master.key").write_text(another * 2)
    with pytest.raises(KeyMissing, match=sealed[:4].hex()):
        unseal(settings, sealed, context="a")


def test_hosts_may_share_keys_by_their_settings(tmp_path: Path) -> None:
    old, new = "11" * 32, "22" * 32
    here = load_settings(tmp_path / "here", environ={"OCTAVO_SECRETS_MASTER_KEYS": old})
    there = load_settings(tmp_path / "there", environ={"OCTAVO_SECRETS_MASTER_KEYS": f"{old},{new}"})
    sealed = seal(here, b"token", context="a")
    assert unseal(there, sealed, context="a") == b"token"
    assert is_current(here, sealed)
    assert not is_current(there, sealed)
    assert not (tmp_path / "here").exists()
    with pytest.raises(Conflict, match="OCTAVO_SECRETS_MASTER_KEYS"):
        add_key(here)


def test_a_wrong_key_is_told_without_its_value(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid) as told:
        load_settings(tmp_path, environ={"OCTAVO_SECRETS_MASTER_KEYS": "hunter2"})
    assert "hunter2" not in str(told.value)
