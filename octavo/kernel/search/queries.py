"""Looking up words."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.kernel.search.rows import Found, Place
from octavo.kernel.search.rules import hashed, words_of

EARLIEST, LATEST = datetime.fromisoformat("1970-01-01T00:00Z"), datetime.fromisoformat("9000-01-01T00:00Z")
_BEHIND_ALL = Place(LATEST, UUID(int=2**128 - 1))

# The longest word leads, because it is most likely the rarest; the others are looked up for what it finds.
_FOUND = """
    SELECT lead.thing_id, lead.at FROM search.token AS lead
    WHERE lead.owner_id = $1 AND lead.kind = $2 AND lead.token = ANY($3)
      AND lead.at >= $5 AND lead.at < $6 AND (lead.at, lead.thing_id) < ($7, $8)
      AND (
        SELECT count(*) FROM search.token AS other
        WHERE other.owner_id = $1 AND other.kind = $2 AND other.token = ANY($4)
          AND other.at = lead.at AND other.thing_id = lead.thing_id
      ) = $9
    ORDER BY lead.at DESC, lead.thing_id DESC LIMIT $10
"""


async def found(
    db: Queryable,
    owner_id: UUID,
    kind: str,
    words: str,
    *,
    private_key: bytes | None = None,
    since: datetime = EARLIEST,
    before: datetime = LATEST,
    after: Place | None = None,
    most: int = 50,
) -> list[Found]:
    """The things that have all of the words, newest first; none where there is no word.

    With `private_key` both hashed and plain words are found: texts may have become private later.
    """
    wanted = sorted(words_of(words), key=len, reverse=True)
    if not wanted:
        return []
    spellings = [[word] if private_key is None else [word, hashed(word, private_key)] for word in wanted]
    place = after or _BEHIND_ALL
    return await db.fetch(
        Found,
        _FOUND,
        owner_id,
        kind,
        spellings[0],
        [token for others in spellings[1:] for token in others],
        since,
        before,
        place.at,
        place.thing_id,
        len(spellings) - 1,
        most,
    )


async def indexed(db: Queryable, keys: Sequence[tuple[UUID, str, UUID]]) -> set[UUID]:
    """Which of the things (owner, kind, id) are in the index."""
    return set(
        await db.column(
            """
            SELECT thing_id FROM search.thing
            WHERE (owner_id, kind, thing_id) IN (SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[]))
            """,
            [owner_id for owner_id, _, _ in keys],
            [kind for _, kind, _ in keys],
            [thing_id for _, _, thing_id in keys],
        )
    )
