"""Noting what went wrong and what was changed, in the transaction in which it did."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from msgspec import Struct

from octavo.kernel.context import Context
from octavo.kernel.db import Database, Transaction, execute_in_batches, storable
from octavo.kernel.ids import new_id
from octavo.products.comms.codes import CODES
from octavo.products.comms.monitor.rows import Exchange
from octavo.products.comms.sids import sid

LONGEST = 4000
NO_EXCHANGE = Exchange()


async def raise_alert(
    tx: Transaction,
    account_id: UUID,
    number: int,
    *,
    at: datetime,
    resource_sid: str = "",
    service_sid: str = "",
    said: str = "",
    status: int | None = None,
    exchange: Exchange = NO_EXCHANGE,
) -> None:
    """An alert under one of the vendor's codes. `said` is what happened in this case, `status` what came back."""
    code = CODES[number]
    text = {"Msg": said or code.text, "ErrorCode": number, "LogLevel": code.level.upper()}
    if exchange.url:
        text["url"] = exchange.url
    if status is not None:
        text["httpResponse"] = status
    await tx.execute(
        """
        INSERT INTO comms.alert (account_id, id, number, level, text, resource_sid, service_sid, method, url,
            sealed_words, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        account_id,
        new_id(),
        number,
        code.level,
        storable(urlencode(text), longest=LONGEST),
        resource_sid,
        service_sid,
        exchange.method,
        storable(exchange.url, longest=LONGEST),
        exchange.sealed_words,
        at,
    )


async def forget_words(tx: Transaction, account_id: UUID, resource_sid: str) -> None:
    """Alerts about it keep what went wrong and where, and nothing of what was said."""
    await tx.execute(
        "UPDATE comms.alert SET sealed_words = NULL WHERE account_id = $1 AND resource_sid = $2",
        account_id,
        resource_sid,
    )


async def note_event(
    ctx: Context,
    tx: Transaction,
    account_id: UUID,
    type: str,
    *,
    resource_sid: str,
    data: Mapping[str, Any] | None = None,
) -> None:
    """`type` is the resource and what happened to it, `phone-number.created`. It was the person who is signed in, or
    else a call of the API by the account.
    """
    person = ctx.actor.user_id
    await tx.execute(
        """
        INSERT INTO comms.event (account_id, id, type, resource_type, resource_sid, actor_type, actor_sid, source,
            data, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        account_id,
        new_id(),
        type,
        type.partition(".")[0],
        resource_sid,
        "user" if person else "account",
        sid("US", person) if person else sid("AC", account_id),
        "web" if person else "api",
        dict(data or {}),
        ctx.now,
    )


def differences(before: Struct, after: Struct, *names: str) -> dict[str, dict[str, Any]]:
    """Which of these properties a change has changed, and how, as events tell it."""
    return {
        name: {"previous": getattr(before, name), "updated": getattr(after, name)}
        for name in names
        if getattr(before, name) != getattr(after, name)
    }


async def forget_alerts(db: Database, before: datetime) -> int:
    """Remove the alerts from before then; how many."""
    return await execute_in_batches(
        db,
        # fanout: the old ones of all accounts.
        """
        DELETE FROM comms.alert WHERE (account_id, id) IN (
            SELECT account_id, id FROM comms.alert /* fanout */ WHERE created_at < $1 LIMIT $2
        )
        """,
        before,
    )
