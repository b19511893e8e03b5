"""Who does not want to hear from whom."""

from uuid import UUID

from octavo.kernel.db import Queryable


async def is_opted_out(db: Queryable, account_id: UUID, sender: str, service_id: UUID | None, recipient: str) -> bool:
    """Whether the recipient stopped this sender, or the Messaging Service that it sends for."""
    senders = [sender, *([service_id.hex] if service_id else [])]
    return bool(
        await db.value(
            "SELECT EXISTS (SELECT FROM comms.opt_out WHERE account_id = $1 AND recipient = $2 AND sender = ANY($3))",
            account_id,
            recipient,
            senders,
        )
    )
