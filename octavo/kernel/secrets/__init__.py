"""Secrets that must be read again: sealed under a master key, which never lies in the database."""

from octavo.kernel.secrets._keyring import KeyMissing
from octavo.kernel.secrets._sealing import is_current, seal, unseal

__all__ = ["KeyMissing", "is_current", "seal", "unseal"]
