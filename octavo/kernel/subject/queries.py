"""Subjects by id."""

from collections.abc import Sequence
from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.kernel.subject.rows import Subject


async def subject(db: Queryable, subject_id: UUID) -> Subject | None:
    return await db.one(
        Subject,
        "SELECT subject_id AS id, kind, owner_id, state FROM subject.subject WHERE subject_id = $1",
        subject_id,
    )


async def subjects(db: Queryable, ids: Sequence[UUID]) -> dict[UUID, Subject]:
    """These subjects by id; ids of nothing are left out."""
    if not ids:
        return {}
    found = await db.fetch(
        Subject,
        "SELECT subject_id AS id, kind, owner_id, state FROM subject.subject WHERE subject_id = ANY($1::uuid[])",
        list(set(ids)),
    )
    return {one.id: one for one in found}
