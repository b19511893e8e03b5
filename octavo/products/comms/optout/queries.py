"""Who does not want to hear from whom, and by which words they say so."""

from collections.abc import Sequence
from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.products.comms.optout.rows import Stop, Words


async def is_opted_out(db: Queryable, account_id: UUID, sender: str, service_id: UUID | None, recipient: str) -> bool:
    """Whether the recipient stopped this sender, or the Messaging Service that it sends for."""
    stopped = await stops(db, account_id, [recipient])
    return (recipient, sender) in stopped or (service_id is not None and (recipient, service_id.hex) in stopped)


async def stops(db: Queryable, account_id: UUID, recipients: Sequence[str]) -> set[tuple[str, str]]:
    """What these recipients stopped: each with a number, or the hex of a Messaging Service's id."""
    found = await db.fetch(
        Stop,
        "SELECT recipient, sender FROM comms.opt_out WHERE account_id = $1 AND recipient = ANY($2)",
        account_id,
        list(recipients),
    )
    return {(one.recipient, one.sender) for one in found}


async def own_words(db: Queryable, account_id: UUID, sender: str) -> list[Words]:
    """The account's own words for this sender, else those for all of its senders."""
    return await db.fetch(
        Words,
        """
        SELECT DISTINCT ON (wish) wish, words, answer FROM comms.opt_out_words
        WHERE account_id = $1 AND sender = ANY(ARRAY[$2, '']) ORDER BY wish, sender = ''
        """,
        account_id,
        sender,
    )
