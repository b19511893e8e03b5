"""Finding challenges. One that nobody answered in time reads as expired, whatever stands in its row."""

from datetime import datetime
from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.paging import Keyset, PageRequest, Slice, page_by_id
from octavo.products.comms.verify.challenge.rows import Challenge
from octavo.products.comms.verify.factor.rows import Entity

COLUMNS = ", ".join(Challenge.__struct_fields__)
_STATUS = "CASE WHEN status = 'pending' AND expires_at <= $3 THEN 'expired' ELSE status END"
_READ = ", ".join(f"{_STATUS} AS status" if name == "status" else name for name in Challenge.__struct_fields__)
_CHALLENGES = Keyset(
    f"""
    SELECT {_READ} FROM comms.verify_challenge
    WHERE account_id = $1 AND entity_id = $2 AND ($4::uuid IS NULL OR factor_id = $4)
      AND ($5::text IS NULL OR {_STATUS} = $5)
    """
)


async def challenge(
    db: Queryable, entity: Entity, challenge_id: UUID, now: datetime, *, hold: bool = False
) -> Challenge:
    """With `hold`, nobody else answers it until the transaction ends. Raises CommsRefusal 20404."""
    found = await db.one(
        Challenge,
        f"""
        SELECT {_READ} FROM comms.verify_challenge WHERE account_id = $1 AND entity_id = $2 AND id = $4
        {"FOR UPDATE" if hold else ""}
        """,
        entity.account_id,
        entity.id,
        now,
        challenge_id,
    )
    if found is None:
        raise CommsRefusal(20404)
    return found


async def challenges(
    db: Queryable,
    entity: Entity,
    page: PageRequest,
    now: datetime,
    *,
    factor_id: UUID | None,
    status: str | None,
    oldest_first: bool,
) -> Slice[Challenge]:
    wanted = (entity.account_id, entity.id, now, factor_id, status)
    return await page_by_id(db, Challenge, _CHALLENGES, *wanted, page=page, oldest_first=oldest_first)
