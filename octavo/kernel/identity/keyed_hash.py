"""Network addresses and logins as keyed hashes: equal ones can be recognised, none can be read or guessed back."""

import hashlib
import hmac
import os
import secrets
from functools import cache
from pathlib import Path

from octavo.kernel.http import household
from octavo.settings import Settings

_KEY_FILE = Path("keys") / "address.key"


def address_hash(settings: Settings, address: str) -> str:
    """A keyed hash of the network that an address belongs to; blank for a blank address.

    An IPv6 household moves freely within its /64, so that counts as one address.
    """
    return keyed_hash(settings, f"address:{household(address)}") if address else ""


def keyed_hash(settings: Settings, text: str) -> str:
    """128 bits of HMAC-SHA-256 under this installation's key, in hex."""
    key = settings.identity.address_key.encode() or _kept_key(settings.data_dir)
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()[:32]


@cache
def _kept_key(data_dir: Path) -> bytes:
    """The key in the data directory, made by whichever process asks first."""
    path = data_dir / _KEY_FILE
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_hex(32).encode())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # unlike a rename, this never replaces the key of a quicker process
        except FileExistsError:
            pass
        draft.unlink()
    return path.read_bytes()
