"""Sealing: AES-256-GCM (NIST SP 800-38D) under the newest master key. Layout: key id (4), nonce (12), text and tag."""

import os

from octavo.kernel.secrets._keyring import ID_BYTES, keyring
from octavo.settings import Settings

NONCE_BYTES = 12


def seal(settings: Settings, plain: bytes, *, context: str) -> bytes:
    """`context` says what the secret is and whose: sealed bytes that were moved to another row do not open there."""
    keys = keyring(settings)
    nonce = os.urandom(NONCE_BYTES)
    return keys.current + nonce + keys[keys.current].encrypt(nonce, plain, context.encode())


def unseal(settings: Settings, sealed: bytes, *, context: str) -> bytes:
    """Raises KeyMissing, or cryptography's InvalidTag where the bytes or the context are not those that were sealed."""
    cipher = keyring(settings)[sealed[:ID_BYTES]]
    nonce, text = sealed[ID_BYTES : ID_BYTES + NONCE_BYTES], sealed[ID_BYTES + NONCE_BYTES :]
    return cipher.decrypt(nonce, text, context.encode())


def is_current(settings: Settings, sealed: bytes) -> bool:
    """Whether the newest key sealed it."""
    return sealed[:ID_BYTES] == keyring(settings).current


def current_key(settings: Settings) -> bytes:
    """The id of the newest key, with which everything begins that it sealed."""
    return keyring(settings).current
