"""The guard: where messages may go, when and how many, what is held back, and what was refused lately."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode

from octavo.kernel.context import Context
from octavo.kernel.http import Redirect, Router, View, signed_in
from octavo.products.comms.account.rows import Account
from octavo.products.comms.console.guard.forms import GuardQuery, LiftForm, PolicyForm, values_of
from octavo.products.comms.console.queries import my_account, my_accounts
from octavo.products.comms.console.usage.charts import Chart, chart
from octavo.products.comms.guard import actions, queries
from octavo.products.comms.guard.rows import Policy, Refused, Sum
from octavo.products.comms.number.inventory import country_name
from octavo.products.comms.pricing.queries import price_list

pages = Router("/comms/guard", product="comms")
DAYS, LATELY, MOST_REFUSED = 30, timedelta(days=7), 50


@pages.get("", access=signed_in, summary="The guard")
async def guard_page(ctx: Context, query: GuardQuery) -> View:
    account = await my_account(ctx, query.account)
    return await _view(ctx, account, saved=query.saved, lifted=query.lifted)


async def _again(ctx: Context, errors: Mapping[str, str], values: Mapping[str, str]) -> View:
    return await _view(ctx, await my_account(ctx, values.get("account", "")), errors=errors, values=values)


@pages.post("", access=signed_in, summary="Tell the guard what may go out", on_invalid=_again)
async def keep(ctx: Context, form: PolicyForm) -> Redirect:
    account = await my_account(ctx, form.account)
    await actions.keep_policy(ctx, form.policy(account.id))
    return Redirect(f"/comms/guard?{urlencode({'account': account.sid, 'saved': 'on'})}")


@pages.post("/lift", access=signed_in, summary="Let messages go again to what was held back")
async def lift(ctx: Context, form: LiftForm) -> Redirect:
    account = await my_account(ctx, form.account)
    lifted = await actions.lift_block(ctx, account.id, form.beginning)
    return Redirect(f"/comms/guard?{urlencode({'account': account.sid, 'lifted': form.beginning if lifted else ''})}")


async def _view(
    ctx: Context,
    account: Account,
    *,
    saved: bool = False,
    lifted: str = "",
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, object] | None = None,
) -> View:
    db = ctx.db.main
    policy = await queries.policy_of(db, account)
    blocks = [one for one in await queries.blocks(db, account.id) if one.until > ctx.now]
    drawn, refused = await _refused(ctx, account)
    return View(
        "comms/console/guard/guard.html",
        {
            "account": account,
            "accounts": [(one.sid, one.friendly_name) for one in await my_accounts(ctx)],
            "inherits": account.parent_id is not None and policy.account_id == account.parent_id,
            "today": await _today(ctx, account, policy),
            "blocks": blocks,
            "refused": refused,
            "refused_chart": drawn,
            "country_name": country_name,
            "currency": price_list(ctx.settings).currency,
            "saved": saved,
            "lifted": lifted,
            "errors": errors or {},
            "values": values or values_of(policy),
        },
    )


async def _today(ctx: Context, account: Account, policy: Policy) -> list[tuple[str, int, int]]:
    """What was accepted today beside each cap that there is: its name, the count and the cap."""
    if not policy.has_caps:
        return []
    total = await queries.sum_of_day(ctx.db.main, account.id, ctx.now.date()) or Sum()
    caps = {
        "messages": (total.messages, policy.messages_per_day),
        "segments": (total.segments, policy.segments_per_day),
        "spend": (total.spend, policy.spend_per_day),
    }
    return [(name, count, cap) for name, (count, cap) in caps.items() if cap is not None]


async def _refused(ctx: Context, account: Account) -> tuple[Chart, list[Refused]]:
    """How many on each of the last days, and the latest by hour, reason and country."""
    today = ctx.now.date()
    days = [today - timedelta(days=past) for past in reversed(range(DAYS))]
    by_day = await queries.refused_by_day(ctx.db.main, account.id, days[0])
    lately = await queries.refused_since(ctx.db.main, account.id, ctx.now - LATELY, MOST_REFUSED)
    return chart(days, [by_day.get(day, 0) for day in days]), lately
