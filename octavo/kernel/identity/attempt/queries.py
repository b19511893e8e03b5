"""Finding counted tries."""

from collections.abc import Sequence

from octavo.kernel.db import Queryable
from octavo.kernel.identity.attempt.rows import Attempts


async def attempts(db: Queryable, keys: Sequence[str]) -> list[Attempts]:
    return await db.fetch(
        Attempts,
        "SELECT attempt_key, failures, last_at FROM identity.attempt WHERE attempt_key = ANY($1::text[])",
        list(keys),
    )
