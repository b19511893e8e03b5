"""Asking for a code of a factor, and taking the answer."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.ids import new_id
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.usage.actions import count_services
from octavo.products.comms.verify.challenge import queries
from octavo.products.comms.verify.challenge.rows import Challenge, NewChallenge
from octavo.products.comms.verify.factor.actions import take_code
from octavo.products.comms.verify.factor.queries import factor as factor_of
from octavo.products.comms.verify.factor.rows import Entity
from octavo.products.comms.verify.webhook.actions import tell_of_challenge

VALID_FOR, LONGEST = timedelta(minutes=5), timedelta(minutes=60)


async def create_challenge(ctx: Context, entity: Entity, new: NewChallenge) -> Challenge:
    """A challenge, approved at once if the right code came with it. Raises CommsRefusal 20404, 60200, 60318, 60306."""
    expires_at = new.expires_at or ctx.now + VALID_FOR
    if not timedelta() < expires_at - ctx.now <= LONGEST:
        raise CommsRefusal(60200, "Invalid parameter `ExpirationDate`: within the next 60 minutes.")
    async with ctx.db.main.transaction() as tx:
        factor = await factor_of(tx, entity, new.factor_id)
        if factor.status != "verified":
            raise CommsRefusal(60318)
        made = await tx.one(
            Challenge,
            f"""
            INSERT INTO comms.verify_challenge (account_id, id, service_id, entity_id, factor_id, identity, details,
                hidden_details, expires_at, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) RETURNING {queries.COLUMNS}
            """,
            entity.account_id,
            new_id(),
            entity.service_id,
            entity.id,
            factor.id,
            entity.identity,
            new.details,
            new.hidden_details,
            expires_at,
            ctx.now,
        )
        assert made is not None
        return await _answered(ctx, tx, entity, made, new.code, None) if new.code else made


async def answer_challenge(
    ctx: Context, entity: Entity, challenge_id: UUID, code: str, metadata: dict[str, Any] | None
) -> Challenge:
    """The challenge, approved if the code is the right one. Raises CommsRefusal 20404, 60200, 60308, 60309, 60306."""
    if not code:
        raise CommsRefusal(60200, "Missing required parameter `AuthPayload`.")
    async with ctx.db.main.transaction() as tx:
        found = await queries.challenge(tx, entity, challenge_id, ctx.now, hold=True)
        if found.status == "expired":
            raise CommsRefusal(60309)
        if found.status != "pending":
            raise CommsRefusal(60308)
        return await _answered(ctx, tx, entity, found, code, metadata)


async def _answered(
    ctx: Context, tx: Transaction, entity: Entity, found: Challenge, code: str, metadata: dict[str, Any] | None
) -> Challenge:
    """After a wrong code it waits for another; each code approves one challenge."""
    factor = await factor_of(tx, entity, found.factor_id, hold=True)
    if not await take_code(ctx, tx, factor, code, once=True):
        return found
    approved = await tx.one(
        Challenge,
        f"""
        UPDATE comms.verify_challenge SET status = 'approved', responded_at = $3, updated_at = $3,
            metadata = coalesce($4, metadata)
        WHERE account_id = $1 AND id = $2 RETURNING {queries.COLUMNS}
        """,
        found.account_id,
        found.id,
        ctx.now,
        metadata,
    )
    assert approved is not None
    await count_services(ctx, tx, found.account_id, "verify-totp")
    await tell_of_challenge(ctx, tx, approved, "challenge.approved")
    return approved
