"""Starting verifications, and ending them."""

import secrets
from datetime import datetime
from typing import Literal
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Queryable, Transaction, execute_in_batches
from octavo.kernel.ids import new_id
from octavo.kernel.secrets import seal, unseal
from octavo.products.comms.account.rows import Account, AccountId
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.guard.actions import note_refusals
from octavo.products.comms.lookup.queries import line
from octavo.products.comms.usage.actions import count_services
from octavo.products.comms.verify.rate_limit.actions import count_starts
from octavo.products.comms.verify.service.queries import service as service_of
from octavo.products.comms.verify.service.rows import VerifyService
from octavo.products.comms.verify.verification import queries, rules
from octavo.products.comms.verify.verification.delivery import HeldBack, send_code
from octavo.products.comms.verify.verification.rows import Channel, NewVerification, Verification

CODE = "comms.verification_code"  # what a sealed code is bound to, with the verification's id


async def start_verification(ctx: Context, account: Account, service_id: UUID, new: NewVerification) -> Verification:
    """Sends a code. While one is pending for the recipient it is sent again, and stays the same.

    Raises CommsRefusal: 20404, 60200, 60202, 60203, 60204, 60205, 60223, 60228, 60410, 20429.
    """
    service = await service_of(ctx.db.main, account.id, service_id)
    channel = rules.checked_channel(new.channel)
    recipient = rules.checked_recipient(new.to, by_mail=channel == "email")
    rules.check_new(service, new)
    found = await _looked_up(ctx, service, recipient, channel)
    try:
        async with ctx.db.main.transaction() as tx:
            await count_starts(ctx, tx, service, new.rate_limits)
            verification = await _pending(ctx, tx, service, recipient)
            if verification is None:
                verification = await _insert(ctx, tx, service, new, recipient, channel, found)
            else:
                verification = await _again(ctx, tx, verification, channel)
            code = unseal(ctx.settings, verification.sealed_code, context=f"{CODE}:{verification.id}").decode()
            await send_code(ctx, tx, account, service, verification, new, rules.words(service, new, channel, code))
    except HeldBack as held:
        # With the verification the guard's own note of it was taken back.
        await note_refusals(ctx.db.main, account.id, [(held.wanted, held.why)], ctx.now)
        raise
    return verification


async def end_verification(
    ctx: Context, account: Account, service_id: UUID, verification_id: UUID, status: Literal["approved", "canceled"]
) -> Verification:
    """For accounts that check codes themselves, or start anew. Raises CommsRefusal 20404."""
    async with ctx.db.main.transaction() as tx:
        found = await queries.open_verification(tx, account.id, service_id, verification_id, ctx.now, hold=True)
        return await close(ctx, tx, found, status)


async def close(ctx: Context, tx: Transaction, verification: Verification, status: str) -> Verification:
    """The verification with its new state; nobody hears its calls any more."""
    closed = await tx.one(
        Verification,
        f"""
        UPDATE comms.verification SET status = $3, updated_at = $4 WHERE account_id = $1 AND id = $2
        RETURNING {queries.COLUMNS}
        """,
        verification.account_id,
        verification.id,
        status,
        ctx.now,
    )
    assert closed is not None
    await tx.execute(
        """
        UPDATE comms.verification_attempt SET sealed_words = NULL, converted = $3, expired = $4, updated_at = $5
        WHERE account_id = $1 AND verification_id = $2
        """,
        verification.account_id,
        verification.id,
        status == "approved",
        status == "expired",
        ctx.now,
    )
    if status == "approved":
        await count_services(ctx, tx, closed.account_id, "authy-phone-verifications")
    return closed


async def expire_verifications(ctx: Context, most: int = 500) -> int:
    """Those whose time is over; returns how many. For a schedule."""
    async with ctx.db.main.transaction() as tx:
        late = await tx.fetch(
            Verification,
            # fanout: the few verifications that expired since the last time, of any account.
            f"""
            SELECT {queries.COLUMNS} FROM comms.verification /* fanout */
            WHERE status IN ('pending', 'max_attempts_reached') AND expires_at <= $1
            LIMIT $2 FOR UPDATE SKIP LOCKED
            """,
            ctx.now,
            most,
        )
        for one in late:
            await close(ctx, tx, one, "expired")
    return len(late)


