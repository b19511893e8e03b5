"""The inspector: every request that Octavo made to the account's servers, what came back, and once more."""

from typing import Literal
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from msgspec import Struct

from octavo.kernel.callbacks import attempts, deliveries, delivery, opened_listed, replay
from octavo.kernel.context import Context
from octavo.kernel.http import Limit, Redirect, Router, View, signed_in
from octavo.products.comms.console.queries import my_account, my_accounts

pages = Router("/comms/webhooks", product="comms")
PAGE_LENGTH = 50


class InspectorQuery(Struct, frozen=True):
    account: str = ""
    state: Literal["", "waiting", "delivered", "failed"] = ""
    before: UUID | None = None


class OneQuery(Struct, frozen=True):
    account: str = ""


class ReplayForm(Struct, frozen=True):
    account: str


@pages.get("", access=signed_in, summary="Requests to your servers")
async def inspector_page(ctx: Context, query: InspectorQuery) -> View:
    account = await my_account(ctx, query.account)
    found = await deliveries(ctx.db.main, account.id, before=query.before, state=query.state, most=PAGE_LENGTH + 1)
    shown = found[:PAGE_LENGTH]
    return View(
        "comms/console/webhooks/inspector.html",
        {
            "account": account,
            "accounts": [(one.sid, one.friendly_name) for one in await my_accounts(ctx)],
            "shown": shown,
            "state": query.state,
            "next": shown[-1].id if len(found) > PAGE_LENGTH else None,
        },
    )


@pages.get("/{delivery_id}", access=signed_in, summary="A request and what came back")
async def delivery_page(ctx: Context, delivery_id: UUID, query: OneQuery) -> View:
    account = await my_account(ctx, query.account)
    one = opened_listed(ctx.settings, await delivery(ctx.db.main, account.id, delivery_id))
    return View(
        "comms/console/webhooks/delivery.html",
        {
            "account": account,
            "one": one,
            "fields": parse_qsl(one.fields, keep_blank_values=True),
            "wrong": await attempts(ctx.db.main, account.id, delivery_id),
        },
    )


@pages.post(
    "/{delivery_id}/replay",
    access=signed_in,
    summary="Send a request once more",
    limit=Limit("comms.replays", 300, per=3600),
)
async def replay_delivery(ctx: Context, delivery_id: UUID, form: ReplayForm) -> Redirect:
    account = await my_account(ctx, form.account)
    again = await replay(ctx, account.id, delivery_id)
    return Redirect(f"/comms/webhooks/{again}?{urlencode({'account': account.sid})}")
