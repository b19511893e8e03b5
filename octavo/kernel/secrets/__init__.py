"""Secrets that must be read again: sealed under a master key, which never lies in the database."""

from octavo.kernel.secrets._keyring import ID_BYTES, KeyMissing, add_key
from octavo.kernel.secrets._sealing import current_key, is_current, seal, unseal

__all__ = ["ID_BYTES", "KeyMissing", "add_key", "current_key", "is_current", "seal", "unseal"]
