"""Setting triggers, and firing them."""

from uuid import UUID

from octavo.kernel.callbacks import Callback, send
from octavo.kernel.context import Context
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import Account
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.monitor.actions import note_event
from octavo.products.comms.number.rules import check_urls
from octavo.products.comms.sids import sid
from octavo.products.comms.usage.queries import used
from octavo.products.comms.usage.rules import checked_category
from octavo.products.comms.usage.trigger import queries, rules
from octavo.products.comms.usage.trigger.rows import Method, NewTrigger, Time, Trigger

KIND = "comms.usage_trigger"
LONGEST_NAME = 64


async def create_trigger(ctx: Context, account: Account, new: NewTrigger) -> Trigger:
    """Raises CommsRefusal 20001 or 21402."""
    if not new.callback_url:
        raise CommsRefusal(20001, "CallbackUrl is required.")
    check_urls({"callback_url": new.callback_url})
    since = rules.begins(new.recurring, ctx.now.date())
    present = await used(ctx.db.main, account.id, checked_category(new.category), since)
    async with ctx.db.main.transaction() as tx:
        made = await tx.one(
            Trigger,
            f"""
            INSERT INTO comms.usage_trigger (account_id, id, friendly_name, category, trigger_by, threshold, recurring,
                callback_url, callback_method, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) RETURNING {queries.COLUMNS}
            """,
            account.id,
            new_id(),
            new.friendly_name[:LONGEST_NAME],
            new.category,
            new.trigger_by,
            rules.threshold(new.value, new.trigger_by, rules.value_of(present, new.trigger_by)),
            new.recurring,
            new.callback_url,
            new.callback_method,
            ctx.now,
        )
        assert made is not None
        await note_event(ctx, tx, account.id, "usage-trigger.created", resource_sid=made.sid)
    return made


async def change_trigger(
    ctx: Context,
    account: Account,
    trigger_id: UUID,
    *,
    friendly_name: str | None,
    callback_url: str | None,
    callback_method: Method | None,
) -> Trigger:
    """Raises CommsRefusal 20404 or 21402."""
    check_urls({"callback_url": callback_url or ""})
    async with ctx.db.main.transaction() as tx:
        changed = await tx.one(
            Trigger,
            f"""
            UPDATE comms.usage_trigger SET friendly_name = coalesce($3, friendly_name),
                callback_url = coalesce($4, callback_url), callback_method = coalesce($5, callback_method),
                updated_at = $6
            WHERE account_id = $1 AND id = $2 RETURNING {queries.COLUMNS}
            """,
            account.id,
            trigger_id,
            friendly_name and friendly_name[:LONGEST_NAME],
            callback_url or None,
            callback_method,
            ctx.now,
        )
        if changed is None:
            raise CommsRefusal(20404)
        await note_event(ctx, tx, account.id, "usage-trigger.updated", resource_sid=changed.sid)
    return changed


async def delete_trigger(ctx: Context, account: Account, trigger_id: UUID) -> None:
    """Raises CommsRefusal 20404."""
    async with ctx.db.main.transaction() as tx:
        if not await tx.execute(
            "DELETE FROM comms.usage_trigger WHERE account_id = $1 AND id = $2", account.id, trigger_id
        ):
            raise CommsRefusal(20404)
        await note_event(ctx, tx, account.id, "usage-trigger.deleted", resource_sid=sid("UT", trigger_id))


async def fire_triggers(ctx: Context, some: int = 500) -> int:
    """Tells of everything that has reached its threshold; returns how many fired. For a schedule."""
    fired, after = 0, UUID(int=0)
    while found := await queries.triggers_after(ctx.db.main, after, some):
        for one in found:
            fired += await _fire_if_due(ctx, one)
        after = found[-1].id
    return fired


async def _fire_if_due(ctx: Context, trigger: Trigger) -> bool:
    """Once in each of its times, even where two look at it at once."""
    fired = False
    for time in rules.times(trigger, ctx.now):
        present = await used(ctx.db.main, trigger.account_id, trigger.category, time.start, time.end)
        value = rules.value_of(present, trigger.trigger_by)
        fired |= value >= trigger.threshold and await _fire(ctx, trigger, time, value)
    return fired


async def _fire(ctx: Context, trigger: Trigger, time: Time, value: int) -> bool:
    async with ctx.db.main.transaction() as tx:
        marked = await tx.execute(
            """
            UPDATE comms.usage_trigger SET fired_at = $3, fired_for = $4, updated_at = $3
            WHERE account_id = $1 AND id = $2 AND (fired_for IS NULL OR fired_for < $4)
            """,
            trigger.account_id,
            trigger.id,
            ctx.now,
            time.start,
        )
        if marked:
            await send(tx, _callback(ctx, trigger, time, value))
    return bool(marked)


def _callback(ctx: Context, trigger: Trigger, time: Time, value: int) -> Callback:
    account_sid = sid("AC", trigger.account_id)
    said = {
        "AccountSid": account_sid,
        "UsageTriggerSid": trigger.sid,
        "Recurring": "" if trigger.recurring == "alltime" else trigger.recurring,
        "DateFired": f"{ctx.now:%a, %d %b %Y %H:%M:%S} +0000",
        "CurrentValue": rules.written(value, trigger.trigger_by),
        "TriggerValue": rules.written(trigger.threshold, trigger.trigger_by),
        "TriggerBy": trigger.trigger_by,
        "UsageCategory": trigger.category,
        "UsageRecordUri": f"/2010-04-01/Accounts/{account_sid}/Usage/Records.json?Category={trigger.category}",
        # The same for one firing however often it is delivered, so that whoever acts on it acts once.
        "IdempotencyToken": f"{trigger.sid}-{time.start:%Y%m%d}",
    }
    return Callback(
        owner_id=trigger.account_id,
        thread=trigger.id,
        kind=KIND,
        subject=trigger.sid,
        url=trigger.callback_url,
        method=trigger.callback_method,
        form=list(said.items()),
    )
