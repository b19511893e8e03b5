"""Making webhooks and changing them, and telling them of factors and challenges."""

from uuid import UUID

from octavo.kernel.callbacks import Callback, send_many
from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import Account, AccountId
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number.rules import check_urls
from octavo.products.comms.sids import sid
from octavo.products.comms.verify.challenge.rows import Challenge
from octavo.products.comms.verify.factor.rows import Factor
from octavo.products.comms.verify.service.queries import service as service_of
from octavo.products.comms.verify.webhook import queries
from octavo.products.comms.verify.webhook.rows import EVENTS, Webhook, WebhookChanges

KIND = "comms.verify_webhook"


async def create_webhook(ctx: Context, account: Account, service_id: UUID, new: WebhookChanges) -> Webhook:
    """Raises CommsRefusal 20404, 60200 or 21402."""
    if not new.friendly_name or not new.event_types or not new.webhook_url:
        raise CommsRefusal(60200, "Missing one of the parameters `FriendlyName`, `EventTypes` and `WebhookUrl`.")
    _check(new)
    await service_of(ctx.db.main, account.id, service_id)
    made = await ctx.db.main.one(
        Webhook,
        f"""
        INSERT INTO comms.verify_webhook (account_id, id, service_id, friendly_name, event_types, webhook_url, status,
            version, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) RETURNING {queries.COLUMNS}
        """,
        account.id,
        new_id(),
        service_id,
        new.friendly_name,
        new.event_types,
        new.webhook_url,
        new.status or "enabled",
        new.version or "v2",
        ctx.now,
    )
    assert made is not None
    return made


async def change_webhook(
    ctx: Context, account: Account, service_id: UUID, webhook_id: UUID, changes: WebhookChanges
) -> Webhook:
    """Raises CommsRefusal 20404, 60200 or 21402."""
    _check(changes)
    changed = await ctx.db.main.one(
        Webhook,
        f"""
        UPDATE comms.verify_webhook SET friendly_name = coalesce($4, friendly_name),
            event_types = coalesce($5, event_types), webhook_url = coalesce($6, webhook_url),
            status = coalesce($7, status), version = coalesce($8, version), updated_at = $9
        WHERE account_id = $1 AND service_id = $2 AND id = $3 RETURNING {queries.COLUMNS}
        """,
        account.id,
        service_id,
        webhook_id,
        changes.friendly_name or None,
        changes.event_types or None,
        changes.webhook_url or None,
        changes.status,
        changes.version,
        ctx.now,
    )
    if changed is None:
        raise CommsRefusal(20404)
    return changed


async def delete_webhook(ctx: Context, account: Account, service_id: UUID, webhook_id: UUID) -> None:
    """Raises CommsRefusal 20404."""
    if not await ctx.db.main.execute(
        "DELETE FROM comms.verify_webhook WHERE account_id = $1 AND service_id = $2 AND id = $3",
        account.id,
        service_id,
        webhook_id,
    ):
        raise CommsRefusal(20404)


async def tell_of_factor(ctx: Context, tx: Transaction, factor: Factor, event_type: str) -> None:
    form = [("FactorSid", factor.sid), ("FactorType", "totp"), ("FactorFriendlyName", factor.friendly_name)]
    await _tell(ctx, tx, factor, event_type, [*form, ("FactorStatus", factor.status)])


async def tell_of_challenge(ctx: Context, tx: Transaction, challenge: Challenge, event_type: str) -> None:
    form = [("ChallengeSid", challenge.sid), ("ChallengeStatus", challenge.status)]
    await _tell(ctx, tx, challenge, event_type, [*form, ("FactorSid", sid("YF", challenge.factor_id))])


async def _tell(
    ctx: Context, tx: Transaction, of: Factor | Challenge, event_type: str, form: list[tuple[str, str]]
) -> None:
    """Signed, in order for each person."""
    account_id = AccountId(of.account_id)
    said = [
        ("Type", event_type),
        ("AccountSid", sid("AC", account_id)),
        ("ServiceSid", sid("VA", of.service_id)),
        ("EntitySid", sid("YE", of.entity_id)),
        ("Identity", of.identity),
        *form,
    ]
    listening = await queries.webhooks_for(tx, account_id, of.service_id, event_type)
    if listening:
        callbacks = [
            Callback(
                owner_id=account_id, thread=of.entity_id, kind=KIND, subject=of.sid, url=one.webhook_url, form=said
            )
            for one in listening
        ]
        await send_many(tx, callbacks, now=ctx.now)


def _check(changes: WebhookChanges) -> None:
    """Raises CommsRefusal 60200 or 21402."""
    unknown = set(changes.event_types or []) - EVENTS
    if unknown:
        raise CommsRefusal(60200, f"Invalid parameter `EventTypes`: {min(unknown):.60}")
    check_urls({"webhook_url": changes.webhook_url or ""})
