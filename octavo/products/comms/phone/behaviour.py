"""How a virtual phone behaves, as a form."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from octavo.kernel.context import Context
from octavo.kernel.http import Redirect, Router, View, signed_in
from octavo.kernel.refusals import Invalid
from octavo.products.comms.carrier.simulated import actions
from octavo.products.comms.carrier.simulated import queries as simulated
from octavo.products.comms.carrier.simulated.rows import Handset
from octavo.products.comms.codes import text_of
from octavo.products.comms.phone import queries, rules

pages = Router("/comms/phone/{number}/behaviour", product="comms")
FAILURES = (30003, 30004, 30005, 30006, 30007, 30008)
LONGEST_DELAY = 86_400


class BehaviourQuery(Struct, frozen=True):
    account: str = ""


class BehaviourForm(Struct, frozen=True):
    account: str
    name: Annotated[str, Meta(max_length=64)] = ""
    delay_min: Annotated[float, Meta(ge=0, le=LONGEST_DELAY)] | None = None
    delay_max: Annotated[float, Meta(ge=0, le=LONGEST_DELAY)] | None = None
    loss: Annotated[int, Meta(ge=0, le=100)] = 0
    error_code: Annotated[int, Meta(ge=10_000, le=99_999)] | None = None
    opt_out_after: Annotated[int, Meta(ge=1, le=10_000)] | None = None
    opt_in_after: Annotated[float, Meta(ge=0, le=LONGEST_DELAY)] | None = None
    replies: Annotated[str, Meta(max_length=20_000)] = ""


@pages.get("", access=signed_in, summary="How a virtual phone behaves")
async def behaviour_page(ctx: Context, number: str, query: BehaviourQuery) -> View:
    return await _view(ctx, number, query.account, {}, {})


async def _again(ctx: Context, number: str, errors: Mapping[str, str], values: Mapping[str, str]) -> View:
    return await _view(ctx, number, values.get("account", ""), errors, values)


@pages.post("", access=signed_in, summary="Tell a virtual phone how to behave", on_invalid=_again)
async def change_behaviour(ctx: Context, number: str, form: BehaviourForm) -> Redirect:
    account = await queries.account_of_phones(ctx, form.account)
    found = await queries.phone_number(ctx, account, number)
    before = await simulated.handset(ctx.db.main, account.id, found)
    await actions.keep_handset(ctx, _handset(before, form))
    return Redirect(f"/comms/phone/{found}?account={account.sid}")


def _handset(before: Handset, form: BehaviourForm) -> Handset:
    """One delay alone is both the shortest and the longest. Raises Invalid."""
    low = form.delay_min if form.delay_min is not None else form.delay_max
    high = form.delay_max if form.delay_max is not None else form.delay_min
    if low is not None and high is not None and low > high:
        raise Invalid(fields={"delay_max": "The longest delay is at least the shortest."})
    return Handset(
        account_id=before.account_id,
        number=before.number,
        name=form.name.strip(),
        online=before.online,
        delay_min=low,
        delay_max=high,
        loss=form.loss / 100,
        error_code=form.error_code,
        opt_out_after=form.opt_out_after,
        opt_in_after=form.opt_in_after,
        replies=rules.read_replies(form.replies),
    )


async def _view(ctx: Context, number: str, sid: str, errors: Mapping[str, str], values: Mapping[str, str]) -> View:
    account = await queries.account_of_phones(ctx, sid)
    handset = await simulated.handset(ctx.db.main, account.id, await queries.phone_number(ctx, account, number))
    return View(
        "comms/phone/behaviour.html",
        {
            "account": account,
            "handset": handset,
            "failures": [(code, f"{code}: {text_of(code)}") for code in FAILURES],
            "usual_delay": ctx.settings.comms.simulated_delay,
            "errors": errors,
            "values": values or _values(handset),
        },
    )


def _values(handset: Handset) -> dict[str, object]:
    return {
        "name": handset.name,
        "delay_min": handset.delay_min,
        "delay_max": handset.delay_max,
        "loss": round(handset.loss * 100),
        "error_code": handset.error_code or "",
        "opt_out_after": handset.opt_out_after,
        "opt_in_after": handset.opt_in_after,
        "replies": rules.written_replies(handset.replies),
    }
