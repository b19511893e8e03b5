"""The web phone: the list of phones, one phone with its conversations, and how it behaves."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from msgspec import Meta, Struct

from octavo.kernel.context import Context
from octavo.kernel.http import EventStream, Limit, Redirect, Router, View, signed_in
from octavo.kernel.refusals import Invalid
from octavo.products.comms.account.rows import Account
from octavo.products.comms.carrier.simulated import actions
from octavo.products.comms.carrier.simulated import queries as simulated
from octavo.products.comms.console.queries import my_accounts
from octavo.products.comms.number.rules import parse_e164
from octavo.products.comms.phone import queries, rules
from octavo.products.comms.phone.live import news

pages = Router("/comms/phone", product="comms")


class PhonesQuery(Struct, frozen=True):
    """`number` opens a phone."""

    account: str = ""
    number: str = ""


class PhoneQuery(Struct, frozen=True):
    """`peer` is the number whose conversation is open; `new` begins one."""

    account: str = ""
    peer: str = ""
    new: bool = False


class SayForm(Struct, frozen=True):
    account: str
    to: Annotated[str, Meta(min_length=1, max_length=40)]
    body: Annotated[str, Meta(min_length=1, max_length=1600)]


class PowerForm(Struct, frozen=True):
    account: str
    online: bool = False


@pages.get("", access=signed_in, summary="Virtual phones")
async def phones_page(ctx: Context, query: PhonesQuery) -> View | Redirect:
    account = await queries.account_of_phones(ctx, query.account)
    error = ""
    if query.number:
        try:
            number = await queries.phone_number(ctx, account, query.number)
            return Redirect(_address(account, number))
        except rules.NoPhone as refusal:
            error = refusal.detail
    return View(
        "comms/phone/phones.html",
        {
            "account": account,
            "accounts": [(one.sid, one.friendly_name) for one in await my_accounts(ctx)],
            "phones": await queries.phones(ctx, account),
            "number": query.number,
            "error": error,
        },
        status=422 if error else 200,
    )


@pages.get("/{number}", access=signed_in, summary="A virtual phone and its conversations")
async def phone_page(ctx: Context, number: str, query: PhoneQuery) -> View:
    account = await queries.account_of_phones(ctx, query.account)
    return await _phone(ctx, account, number, query.peer, {}, {}, new=query.new)


@pages.get("/{number}/events", access=signed_in, documented=False, summary="Tells when a phone has something new")
async def events(ctx: Context, number: str, query: PhoneQuery) -> EventStream:
    account = await queries.account_of_phones(ctx, query.account)
    return EventStream(news(ctx, account.id, await queries.phone_number(ctx, account, number)))


async def _phone_again(ctx: Context, number: str, errors: Mapping[str, str], values: Mapping[str, str]) -> View:
    account = await queries.account_of_phones(ctx, values.get("account", ""))
    return await _phone(ctx, account, number, values.get("to", ""), errors, values)


@pages.post(
    "/{number}/messages",
    access=signed_in,
    summary="Send a message from a virtual phone",
    on_invalid=_phone_again,
    limit=Limit("comms.phone", 3000, per=3600),
)
async def say(ctx: Context, number: str, form: SayForm) -> Redirect:
    account = await queries.account_of_phones(ctx, form.account)
    sender, recipient = await queries.phone_number(ctx, account, number), parse_e164(form.to)
    if recipient is None:
        raise Invalid(fields={"to": "Write the number as +, country and number."})
    await actions.say(ctx, account.id, sender=sender, recipient=recipient, body=form.body)
    return Redirect(_address(account, sender, peer=recipient))


@pages.post("/{number}/power", access=signed_in, summary="Take a virtual phone off the air, or back on it")
async def power(ctx: Context, number: str, form: PowerForm) -> Redirect:
    account = await queries.account_of_phones(ctx, form.account)
    found = await queries.phone_number(ctx, account, number)
    await actions.switch(ctx, account.id, found, online=form.online)
    return Redirect(_address(account, found))


async def _phone(
    ctx: Context,
    account: Account,
    written: str,
    peer: str,
    errors: Mapping[str, str],
    values: Mapping[str, str],
    *,
    new: bool = False,
) -> View:
    number = await queries.phone_number(ctx, account, written)
    threads = rules.threads(await simulated.conversation(ctx, account.id, number, ctx.now))
    peers = [thread.peer for thread in threads]
    own = await queries.own_numbers(ctx, account)
    return View(
        "comms/phone/phone.html",
        {
            "account": account,
            "handset": await simulated.handset(ctx.db.main, account.id, number),
            "threads": threads,
            "peer": peer,
            "open": next((thread for thread in threads if thread.peer == peer), None),
            "new": new,
            "own": [(one, one) for one in own if one not in peers] + [(one, one) for one in own if one in peers],
            "errors": errors,
            "values": values,
        },
    )


def _address(account: Account, number: str, **more: str) -> str:
    return f"/comms/phone/{number}?{urlencode({'account': account.sid, **more})}"
