"""Finding the cookies of a conversation: they are kept sealed, under a name that tells nobody whose they are."""

from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from msgspec import json

from octavo.kernel.callbacks import Delivery
from octavo.kernel.db import Queryable
from octavo.kernel.identity import keyed_hash
from octavo.kernel.secrets import unseal
from octavo.products.comms.inbound.cookie.rows import Cookie
from octavo.settings import Settings

CONTEXT = "comms.webhook_cookies"  # what they are bound to, with the account's id


def conversation_of(settings: Settings, delivery: Delivery, url: str) -> UUID:
    """The two who write to each other, and the server that is told."""
    form = dict(parse_qsl(delivery.fields))
    told = f"{delivery.owner_id} {form.get('From')} {form.get('To')} {urlsplit(url).hostname}"
    return UUID(hex=keyed_hash(settings, f"cookies:{told}"))


async def cookies(db: Queryable, settings: Settings, account_id: UUID, conversation: UUID) -> list[Cookie]:
    """Those that have ended included."""
    sealed: bytes | None = await db.value(
        "SELECT sealed_cookies FROM comms.webhook_cookies WHERE account_id = $1 AND id = $2", account_id, conversation
    )
    return opened(settings, account_id, sealed)


def opened(settings: Settings, account_id: UUID, sealed: bytes | None) -> list[Cookie]:
    if sealed is None:
        return []
    return json.decode(unseal(settings, sealed, context=f"{CONTEXT}:{account_id}"), type=list[Cookie])
