"""Addresses that open one file for a while, without credentials: sealed, so nobody can make one or change it."""

import base64
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.exceptions import InvalidTag

from octavo.kernel.secrets import KeyMissing, seal, unseal
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.media.rows import Media
from octavo.settings import Settings

CONTEXT = "comms.media_link"
LIFETIME = timedelta(hours=2)
FOR_CARRIERS = timedelta(days=7)  # they fetch when they can
PATH = "/comms/media"
_LENGTH = 16 + 16 + 16 + 8  # bytes: account, message, media, and the second in which it ends


def token_for(settings: Settings, media: Media, now: datetime, *, lifetime: timedelta = LIFETIME) -> str:
    """Opens the file for as long."""
    ends = int((now + lifetime).timestamp())
    plain = media.account_id.bytes + media.message_id.bytes + media.id.bytes + ends.to_bytes(8)
    return base64.urlsafe_b64encode(seal(settings, plain, context=CONTEXT)).decode().rstrip("=")


def carrier_address(settings: Settings, media: Media, now: datetime) -> str:
    """Where a carrier finds the file as it was stored; blank where nobody outside can reach us."""
    base = settings.http.public_url
    return f"{base}{PATH}/{token_for(settings, media, now, lifetime=FOR_CARRIERS)}" if base else ""


def own_token(settings: Settings, url: str) -> str | None:
    """The token in an address that `carrier_address` made."""
    start = f"{settings.http.public_url}{PATH}/"
    return url.removeprefix(start) if settings.http.public_url and url.startswith(start) else None


def read_token(settings: Settings, token: str, now: datetime) -> tuple[AccountId, UUID, UUID]:
    """Account, message and file. Raises CommsRefusal 20404 for what we did not give out, or not lately."""
    try:
        plain = unseal(settings, base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), context=CONTEXT)
    except (InvalidTag, KeyMissing, ValueError, KeyError):
        raise CommsRefusal(20404) from None
    if len(plain) != _LENGTH or int.from_bytes(plain[48:]) <= now.timestamp():
        raise CommsRefusal(20404)
    return AccountId(UUID(bytes=plain[:16])), UUID(bytes=plain[16:32]), UUID(bytes=plain[32:48])
