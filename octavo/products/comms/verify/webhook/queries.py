"""Finding webhooks."""

from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.paging import Keyset, PageRequest, Slice, page_by_id
from octavo.products.comms.verify.webhook.rows import Webhook

COLUMNS = ", ".join(Webhook.__struct_fields__)
_WEBHOOKS = Keyset(f"SELECT {COLUMNS} FROM comms.verify_webhook WHERE account_id = $1 AND service_id = $2")


async def webhook(db: Queryable, account_id: AccountId, service_id: UUID, webhook_id: UUID) -> Webhook:
    """Raises CommsRefusal 20404."""
    found = await db.one(
        Webhook,
        f"SELECT {COLUMNS} FROM comms.verify_webhook WHERE account_id = $1 AND service_id = $2 AND id = $3",
        account_id,
        service_id,
        webhook_id,
    )
    if found is None:
        raise CommsRefusal(20404)
    return found


async def webhooks(db: Queryable, account_id: AccountId, service_id: UUID, page: PageRequest) -> Slice[Webhook]:
    return await page_by_id(db, Webhook, _WEBHOOKS, account_id, service_id, page=page)


async def webhooks_for(db: Queryable, account_id: AccountId, service_id: UUID, event_type: str) -> list[Webhook]:
    """Those that want to hear of it."""
    return await db.fetch(
        Webhook,
        f"""
        SELECT {COLUMNS} FROM comms.verify_webhook
        WHERE account_id = $1 AND service_id = $2 AND status = 'enabled' AND event_types && ARRAY['*', $3]
        """,
        account_id,
        service_id,
        event_type,
    )
