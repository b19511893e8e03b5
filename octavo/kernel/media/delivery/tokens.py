"""Playback tokens: an address's first part says what it opens and until when, and proves that we said so.

The form is that of the large CDNs, `exp=<seconds>~kid=<key id>~acl=<asset id>~hmac=<SHA-256 in hex>`, carried in the
path, so that the relative addresses in playlists inherit it. `acl` names what lies below the token that it opens: an
asset to be played, or with `:files` after it the asset's plain files to be kept. Neither opens the other. `bnd` says
what the token is bound to (`address`, `device`); the signature covers who that is, and the address does not tell.
"""

import hashlib
import hmac
import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from octavo.kernel.media.delivery.rows import PlaybackKey
from octavo.kernel.media.delivery.viewers import NOBODY, Bond, Viewer, bond
from octavo.kernel.refusals import Forbidden

# Expiry falls on whole steps, so that reloading a page gives the same addresses and the browser's cache stays useful.
STEP = timedelta(minutes=15)


class TokenRefused(Forbidden):
    title = "This address does not open anything, or no longer"


def expiry(now: datetime, lifetime: timedelta) -> datetime:
    """At least `lifetime` from now, on the next whole step."""
    step = STEP.total_seconds()
    return datetime.fromtimestamp(math.ceil((now + lifetime).timestamp() / step) * step, UTC)


def files_of(asset_id: UUID) -> str:
    """What a token opens that is for keeping."""
    return f"{asset_id}:files"


def sign(
    opens: UUID | str, expires_at: datetime, key: PlaybackKey, *, viewer: Viewer = NOBODY, to: tuple[Bond, ...] = ()
) -> str:
    """Of use to everyone who has it, or to `viewer` alone as far as it is bound `to`."""
    claim = f"exp={int(expires_at.timestamp())}~kid={key.id}~acl={opens}"
    if to:
        claim += f"~bnd={'.'.join(sorted(to))}"
    return f"{claim}~hmac={_mac(claim, key, bond(viewer, to))}"


def verify(token: str, opens: UUID | str, now: datetime, keys: Sequence[PlaybackKey], viewer: Viewer = NOBODY) -> int:
    """How many seconds it still works. Raises TokenRefused unless one of our keys signed it for exactly this."""
    left = _ends(token, str(opens), tuple(keys), NOBODY if is_for_everyone(token) else viewer) - now.timestamp()
    if left <= 0:
        raise TokenRefused("This playback address has expired. Open the film's page again.")
    return int(left)


def is_for_everyone(token: str) -> bool:
    """Who has it may use it, whoever that is."""
    return "~bnd=" not in token


@lru_cache(maxsize=4096)
def _ends(token: str, opens: str, keys: tuple[PlaybackKey, ...], viewer: Viewer) -> int:
    """When it does, in seconds since 1970. A player shows one token hundreds of times; refused ones are not kept."""
    claim, _, mac = token.rpartition("~hmac=")
    fields = dict(part.partition("=")[::2] for part in claim.split("~"))
    key = next((key for key in keys if key.id == fields.get("kid")), None)
    known: tuple[Bond, ...] = ("address", "device")
    to = tuple(one for one in known if one in fields.get("bnd", "").split("."))
    if key is None or not hmac.compare_digest(
        _mac(claim, key, bond(viewer, to)).encode(), mac.encode(errors="surrogatepass")
    ):
        elsewhere = ", or it was given to another device or network" if to else ""
        raise TokenRefused(f"This playback address was not given out here{elsewhere}.")
    if fields["acl"] != opens:
        raise TokenRefused("This playback address is for another film.")
    return int(fields["exp"])


def _mac(claim: str, key: PlaybackKey, bound: str) -> str:
    signed = f"{claim}\n{bound}" if bound else claim
    return hmac.new(key.secret, signed.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()
