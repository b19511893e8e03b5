"""Taking codes out of the texts that brought them, once they are of no use any more."""

from uuid import UUID

from msgspec import Struct

from octavo.kernel.context import Context
from octavo.products.comms.account.queries import find_account
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.message.actions import redact_message
from octavo.products.comms.verify.verification.rules import VALID_FOR


class _Texted(Struct, frozen=True):
    account_id: UUID
    id: UUID
    message_id: UUID


async def redact_codes(ctx: Context, most: int = 200) -> int:
    """Returns how many texts were looked at. One that is still under way is left to its carrier. For a schedule."""
    old = await ctx.db.main.fetch(
        _Texted,
        # fanout: the attempts of the last minutes, of any account.
        """
        SELECT account_id, id, message_id FROM comms.verification_attempt /* fanout */
        WHERE message_id IS NOT NULL AND NOT redacted AND created_at <= $1 LIMIT $2
        """,
        ctx.now - VALID_FOR,
        most,
    )
    for one in old:
        if not await _redact(ctx, one):
            continue
        await ctx.db.main.execute(
            "UPDATE comms.verification_attempt SET redacted = true WHERE account_id = $1 AND id = $2",
            one.account_id,
            one.id,
        )
    return len(old)


async def _redact(ctx: Context, one: _Texted) -> bool:
    """Whether the text is gone. One that is still under way is looked at again."""
    account = await find_account(ctx.db.main, one.account_id)
    try:
        if account is not None:
            await redact_message(ctx, account, one.message_id)
    except CommsRefusal as refusal:
        return refusal.number == 20404
    return True
