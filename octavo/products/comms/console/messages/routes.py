"""The log of messages: what went out and came in, one of them with everything that became of it, and a way to send."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from msgspec import Meta, Struct

from octavo.kernel.callbacks import deliveries
from octavo.kernel.context import Context
from octavo.kernel.http import Limit, Redirect, Router, View, signed_in
from octavo.kernel.refusals import Invalid, NotFound
from octavo.products.comms.account.rows import Account
from octavo.products.comms.codes import CommsRefusal, more_info, text_of
from octavo.products.comms.console.queries import my_account, my_accounts
from octavo.products.comms.message import actions, queries
from octavo.products.comms.message.bodies import opened
from octavo.products.comms.message.rows import Message, NewMessage
from octavo.products.comms.message.rules import FINAL
from octavo.products.comms.number.queries import numbers
from octavo.products.comms.number.rules import parse_e164
from octavo.products.comms.paging import PageRequest
from octavo.products.comms.sids import is_sid, read_sid

pages = Router("/comms/messages", product="comms")
PAGE_LENGTH = 50
SENDERS = PageRequest(size=200)


class LogQuery(Struct, frozen=True):
    """`number` is either end of a message; `after` and `before` are the ids that a page begins behind."""

    account: str = ""
    number: str = ""
    after: UUID | None = None
    before: UUID | None = None


class OneQuery(Struct, frozen=True):
    account: str = ""


class SendForm(Struct, frozen=True):
    account: str
    from_: Annotated[str, Meta(min_length=1)]
    to: Annotated[str, Meta(min_length=1)]
    body: Annotated[str, Meta(min_length=1, max_length=1600)]


@pages.get("", access=signed_in, summary="The log of messages")
async def log_page(ctx: Context, query: LogQuery) -> View:
    account = await my_account(ctx, query.account)
    page = PageRequest(size=PAGE_LENGTH, after=query.before or query.after, backward=query.before is not None)
    number = parse_e164(query.number) or query.number
    found = await queries.messages(ctx.db.main, account.id, page, recipient=number)
    if number and not found.items:
        found = await queries.messages(ctx.db.main, account.id, page, sender=number)
    return View(
        "comms/console/messages/log.html",
        {
            "account": account,
            "accounts": [(one.sid, one.friendly_name) for one in await my_accounts(ctx)],
            "page": found,
            "messages": [await opened(ctx.engines, one) for one in found.items],
            "number": query.number,
            "moving": any(one.status not in FINAL for one in found.items),
        },
    )


@pages.get("/new", access=signed_in, summary="Write a message")
async def compose_page(ctx: Context, query: OneQuery) -> View:
    return await _compose(ctx, await my_account(ctx, query.account), {}, {})


async def _compose_again(ctx: Context, errors: Mapping[str, str], values: Mapping[str, str]) -> View:
    return await _compose(ctx, await my_account(ctx, values.get("account", "")), errors, values)


@pages.post(
    "/new",
    access=signed_in,
    summary="Send a message",
    on_invalid=_compose_again,
    limit=Limit("comms.console_messages", 600, per=3600),
)
async def send(ctx: Context, form: SendForm) -> Redirect:
    account = await my_account(ctx, form.account)
    try:
        message = await actions.create_message(ctx, account, NewMessage(to=form.to, from_=form.from_, body=form.body))
    except CommsRefusal as refusal:
        raise Invalid(refusal.detail) from refusal
    return Redirect(f"/comms/messages/{message.sid}?{urlencode({'account': account.sid})}")


@pages.get("/{sid}", access=signed_in, summary="A message and everything that became of it")
async def message_page(ctx: Context, sid: str, query: OneQuery) -> View:
    account = await my_account(ctx, query.account)
    message = await _message(ctx, account, sid)
    return View(
        "comms/console/messages/message.html",
        {
            "account": account,
            "message": await opened(ctx.engines, message),
            "history": list(zip(message.states, message.state_times, strict=True)),
            "told": await deliveries(ctx.db.main, account.id, subject=message.sid),
            "moving": message.status not in FINAL,
            "text_of": text_of,
            "more_info": more_info,
        },
    )


async def _compose(ctx: Context, account: Account, errors: Mapping[str, str], values: Mapping[str, str]) -> View:
    own = await numbers(ctx.db.main, account.id, SENDERS)
    return View(
        "comms/console/messages/compose.html",
        {
            "account": account,
            "senders": [(one.number, one.friendly_name) for one in own.items if one.sms],
            "errors": errors,
            "values": values,
        },
    )


async def _message(ctx: Context, account: Account, sid: str) -> Message:
    if not is_sid(sid, "SM", "MM"):
        raise NotFound("There is no such message.")
    try:
        return await queries.message(ctx.db.main, account.id, read_sid(sid, "SM", "MM"))
    except CommsRefusal as refusal:
        raise NotFound("There is no such message in this account.") from refusal
