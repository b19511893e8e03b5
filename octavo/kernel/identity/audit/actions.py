"""Recording what happened, in the transaction in which it happens."""

from datetime import datetime
from uuid import UUID

from octavo.kernel.db import Queryable, Transaction, execute_in_batches
from octavo.kernel.identity.audit.rows import AuditKind, Visitor
from octavo.kernel.ids import new_id


async def record(
    tx: Transaction,
    what: AuditKind,
    pseudonym: UUID,
    *,
    now: datetime,
    visitor: Visitor | None = None,
    by: UUID | None = None,
    **detail: object,
) -> None:
    """Add an entry about the person behind `pseudonym`. `by` is whoever did it, where that was another person."""
    visitor = visitor or Visitor()
    if visitor.device:
        detail["device"] = visitor.device
    await tx.execute(
        """
        INSERT INTO identity.audit (pseudonym, audit_id, kind, by_pseudonym, address_hash, detail, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        pseudonym, new_id(), what, by, visitor.address_hash, detail, now,
    )  # fmt: skip


async def forget_addresses(db: Queryable, *, before: datetime) -> int:
    """Blank the hashed addresses of older entries."""
    return await execute_in_batches(
        db,
        # Retention is by age over everyone.
        """
        UPDATE identity.audit /* fanout */ SET address_hash = '' WHERE (pseudonym, audit_id) IN (
            SELECT pseudonym, audit_id FROM identity.audit /* fanout */
            WHERE at < $1 AND address_hash <> '' ORDER BY at LIMIT $2
        )
        """,
        before,
    )
