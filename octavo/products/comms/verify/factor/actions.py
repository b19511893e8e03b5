"""Making factors, and verifying them by a code of theirs."""

from uuid import UUID

import pyotp

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.ids import new_id
from octavo.kernel.secrets import seal, unseal
from octavo.products.comms.account.rows import Account
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.verify.factor import queries, rules
from octavo.products.comms.verify.factor.rows import Entity, Factor, FactorChanges, MadeFactor, NewFactor
from octavo.products.comms.verify.service.queries import service as service_of
from octavo.products.comms.verify.service.rows import VerifyService
from octavo.products.comms.verify.webhook.actions import tell_of_factor


async def create_entity(ctx: Context, account: Account, service_id: UUID, identity: str) -> Entity:
    """The person of this name; the same one, if they are there already. Raises CommsRefusal 20404 or 60200."""
    await service_of(ctx.db.main, account.id, service_id)
    async with ctx.db.main.transaction() as tx:
        return await _entity(ctx, tx, account, service_id, identity)


async def delete_entity(ctx: Context, account: Account, service_id: UUID, identity: str) -> None:
    """With their factors and challenges. Raises CommsRefusal 20404."""
    if not await ctx.db.main.execute(
        "DELETE FROM comms.verify_entity WHERE account_id = $1 AND service_id = $2 AND identity = $3",
        account.id,
        service_id,
        identity,
    ):
        raise CommsRefusal(20404)


async def create_factor(ctx: Context, account: Account, service_id: UUID, identity: str, new: NewFactor) -> MadeFactor:
    """A factor that waits for its first code, with its secret. Raises CommsRefusal 20404, 60200 or 60305."""
    service = await service_of(ctx.db.main, account.id, service_id)
    rules.check_factor(new.friendly_name, new.code_length, new.time_step, new.skew)
    secret = rules.checked_secret(new.secret) if new.secret else pyotp.random_base32()
    async with ctx.db.main.transaction() as tx:
        entity = await _entity(ctx, tx, account, service_id, identity)
        count: int = await tx.value(
            "SELECT count(*) FROM comms.verify_factor WHERE account_id = $1 AND entity_id = $2", account.id, entity.id
        )
        if count >= rules.MOST_FACTORS:
            raise CommsRefusal(60305)
        made = await _insert(ctx, tx, service, entity, new, secret)
        await tell_of_factor(ctx, tx, made, "factor.created")
    return MadeFactor(made, secret, rules.address_of(made, secret, service.totp_issuer or service.friendly_name))


async def change_factor(ctx: Context, entity: Entity, factor_id: UUID, changes: FactorChanges) -> Factor:
    """Renames a factor, or verifies it: after a wrong code it is as unverified as before.

    Raises CommsRefusal 20404, 60200, or 60306 after too many wrong codes.
    """
    rules.check_factor(changes.friendly_name, changes.code_length, changes.time_step, changes.skew)
    async with ctx.db.main.transaction() as tx:
        found = await queries.factor(tx, entity, factor_id, hold=True)
        if changes.code:
            return await _verified(ctx, tx, found, changes.code)
        changed = await tx.one(
            Factor,
            f"""
            UPDATE comms.verify_factor SET friendly_name = coalesce($3, friendly_name), alg = coalesce($4, alg),
                code_length = coalesce($5, code_length), time_step = coalesce($6, time_step),
                skew = coalesce($7, skew), updated_at = $8
            WHERE account_id = $1 AND id = $2 RETURNING {queries.COLUMNS}
            """,
            found.account_id,
            found.id,
            changes.friendly_name,
            changes.alg,
            changes.code_length,
            changes.time_step,
            changes.skew,
            ctx.now,
        )
    assert changed is not None
    return changed


async def delete_factor(ctx: Context, entity: Entity, factor_id: UUID) -> None:
    """With its challenges. Raises CommsRefusal 20404."""
    async with ctx.db.main.transaction() as tx:
        found = await queries.factor(tx, entity, factor_id, hold=True)
        await tx.execute(
            "DELETE FROM comms.verify_factor WHERE account_id = $1 AND id = $2", found.account_id, found.id
        )
        await tell_of_factor(ctx, tx, found, "factor.deleted")


async def take_code(ctx: Context, tx: Transaction, factor: Factor, code: str, *, once: bool) -> bool:
    """Whether it is a code of the factor's now; with `once`, one that was taken before is none any more.

    Raises CommsRefusal 60306 after too many wrong ones. The factor is to be held by the transaction.
    """
    if rules.is_locked(factor, ctx.now):
        raise CommsRefusal(60306)
    secret = unseal(ctx.settings, factor.sealed_secret, context=f"{queries.SECRET}:{factor.id}").decode()
    step = rules.step_of(factor, secret, code, ctx.now)
    is_right = step is not None and (not once or step > factor.used_step)
    await tx.execute(
        """
        UPDATE comms.verify_factor SET used_step = greatest(used_step, $3),
            failures = CASE WHEN $4 THEN 0 WHEN failed_at > $6 THEN failures + 1 ELSE 1 END,
            failed_at = CASE WHEN $4 THEN NULL ELSE $5::timestamptz END
        WHERE account_id = $1 AND id = $2
        """,
        factor.account_id,
        factor.id,
        step if is_right and once else 0,
        is_right,
        ctx.now,
        ctx.now - rules.FAILURES_FOR,
    )
    return is_right


async def _verified(ctx: Context, tx: Transaction, found: Factor, code: str) -> Factor:
    if not await take_code(ctx, tx, found, code, once=False):
        return found
    verified = await tx.one(
        Factor,
        f"""
        UPDATE comms.verify_factor SET status = 'verified', updated_at = $3 WHERE account_id = $1 AND id = $2
        RETURNING {queries.COLUMNS}
        """,
        found.account_id,
        found.id,
        ctx.now,
    )
    assert verified is not None
    if found.status != "verified":
        await tell_of_factor(ctx, tx, verified, "factor.verified")
    return verified


async def _entity(ctx: Context, tx: Transaction, account: Account, service_id: UUID, identity: str) -> Entity:
    made = await tx.one(
        Entity,
        f"""
        INSERT INTO comms.verify_entity (account_id, id, service_id, identity, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $5)
        ON CONFLICT (account_id, service_id, identity) DO UPDATE SET updated_at = comms.verify_entity.updated_at
        RETURNING {queries.ENTITY_COLUMNS}
        """,
        account.id,
        new_id(),
        service_id,
        rules.checked_identity(identity),
        ctx.now,
    )
    assert made is not None
    return made


async def _insert(
    ctx: Context, tx: Transaction, service: VerifyService, entity: Entity, new: NewFactor, secret: str
) -> Factor:
    factor_id = new_id()
    made = await tx.one(
        Factor,
        f"""
        INSERT INTO comms.verify_factor (account_id, id, service_id, entity_id, identity, friendly_name,
            sealed_secret, alg, code_length, time_step, skew, metadata, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13) RETURNING {queries.COLUMNS}
        """,
        entity.account_id,
        factor_id,
        service.id,
        entity.id,
        entity.identity,
        new.friendly_name,
        seal(ctx.settings, secret.encode(), context=f"{queries.SECRET}:{factor_id}"),
        new.alg,
        service.totp_code_length if new.code_length is None else new.code_length,
        service.totp_time_step if new.time_step is None else new.time_step,
        service.totp_skew if new.skew is None else new.skew,
        new.metadata,
        ctx.now,
    )
    assert made is not None
    return made
