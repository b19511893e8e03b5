"""Taking codes out of the texts that brought them, once they are of no use any more."""

from datetime import datetime
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
    created_at: datetime


async def redact_codes(ctx: Context, page: int = 200) -> int:
    """Returns how many texts are gone. One that is still under way is left to its carrier. For a schedule."""
    gone, old = 0, await _old(ctx, page)
    while old:
        for one in old:
            if await _redact(ctx, one):
                await _note(ctx, one)
                gone += 1
        old = await _old(ctx, page, after=old[-1])
    return gone


async def _old(ctx: Context, most: int, after: _Texted | None = None) -> list[_Texted]:
    return await ctx.db.main.fetch(
        _Texted,
        # fanout: the attempts of the last minutes, of any account.
        """
        SELECT account_id, id, message_id, created_at FROM comms.verification_attempt /* fanout */
        WHERE message_id IS NOT NULL AND NOT redacted AND created_at <= $1
          AND ($2::timestamptz IS NULL OR (created_at, id) > ($2, $3::uuid))
        ORDER BY created_at, id LIMIT $4
        """,
        ctx.now - VALID_FOR,
        after and after.created_at,
        after and after.id,
        most,
    )


async def _note(ctx: Context, one: _Texted) -> None:
    await ctx.db.main.execute(
        "UPDATE comms.verification_attempt SET redacted = true WHERE account_id = $1 AND id = $2",
        one.account_id,
        one.id,
    )


async def _redact(ctx: Context, one: _Texted) -> bool:
    """Whether the text is gone. One that is still under way is looked at again."""
    account = await find_account(ctx.db.main, one.account_id)
    try:
        if account is not None:
            await redact_message(ctx, account, one.message_id)
    except CommsRefusal as refusal:
        return refusal.number == 20404
    return True
