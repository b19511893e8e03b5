"""Asking whoever answers at a number, and writing down that they agreed."""

import secrets
from datetime import timedelta
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.events import emit
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import Account
from octavo.products.comms.caller_id import queries, rules
from octavo.products.comms.caller_id.callbacks import tell_of
from octavo.products.comms.caller_id.events import CallerIdVerified
from octavo.products.comms.caller_id.rows import CallerId, NewValidation, ValidationRequest
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.message.actions import queue_own
from octavo.products.comms.monitor.actions import note_event
from octavo.products.comms.number.queries import owned_number, text_number
from octavo.products.comms.number.rules import check_name, national_format
from octavo.products.comms.optout.queries import is_opted_out
from octavo.products.comms.sids import sid


async def request_validation(ctx: Context, account: Account, new: NewValidation) -> ValidationRequest:
    """Calls the number, and whoever answers is to enter the code, which the account is shown at once; or sends the
    code there, for the account to enter. A simulated handset receives the spoken words as text. Raises CommsRefusal.
    """
    number = rules.check_request(new)
    code = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}d}"
    by_text = new.channel == "sms"
    name = account.friendly_name
    words = rules.words_of_text(name, code) if by_text else rules.words_of_call(name)
    async with ctx.db.main.transaction() as tx:
        await _check_wanted(tx, account, number)
        # What is texted is a message, and is kept as messages are.
        made = await _insert(ctx, tx, account, number, new, code, "" if by_text else words)
        if by_text:
            await _send(ctx, tx, account, number, words)
    return made


async def confirm(ctx: Context, account: Account, request_id: UUID, digits: str) -> CallerId:
    """The answerer entered `digits`. Raises CommsRefusal 20404, or 20001 for another code: the third ends the call."""
    async with ctx.db.main.transaction() as tx:
        waiting = await _waiting(ctx, tx, account, request_id)
        if secrets.compare_digest(waiting.code.encode(), digits.strip().encode()):
            return await _verified(ctx, tx, waiting)
        await _tried(ctx, tx, waiting)
    raise CommsRefusal(20001, "That is not the code.")


async def give_up(ctx: Context, most: int = 500) -> int:
    """Requests that nobody answered in time have failed; returns how many. For a schedule."""
    async with ctx.db.main.transaction() as tx:
        late = await tx.fetch(
            ValidationRequest,
            # fanout: the few requests that expired since the last time, of any account.
            f"""
            UPDATE comms.validation_request r SET status = 'failed' /* fanout */
            FROM (SELECT account_id, id FROM comms.validation_request
                  WHERE status = 'pending' AND expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED) late
            WHERE r.account_id = late.account_id AND r.id = late.id
            RETURNING {", ".join(f"r.{name}" for name in ValidationRequest.__struct_fields__)}
            """,
            ctx.now,
            most,
        )
        for one in late:
            await tell_of(ctx, tx, one)
    return len(late)


async def rename_caller_id(ctx: Context, account: Account, caller_id: UUID, name: str) -> CallerId:
    """Raises CommsRefusal 20404 or 20002."""
    async with ctx.db.main.transaction() as tx:
        renamed = await tx.one(
            CallerId,
            f"""
            UPDATE comms.caller_id SET friendly_name = coalesce(nullif($3, ''), friendly_name), updated_at = $4
            WHERE account_id = $1 AND id = $2 RETURNING {queries.COLUMNS}
            """,
            account.id,
            caller_id,
            check_name(name),
            ctx.now,
        )
        if renamed is None:
            raise CommsRefusal(20404)
        told = {"friendly_name": {"updated": renamed.friendly_name}}
        await note_event(ctx, tx, account.id, "outgoing-caller-id.updated", resource_sid=renamed.sid, data=told)
    return renamed


async def delete_caller_id(ctx: Context, account: Account, caller_id: UUID) -> None:
    """Raises CommsRefusal 20404."""
    async with ctx.db.main.transaction() as tx:
        if not await tx.execute("DELETE FROM comms.caller_id WHERE account_id = $1 AND id = $2", account.id, caller_id):
            raise CommsRefusal(20404)
        await note_event(ctx, tx, account.id, "outgoing-caller-id.deleted", resource_sid=sid("PN", caller_id))


