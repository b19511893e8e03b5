"""Licences: the keys of a film in the form that browsers' own clear-key system asks for."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

import msgspec

from octavo.kernel.context import Context
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.encryption.queries import content_key
from octavo.kernel.media.encryption.rows import Key, Licence, LicenceRequest
from octavo.kernel.refusals import BadRequest

MOST_KEYS = 20
LARGEST_REQUEST = 8 * 1024  # bytes


async def licence_for(ctx: Context, asset_id: AssetId, asked: bytes) -> Licence:
    """For a player whose address was checked. Raises BadRequest, and NotFound for keys of other films."""
    try:
        request = msgspec.json.decode(asked, type=LicenceRequest)
        ids = [UUID(bytes=_decoded(kid)) for kid in request.kids]
    except (msgspec.DecodeError, ValueError):
        raise BadRequest("A licence is asked for in JSON: ids of keys in base64url, as `kids`.") from None
    if not 0 < len(ids) <= MOST_KEYS:
        raise BadRequest(f"A licence holds between one key and {MOST_KEYS}.")
    keys = [await content_key(ctx, asset_id, key_id) for key_id in ids]
    return Licence([Key(kid=_encoded(key.id.bytes), k=_encoded(key.secret)) for key in keys])


def _encoded(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
