"""Checking a code that came back: in constant time, and only so often."""

from hmac import compare_digest
from uuid import UUID

from msgspec import Struct

from octavo.kernel.context import Context
from octavo.kernel.secrets import unseal
from octavo.products.comms.account.rows import Account
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.verify.service.queries import service as service_of
from octavo.products.comms.verify.verification import queries, rules
from octavo.products.comms.verify.verification.actions import CODE, close
from octavo.products.comms.verify.verification.rows import Verification


class Answer(Struct, frozen=True, kw_only=True):
    """What came back, for whom: the recipient or the verification itself is named."""

    code: str
    to: str = ""
    verification_id: UUID | None = None
    amount: str = ""
    payee: str = ""


async def check_code(ctx: Context, account: Account, service_id: UUID, answer: Answer) -> Verification:
    """The verification, approved if the code is the right one. Raises CommsRefusal 60200, 20404 or 60202."""
    await service_of(ctx.db.main, account.id, service_id)
    if not answer.code:
        raise CommsRefusal(60200, "Missing required parameter `Code`.")
    if not answer.to and answer.verification_id is None:
        raise CommsRefusal(60200, "Missing required parameter `To` or `VerificationSid`.")
    recipient = rules.checked_recipient(answer.to, by_mail="@" in answer.to) if answer.to else None
    async with ctx.db.main.transaction() as tx:
        found = await tx.one(
            Verification,
            f"""
            SELECT {queries.COLUMNS} FROM comms.verification
            WHERE account_id = $1 AND service_id = $2 AND ($3::text IS NULL OR recipient = $3)
              AND ($4::uuid IS NULL OR id = $4) AND status IN ('pending', 'max_attempts_reached') AND expires_at > $5
            FOR UPDATE
            """,
            account.id,
            service_id,
            recipient,
            answer.verification_id,
            ctx.now,
        )
        if found is None:
            raise CommsRefusal(20404)
        if found.checks >= rules.MOST_CHECKS:
            raise CommsRefusal(60202, "Max check attempts reached")
        if _is_right(ctx, found, answer):
            return await close(ctx, tx, found, "approved")
        checked = await tx.one(
            Verification,
            f"""
            UPDATE comms.verification SET checks = checks + 1, updated_at = $3,
                status = CASE WHEN checks + 1 >= $4 THEN 'max_attempts_reached' ELSE status END
            WHERE account_id = $1 AND id = $2 RETURNING {queries.COLUMNS}
            """,
            account.id,
            found.id,
            ctx.now,
            rules.MOST_CHECKS,
        )
    assert checked is not None
    return checked


def _is_right(ctx: Context, found: Verification, answer: Answer) -> bool:
    """Under PSD2 the payment belongs to the code: for another one it is wrong."""
    code = unseal(ctx.settings, found.sealed_code, context=f"{CODE}:{found.id}")
    is_same = compare_digest(code, answer.code.strip().encode())
    return is_same and (found.amount, found.payee) == (answer.amount, answer.payee)