async def _check_wanted(tx: Transaction, account: Account, number: str) -> None:
    if await owned_number(tx, account.id, number) is not None:
        raise CommsRefusal(21449, f"{number} is the account's own already.")
    if await queries.may_call_from(tx, account.id, number):
        raise CommsRefusal(21450, f"{number} is already verified for this account.")


async def _insert(
    ctx: Context, tx: Transaction, account: Account, number: str, new: NewValidation, code: str, words: str
) -> ValidationRequest:
    due = ctx.now + timedelta(seconds=new.call_delay)
    made = await tx.one(
        ValidationRequest,
        f"""
        INSERT INTO comms.validation_request (account_id, id, number, channel, friendly_name, code, extension,
            words, status_callback, status_callback_method, due_at, expires_at, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        RETURNING {queries.REQUEST_COLUMNS}
        """,
        account.id,
        new_id(),
        number,
        new.channel,
        new.friendly_name or national_format(number),
        code,
        new.extension,
        words,
        new.status_callback,
        new.status_callback_method,
        due,
        due + rules.VALID_FOR,
        ctx.now,
    )
    assert made is not None
    return made


async def _send(ctx: Context, tx: Transaction, account: Account, number: str, words: str) -> None:
    """Raises CommsRefusal 21606 where the account has nothing to send from, or 21610."""
    sender = await text_number(tx, account.id)
    if sender is None:
        raise CommsRefusal(21606, "The account has no number that carries texts: get one first, or call.")
    if await is_opted_out(tx, account.id, sender, None, number):
        raise CommsRefusal(21610)
    await queue_own(ctx, tx, account.id, sender=sender, recipient=number, body=words)


async def _waiting(ctx: Context, tx: Transaction, account: Account, request_id: UUID) -> ValidationRequest:
    waiting = await tx.one(
        ValidationRequest,
        f"""
        SELECT {queries.REQUEST_COLUMNS} FROM comms.validation_request
        WHERE account_id = $1 AND id = $2 AND status = 'pending' AND due_at <= $3 AND expires_at > $3 FOR UPDATE
        """,
        account.id,
        request_id,
        ctx.now,
    )
    if waiting is None:
        raise CommsRefusal(20404, "There is no call to answer: it is over, or has not begun.")
    return waiting


async def _verified(ctx: Context, tx: Transaction, waiting: ValidationRequest) -> CallerId:
    verified = await tx.one(
        CallerId,
        f"""
        INSERT INTO comms.caller_id (account_id, id, number, friendly_name, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $5)
        ON CONFLICT (account_id, number) DO UPDATE SET updated_at = excluded.updated_at RETURNING {queries.COLUMNS}
        """,
        waiting.account_id,
        new_id(),
        waiting.number,
        waiting.friendly_name,
        ctx.now,
    )
    assert verified is not None
    await _end(ctx, tx, waiting, "success", verified.id)
    event = CallerIdVerified(account_id=verified.account_id, caller_id=verified.id, number=verified.number)
    await emit(tx, event, shard=verified.account_id)
    await note_event(ctx, tx, verified.account_id, "outgoing-caller-id.created", resource_sid=verified.sid)
    return verified


async def _tried(ctx: Context, tx: Transaction, waiting: ValidationRequest) -> None:
    if waiting.attempts + 1 >= rules.MOST_ATTEMPTS:
        await _end(ctx, tx, waiting, "failed", None)
        return
    await tx.execute(
        "UPDATE comms.validation_request SET attempts = attempts + 1 WHERE account_id = $1 AND id = $2",
        waiting.account_id,
        waiting.id,
    )


async def _end(ctx: Context, tx: Transaction, waiting: ValidationRequest, status: str, caller_id: UUID | None) -> None:
    ended = await tx.one(
        ValidationRequest,
        f"""
        UPDATE comms.validation_request SET status = $3, caller_id = $4, attempts = attempts + 1
        WHERE account_id = $1 AND id = $2 RETURNING {queries.REQUEST_COLUMNS}
        """,
        waiting.account_id,
        waiting.id,
        status,
        caller_id,
    )
    assert ended is not None
    await tell_of(ctx, tx, ended)
