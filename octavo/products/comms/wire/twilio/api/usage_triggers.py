"""Usage triggers: being told once something was used often, or costs much."""

from octavo.products.comms.sids import sid
from octavo.products.comms.usage.queries import used
from octavo.products.comms.usage.trigger import actions, queries, rules
from octavo.products.comms.usage.trigger.rows import By, Method, NewTrigger, Recurring, Trigger
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, rfc2822

api = Api("api", "/2010-04-01/Accounts/{account_sid}/Usage/Triggers", style="2010")


class TriggerParams(Params):
    callback_url: str = ""
    callback_method: Method = "POST"
    trigger_value: str = ""
    usage_category: str = ""
    friendly_name: str = ""
    recurring: Recurring = "alltime"
    trigger_by: By = "usage"


class TriggerChanges(Params):
    callback_url: str | None = None
    callback_method: Method | None = None
    friendly_name: str | None = None


class TriggerFilter(Params):
    recurring: Recurring | None = None
    trigger_by: By | None = None
    usage_category: str = ""


def trigger_resource(call: Call, one: Trigger, value: int) -> Fields:
    root = f"/2010-04-01/Accounts/{call.account_sid}/Usage"
    return {
        "account_sid": call.account_sid,
        "api_version": "2010-04-01",
        "callback_method": one.callback_method,
        "callback_url": one.callback_url,
        "current_value": rules.written(value, one.trigger_by),
        "date_created": rfc2822(one.created_at),
        "date_fired": rfc2822(one.fired_at),
        "date_updated": rfc2822(one.updated_at),
        "friendly_name": one.friendly_name,
        "recurring": None if one.recurring == "alltime" else one.recurring,
        "sid": sid("UT", one.id),
        "trigger_by": one.trigger_by,
        "trigger_value": rules.written(one.threshold, one.trigger_by),
        "uri": f"{root}/Triggers/{one.sid}.json",
        "usage_category": one.category,
        "usage_record_uri": f"{root}/Records.json?Category={one.category}",
    }


async def _shown(call: Call, one: Trigger) -> Fields:
    return trigger_resource(call, one, await _value(call, one))


async def _value(call: Call, one: Trigger) -> int:
    since = rules.begins(one.recurring, call.ctx.now.date())
    return rules.value_of(await used(call.db, one.account_id, one.category, since), one.trigger_by)


@api.create("")
async def create_trigger(call: Call, params: TriggerParams) -> Fields:
    """Be told once so much was used."""
    new = NewTrigger(
        category=params.usage_category,
        value=params.trigger_value,
        callback_url=params.callback_url,
        callback_method=params.callback_method,
        friendly_name=params.friendly_name,
        recurring=params.recurring,
        trigger_by=params.trigger_by,
    )
    return await _shown(call, await actions.create_trigger(call.ctx, call.account, new))


@api.list("", key="usage_triggers")
async def list_triggers(call: Call, params: TriggerFilter) -> Listing:
    """The account's triggers."""
    found = await queries.triggers(
        call.db,
        call.account.id,
        call.page,
        recurring=params.recurring,
        by=params.trigger_by,
        category=params.usage_category,
    )
    values = {one.id: await _value(call, one) for one in found.items}
    return Listing(found, lambda one: trigger_resource(call, one, values[one.id]))


@api.fetch("/{trigger_sid}")
async def fetch_trigger(call: Call) -> Fields:
    """One trigger."""
    return await _shown(call, await queries.trigger(call.db, call.account.id, call.id("trigger_sid", "UT")))


@api.update("/{trigger_sid}")
async def update_trigger(call: Call, params: TriggerChanges) -> Fields:
    """Change who is told, or the trigger's name."""
    changed = await actions.change_trigger(
        call.ctx,
        call.account,
        call.id("trigger_sid", "UT"),
        friendly_name=params.friendly_name,
        callback_url=params.callback_url,
        callback_method=params.callback_method,
    )
    return await _shown(call, changed)


@api.delete("/{trigger_sid}")
async def delete_trigger(call: Call) -> None:
    """Be told no more."""
    await actions.delete_trigger(call.ctx, call.account, call.id("trigger_sid", "UT"))
