"""Finding parts by their messages, by carriers' ids, and by what is open about them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.products.comms.carrier.smpp.rows import (
    InboundPart,
    Located,
    Progress,
    SubmissionPart,
    Told,
    Unheard,
    WaitingPart,
)

PART = ", ".join(SubmissionPart.__struct_fields__)
STRAY = ", ".join(Told.__struct_fields__)
WAITING = ", ".join(WaitingPart.__struct_fields__)


async def parts(db: Queryable, messages: Sequence[tuple[UUID, UUID]]) -> list[SubmissionPart]:
    """All parts of these messages (account, message) that were ever meant to be sent."""
    return await db.fetch(
        SubmissionPart,
        f"""
        SELECT {PART} FROM comms.smpp_submission
        WHERE (account_id, message_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[])) ORDER BY message_id, part
        """,
        [account_id for account_id, _ in messages],
        [message_id for _, message_id in messages],
    )


async def located(db: Queryable, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Located]:
    """What carriers' ids (line, id) mean, where it is known."""
    rows = await db.fetch(
        Located,
        """
        SELECT line, smsc_key, account_id, message_id, part FROM comms.smpp_message_id
        WHERE (line, smsc_key) IN (SELECT * FROM unnest($1::text[], $2::text[]))
        """,
        [line for line, _ in keys],
        [key for _, key in keys],
    )
    return {(row.line, row.smsc_key): row for row in rows}


async def progress(db: Queryable, messages: Sequence[tuple[UUID, UUID]]) -> list[Progress]:
    """How far these messages are, over all of their parts."""
    return await db.fetch(
        Progress,
        """
        SELECT account_id, message_id, count(*) AS parts, count(*) FILTER (WHERE fate = 'delivered') AS delivered,
            count(*) FILTER (WHERE fate = 'undelivered') AS undelivered, max(error_code) AS error_code
        FROM comms.smpp_submission
        WHERE (account_id, message_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
        GROUP BY account_id, message_id
        """,
        [account_id for account_id, _ in messages],
        [message_id for _, message_id in messages],
    )


async def doubtful_beside(db: Queryable, part: SubmissionPart) -> int:
    """How many parts, this one included, of this sender to this recipient may have been taken."""
    count: int = await db.value(
        """
        SELECT count(*) FROM comms.smpp_submission /* fanout: accounts may share a sender's name */
        WHERE line = $1 AND recipient = $2 AND sender = $3 AND state = 'intended'
        """,
        part.line,
        part.recipient,
        part.sender,
    )
    return count


async def strays_about(db: Queryable, part: SubmissionPart) -> list[Told]:
    """Receipts for unknown ids that went the way of this part."""
    return await db.fetch(
        Told,
        f"""
        SELECT {STRAY} FROM comms.smpp_stray
        WHERE line = $1 AND recipient = $2 AND sender = $3 AND arrived_at >= $4 ORDER BY arrived_at
        """,
        part.line,
        part.recipient,
        part.sender,
        part.intended_at,
    )


async def unheard(db: Queryable, lines: Sequence[str], due: datetime, most: int) -> list[Unheard]:
    """Parts of which the carrier has told nothing for too long."""
    return await db.fetch(
        Unheard,
        """
        SELECT account_id, message_id, part, line, sender, smsc_id
        FROM comms.smpp_submission /* fanout: lines serve all accounts */
        WHERE line = ANY($1) AND ask_at <= $2 ORDER BY ask_at LIMIT $3
        """,
        list(lines),
        due,
        most,
    )


async def inbound_parts(db: Queryable, part: InboundPart | WaitingPart) -> list[WaitingPart]:
    """The parts of a long message that are here, in their order."""
    return await db.fetch(
        WaitingPart,
        f"""
        SELECT {WAITING} FROM comms.smpp_inbound_part
        WHERE line = $1 AND sender = $2 AND recipient = $3 AND reference = $4 AND total = $5 ORDER BY part
        """,
        part.line,
        part.sender,
        part.recipient,
        part.reference,
        part.total,
    )


async def late_inbound(db: Queryable, before: datetime) -> list[WaitingPart]:
    """One part of each long message that began to come in so long ago and is not complete."""
    return await db.fetch(
        WaitingPart,
        f"""
        SELECT DISTINCT ON (line, sender, recipient, reference, total) {WAITING}
        FROM comms.smpp_inbound_part /* fanout: by age */ WHERE NOT joined AND arrived_at < $1
        ORDER BY line, sender, recipient, reference, total, part
        """,
        before,
    )
