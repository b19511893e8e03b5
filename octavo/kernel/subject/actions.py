"""Making a subject and changing who may see it, in the transaction of the thing itself."""

from uuid import UUID

from octavo.kernel.db import Transaction
from octavo.kernel.subject.rows import SubjectState
from octavo.kernel.subject.rules import NoSuchSubject


async def create_subject(
    tx: Transaction, subject_id: UUID, *, kind: str, owner_id: UUID, state: SubjectState = "private"
) -> None:
    """Make the subject of a thing that is made in the same transaction. `kind` is `<product>.<noun>`."""
    await tx.execute(
        "INSERT INTO subject.subject (subject_id, kind, owner_id, state) VALUES ($1, $2, $3, $4)",
        subject_id, kind, owner_id, state,
    )  # fmt: skip


async def set_subject_state(tx: Transaction, subject_id: UUID, state: SubjectState) -> None:
    """Raises NoSuchSubject."""
    if not await tx.execute("UPDATE subject.subject SET state = $2 WHERE subject_id = $1", subject_id, state):
        raise NoSuchSubject
