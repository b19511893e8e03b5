"""Delivering a mail, by a job that the transaction of its writing enqueues."""

import asyncio
from uuid import UUID

from msgspec import Struct

from octavo.kernel.jobs import Run, job
from octavo.kernel.mail import _smtp
from octavo.kernel.mail.queries import mail


class Deliver(Struct, frozen=True):
    mail_id: UUID


@job("mail.deliver", timeout=120)
async def deliver_mail(run: Run, args: Deliver) -> None:
    """Hand a mail to the server. A worker that dies right after that hands it over again, under the same Message-ID."""
    found = await mail(run.ctx.db.main, args.mail_id)
    if found is None or found.state != "waiting":
        return
    await asyncio.to_thread(_smtp.deliver, run.ctx.settings.mail, found)
    await run.ctx.db.main.execute(
        "UPDATE mail.outbox SET state = 'sent', sent_at = $2 WHERE mail_id = $1", found.mail_id, run.ctx.now
    )
