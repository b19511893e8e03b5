"""Filling the index, many texts at once; it is made for batches behind the writing of the things themselves."""

from collections.abc import Sequence
from uuid import UUID

from octavo.kernel.db import Transaction
from octavo.kernel.search.rows import Text
from octavo.kernel.search.rules import tokens_of

_THING = """
    INSERT INTO search.thing (owner_id, kind, thing_id, at, tokens) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (owner_id, kind, thing_id) DO NOTHING
"""
_TOKENS = """
    INSERT INTO search.token (owner_id, kind, token, at, thing_id)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::uuid[])
    ON CONFLICT DO NOTHING
"""


async def index_texts(tx: Transaction, texts: Sequence[Text]) -> None:
    """Puts texts in. A thing that is there keeps its words: `remove` it first where its text has changed."""
    tokens = [(one, tokens_of(one.text, one.private_key)) for one in texts]
    await tx.execute_many(_THING, [(one.owner_id, one.kind, one.thing_id, one.at, words) for one, words in tokens])
    rows = [(one, word) for one, words in tokens for word in words]
    await tx.execute(
        _TOKENS,
        [one.owner_id for one, _ in rows],
        [one.kind for one, _ in rows],
        [word for _, word in rows],
        [one.at for one, _ in rows],
        [one.thing_id for one, _ in rows],
    )


async def remove(tx: Transaction, owner_id: UUID, kind: str, thing_id: UUID) -> None:
    """Takes a thing out, whether it is in or not."""
    await tx.execute(
        """
        WITH gone AS (
            DELETE FROM search.thing WHERE owner_id = $1 AND kind = $2 AND thing_id = $3 RETURNING at, tokens
        )
        DELETE FROM search.token AS t USING gone
        WHERE t.owner_id = $1 AND t.kind = $2 AND t.token = ANY(gone.tokens) AND t.at = gone.at AND t.thing_id = $3
        """,
        owner_id,
        kind,
        thing_id,
    )
