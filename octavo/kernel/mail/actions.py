"""Writing mails, and forgetting them."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from octavo.kernel.db import Queryable, Transaction, execute_in_batches
from octavo.kernel.ids import new_id
from octavo.kernel.jobs import enqueue
from octavo.kernel.mail.delivery import Deliver, deliver_mail
from octavo.kernel.mail.rows import Mail

if TYPE_CHECKING:
    from octavo.kernel.context import Context


async def send_mail(ctx: "Context", tx: Transaction, mail: Mail) -> UUID:
    """Deliver it once `tx` has committed; without a server it stays in the outbox. Returns its id."""
    mail_id = new_id()
    has_server = bool(ctx.settings.mail.host)
    await tx.execute(
        """
        INSERT INTO mail.outbox (mail_id, recipient, subject, text, from_name, state, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        mail_id,
        mail.to,
        mail.subject,
        mail.text,
        mail.from_name,
        "waiting" if has_server else "kept",
        ctx.now,
    )
    if has_server:
        await enqueue(tx, deliver_mail, Deliver(mail_id))
    return mail_id


async def forget_old(db: Queryable, before: datetime) -> int:
    """Remove what was written before then; how many."""
    return await execute_in_batches(
        db,
        # fanout: the old mails of everybody.
        """
        DELETE FROM mail.outbox WHERE mail_id IN (
            SELECT mail_id FROM mail.outbox /* fanout */ WHERE created_at < $1 LIMIT $2
        )
        """,
        before,
    )