async def forget_verifications(db: Queryable, before: datetime) -> int:
    """Those of long ago, with their attempts; how many. For a schedule."""
    return await execute_in_batches(
        db,
        # fanout: the old verifications of all accounts.
        """
        DELETE FROM comms.verification WHERE (account_id, id) IN (
            SELECT account_id, id FROM comms.verification /* fanout */ WHERE created_at < $1 LIMIT $2
        )
        """,
        before,
    )


async def _pending(ctx: Context, tx: Transaction, service: VerifyService, recipient: str) -> Verification | None:
    """The open one of the recipient, held until the transaction ends. One that is late makes room."""
    found = await tx.one(
        Verification,
        f"""
        SELECT {queries.COLUMNS} FROM comms.verification
        WHERE account_id = $1 AND service_id = $2 AND recipient = $3 AND status IN ('pending', 'max_attempts_reached')
        FOR UPDATE
        """,
        service.account_id,
        service.id,
        recipient,
    )
    if found is not None and found.expires_at <= ctx.now:
        await close(ctx, tx, found, "expired")
        return None
    if found is not None and found.status == "max_attempts_reached":
        raise CommsRefusal(60202, "Max check attempts reached")
    return found


async def _insert(
    ctx: Context,
    tx: Transaction,
    service: VerifyService,
    new: NewVerification,
    recipient: str,
    channel: Channel,
    found: dict[str, object],
) -> Verification:
    verification_id = new_id()
    code = new.custom_code or ctx.settings.comms.verify_test_code or _random_code(service.code_length)
    made = await tx.one(
        Verification,
        f"""
        INSERT INTO comms.verification (account_id, id, service_id, recipient, channel, sealed_code, amount, payee,
            lookup, expires_at, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
        ON CONFLICT (account_id, service_id, recipient) WHERE status IN ('pending', 'max_attempts_reached') DO NOTHING
        RETURNING {queries.COLUMNS}
        """,
        service.account_id,
        verification_id,
        service.id,
        recipient,
        channel,
        seal(ctx.settings, code.encode(), context=f"{CODE}:{verification_id}"),
        new.amount,
        new.payee,
        found,
        ctx.now + rules.VALID_FOR,
        ctx.now,
    )
    if made is None:
        raise CommsRefusal(60212, "Too many concurrent requests for the same recipient.")
    return made


def _random_code(digits: int) -> str:
    return f"{secrets.randbelow(10**digits):0{digits}d}"


async def _again(ctx: Context, tx: Transaction, pending: Verification, channel: Channel) -> Verification:
    """Raises CommsRefusal 60203 past the fifth time."""
    if len(await queries.attempts_of(tx, AccountId(pending.account_id), pending.id)) >= rules.MOST_SENDS:
        raise CommsRefusal(60203, "Max send attempts reached")
    changed = await tx.one(
        Verification,
        f"""
        UPDATE comms.verification SET channel = $3, updated_at = $4 WHERE account_id = $1 AND id = $2
        RETURNING {queries.COLUMNS}
        """,
        pending.account_id,
        pending.id,
        channel,
        ctx.now,
    )
    assert changed is not None
    return changed


async def _looked_up(ctx: Context, service: VerifyService, number: str, channel: Channel) -> dict[str, object]:
    """What is known of the number, where the service asks. Raises CommsRefusal 60205 for a text to a landline."""
    if not service.lookup_enabled or channel == "email":
        return {}
    found = await line(ctx.engines, number)
    if service.skip_sms_to_landlines and channel == "sms" and found.type == "landline":
        raise CommsRefusal(60205, "SMS is not supported by landline phone number")
    return {
        "carrier": {
            "error_code": None,
            "name": found.carrier,
            "mobile_country_code": found.country_code,
            "mobile_network_code": found.network_code,
            "type": found.type,
        }
    }
