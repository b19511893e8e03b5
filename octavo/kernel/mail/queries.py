"""Reading the outbox."""

from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.kernel.mail.rows import KeptMail

COLUMNS = ", ".join(KeptMail.__struct_fields__)


async def mail(db: Queryable, mail_id: UUID) -> KeptMail | None:
    return await db.one(KeptMail, f"SELECT {COLUMNS} FROM mail.outbox WHERE mail_id = $1", mail_id)


async def outbox(db: Queryable, recipient: str, *, most: int = 20) -> list[KeptMail]:
    """The newest mails to an address, for tests and for installations without a server."""
    return await db.fetch(
        KeptMail,
        # fanout: one person's latest mails, read by people and tests, never on the way of a request.
        f"SELECT {COLUMNS} FROM mail.outbox /* fanout */ WHERE recipient = $1 ORDER BY mail_id DESC LIMIT $2",
        recipient,
        most,
    )
