"""Sending a message to another person."""

from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.identity import NoSuchUser, is_blocked, user_by_id
from octavo.kernel.ids import new_id
from octavo.products.comms.user_message import rules


async def send_user_message(ctx: Context, receiver_id: UUID, content: str) -> UUID:
    """From the actor; the message's id. Raises ContentInvalid, and NoSuchUser also where one keeps the other away."""
    rules.check_content(content)
    sender_id = ctx.actor.user_id
    assert sender_id is not None
    receiver = await user_by_id(ctx.db.user, receiver_id)
    # Whoever was blocked is not told so: for them the other is not there.
    if receiver is None or await is_blocked(ctx.db.user, sender_id, receiver_id):
        raise NoSuchUser
    message_id = new_id()
    async with ctx.db.main.transaction() as tx:
        await tx.execute_many(
            """
            INSERT INTO comms.user_message (user_id, id, sender_id, receiver_id, content, sent_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            [
                (user_id, message_id, sender_id, receiver_id, content, ctx.now)
                for user_id in sorted({sender_id, receiver_id})
            ],
        )
    return message_id
