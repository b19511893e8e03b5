"""Reading what people sent each other."""

from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.products.comms.user_message.rows import UserMessage

MOST = 1000


async def messages_of(db: Queryable, user_id: UUID, *, most: int = MOST) -> list[UserMessage]:
    """The newest that a person sent or received, in the order in which they were sent."""
    newest = await db.fetch(
        UserMessage,
        """
        SELECT user_id, id, sender_id, receiver_id, content, sent_at FROM comms.user_message
        WHERE user_id = $1 ORDER BY id DESC LIMIT $2
        """,
        user_id,
        most,
    )
    return newest[::-1]
