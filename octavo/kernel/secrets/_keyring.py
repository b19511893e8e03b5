"""The master keys of this installation, of which the last one seals: those of the setting, or a file of a key a line
that only its owner may read.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from octavo.kernel.refusals import Conflict
from octavo.settings import Settings

KEY_FILE = Path("keys") / "master.key"
KEY_BYTES = 32
ID_BYTES = 4


class KeyMissing(Exception):
    """A secret was sealed under a key that is not in the file any more."""


class Keyring(Mapping[bytes, AESGCM]):
    """Ciphers by the ids of their keys, in the order of the file."""

    def __init__(self, keys: list[bytes]) -> None:
        self._ciphers = {key_id(key): AESGCM(key) for key in keys}
        self.current = key_id(keys[-1])

    def __getitem__(self, id: bytes) -> AESGCM:
        try:
            return self._ciphers[id]
        except KeyError:
            raise KeyMissing(
                f"The master key {id.hex()} is missing from {KEY_FILE} or the setting; restore it from a backup."
            ) from None

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._ciphers)

    def __len__(self) -> int:
        return len(self._ciphers)


def keyring(settings: Settings) -> Keyring:
    """The keys, read again when the file has changed. The first to ask makes the file."""
    if settings.secrets.master_keys:
        return _given(settings.secrets.master_keys)
    path = _file(settings.data_dir)
    try:
        found = path.stat()
    except FileNotFoundError:
        _make(path)
        found = path.stat()
    # A new file within one tick of the clock has the time of the one before, but another number or size.
    return _read(path, (found.st_mtime_ns, found.st_ino, found.st_size))


def add_key(settings: Settings) -> None:
    """A new key, which seals from now on in every process; the older ones still open what they sealed.

    Raises Conflict where the keys are those of the setting.
    """
    if settings.secrets.master_keys:
        raise Conflict(
            "The keys come from OCTAVO_SECRETS_MASTER_KEYS. Add a new one at its end, start Octavo again with it on "
            "every host, and then run `octavo secrets reseal`."
        )
    keyring(settings)
    path = settings.data_dir / KEY_FILE
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two at once, one would take away the key that the other has just added
        _replace(path, f"{path.read_text().rstrip()}\n{secrets.token_hex(KEY_BYTES)}\n")


def key_id(key: bytes) -> bytes:
    return sha256(b"octavo master key" + key).digest()[:ID_BYTES]


@cache
def _file(data_dir: Path) -> Path:
    return data_dir / KEY_FILE


@cache
def _given(keys: tuple[str, ...]) -> Keyring:
    return Keyring([bytes.fromhex(key) for key in keys])


@cache
def _read(path: Path, version: tuple[int, int, int]) -> Keyring:
    return Keyring([bytes.fromhex(line) for line in path.read_text().split()])


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _draft(path, f"{secrets.token_hex(KEY_BYTES)}\n")
    with suppress(FileExistsError):
        os.link(draft, path)  # unlike a rename, this never replaces the key of a quicker process
    draft.unlink()


def _replace(path: Path, text: str) -> None:
    _draft(path, text).replace(path)


def _draft(path: Path, text: str) -> Path:
    """A file beside it that is whole on the disk."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft
