"""The calls of a virtual phone. Where a human ear would be needed, its holder reads the words instead."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from msgspec import Meta, Struct

from octavo.kernel.context import Context
from octavo.kernel.http import Redirect, Router, View, signed_in
from octavo.kernel.refusals import Invalid
from octavo.products.comms.account.rows import Account
from octavo.products.comms.caller_id.actions import confirm
from octavo.products.comms.caller_id.queries import waiting_requests
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.phone.queries import account_of_phones, phone_number
from octavo.products.comms.verify.verification.queries import calls_heard

pages = Router("/comms/phone/{number}/calls", product="comms")


class CallsQuery(Struct, frozen=True):
    account: str = ""


class DigitsForm(Struct, frozen=True):
    account: str
    code: Annotated[str, Meta(max_length=12)] = ""


@pages.get("", access=signed_in, summary="The calls that a virtual phone hears")
async def calls_page(ctx: Context, number: str, query: CallsQuery) -> View:
    return await _view(ctx, await account_of_phones(ctx, query.account), number, {})


async def _again(
    ctx: Context, number: str, request_id: UUID, errors: Mapping[str, str], values: Mapping[str, str]
) -> View:
    account = await account_of_phones(ctx, values.get("account", ""))
    return await _view(ctx, account, number, {f"code-{request_id}": message for message in errors.values()})


@pages.post("/{request_id}", access=signed_in, summary="Press digits in a call", on_invalid=_again)
async def press(ctx: Context, number: str, request_id: UUID, form: DigitsForm) -> Redirect:
    account = await account_of_phones(ctx, form.account)
    try:
        await confirm(ctx, account, request_id, form.code)
    except CommsRefusal as refusal:
        raise Invalid(fields={"code": refusal.detail}) from refusal
    return Redirect(f"/comms/phone/{number}/calls?{urlencode({'account': account.sid})}")


async def _view(ctx: Context, account: Account, written: str, errors: Mapping[str, str]) -> View:
    number = await phone_number(ctx, account, written)
    return View(
        "comms/console/calls/calls.html",
        {
            "account": account,
            "number": number,
            "asked": await waiting_requests(ctx.db.main, account.id, ctx.now, number=number),
            "heard": await calls_heard(ctx, account.id, number),
            "errors": errors,
        },
    )
