"""How films are encrypted, what a player asks for, and what it is told (https://www.w3.org/TR/encrypted-media/#clear-key)."""

from typing import Literal, TypeAlias
from uuid import UUID

import msgspec

# "clear-key": by common encryption, the keys given to whoever holds a playback address.
Encryption: TypeAlias = Literal["none", "clear-key"]


class SealedKey(msgspec.Struct, frozen=True):
    """One row of media.content_key."""

    asset_id: UUID
    key_id: UUID
    sealed: bytes


class LicenceRequest(msgspec.Struct, frozen=True):
    """Ids of keys in base64url without padding."""

    kids: tuple[str, ...]
    type: str = "temporary"


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A JSON Web Key (RFC 7517): `k` and `kid` in base64url without padding."""

    kty: Literal["oct"] = "oct"
    kid: str
    k: str


class Licence(msgspec.Struct, frozen=True):
    keys: list[Key]
    type: Literal["temporary"] = "temporary"
