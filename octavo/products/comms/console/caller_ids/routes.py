"""Caller ids in the console: asking, answering in the place of a simulated handset, and taking them away."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from octavo.kernel.context import Context
from octavo.kernel.http import Redirect, Router, View, signed_in
from octavo.kernel.refusals import Invalid, NotFound
from octavo.products.comms.account.rows import Account
from octavo.products.comms.caller_id import actions, queries
from octavo.products.comms.caller_id.rows import Channel, NewValidation
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.console.queries import my_account
from octavo.products.comms.number.rules import national_format
from octavo.products.comms.paging import PageRequest

pages = Router("/comms/caller-ids", product="comms")
SHOWN = PageRequest(size=200)


class AccountQuery(Struct, frozen=True):
    account: str = ""


class AskForm(Struct, frozen=True):
    account: str
    number: Annotated[str, Meta(min_length=1, max_length=32)]
    name: Annotated[str, Meta(max_length=64)] = ""
    channel: Channel = "call"


class CodeForm(Struct, frozen=True):
    account: str
    code: Annotated[str, Meta(max_length=12)] = ""


class AccountForm(Struct, frozen=True):
    account: str


@pages.get("", access=signed_in, summary="Numbers of others that you may call from")
async def caller_ids_page(ctx: Context, query: AccountQuery) -> View:
    return await _view(ctx, await my_account(ctx, query.account), {}, {})


async def _again(ctx: Context, errors: Mapping[str, str], values: Mapping[str, str]) -> View:
    return await _view(ctx, await my_account(ctx, values.get("account", "")), errors, values)


@pages.post("", access=signed_in, summary="Ask whoever answers at a number", on_invalid=_again)
async def ask(ctx: Context, form: AskForm) -> Redirect:
    account = await my_account(ctx, form.account)
    try:
        await actions.request_validation(ctx, account, NewValidation(form.number, form.channel, form.name))
    except CommsRefusal as refusal:
        raise Invalid(fields={"number": refusal.detail}) from refusal
    return _back(account)


async def _code_again(ctx: Context, request_id: UUID, errors: Mapping[str, str], values: Mapping[str, str]) -> View:
    return await _again(ctx, {f"code-{request_id}": message for message in errors.values()}, values)


@pages.post("/{request_id}/code", access=signed_in, summary="Enter the code as the handset", on_invalid=_code_again)
async def enter_code(ctx: Context, request_id: UUID, form: CodeForm) -> Redirect:
    account = await my_account(ctx, form.account)
    try:
        await actions.confirm(ctx, account, request_id, form.code)
    except CommsRefusal as refusal:
        raise Invalid(fields={"code": refusal.detail}) from refusal
    return _back(account)


@pages.post("/{caller_id}/delete", access=signed_in, summary="Call from a number no more")
async def delete(ctx: Context, caller_id: UUID, form: AccountForm) -> Redirect:
    account = await my_account(ctx, form.account)
    try:
        await actions.delete_caller_id(ctx, account, caller_id)
    except CommsRefusal as refusal:
        raise NotFound("There is no such caller id.") from refusal
    return _back(account)


async def _view(ctx: Context, account: Account, errors: Mapping[str, str], values: Mapping[str, str]) -> View:
    return View(
        "comms/console/caller_ids/caller_ids.html",
        {
            "account": account,
            "caller_ids": (await queries.caller_ids(ctx.db.main, account.id, SHOWN)).items,
            "waiting": await queries.waiting_requests(ctx.db.main, account.id, ctx.now),
            "errors": errors,
            "values": values,
            "national_format": national_format,
        },
    )


def _back(account: Account) -> Redirect:
    return Redirect(f"/comms/caller-ids?account={account.sid}")
