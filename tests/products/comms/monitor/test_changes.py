"""What is changed in an account is told by its events, whoever changes it."""

from datetime import time
from typing import Any

import httpx
import pytest

from octavo.kernel.context import Context, Engines
from octavo.products.comms.account import actions as accounts
from octavo.products.comms.account.rows import Account, NewAccount
from octavo.products.comms.caller_id import actions as caller_ids
from octavo.products.comms.caller_id.rows import NewValidation
from octavo.products.comms.guard import actions as guard
from octavo.products.comms.guard.rows import Policy
from octavo.products.comms.message.actions import delete_message, redact_message, take_reports
from octavo.products.comms.message.rows import Report
from octavo.products.comms.monitor.queries import events
from octavo.products.comms.monitor.rows import Event, EventFilter
from octavo.products.comms.number import actions as numbers
from octavo.products.comms.number.events import AccountClosedSeen
from octavo.products.comms.paging import PageRequest
from tests.harness.web import AppServer
from tests.products.comms.message.outgoing import a_message
from tests.products.comms.wire.calls import calling

NUMBER = "+14152051240"
AWS_KEY = {"Credentials": "AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "FriendlyName": "A"}
ADDRESS = {
    "CustomerName": "Acme",
    "Street": "1 High Street",
    "City": "Springfield",
    "Region": "CA",
    "PostalCode": "94105",
    "IsoCountry": "US",
}


async def noted(ctx: Context, account: Account) -> list[Event]:
    """The account's events in their order, without that of its opening."""
    found = (await events(ctx.db.main, account.id, PageRequest(size=50), EventFilter())).items
    return [one for one in reversed(found) if one.type != "account.created"]


async def types(ctx: Context, account: Account) -> list[str]:
    return [one.type for one in await noted(ctx, account)]


async def test_a_number_that_is_moved_is_told_in_both_accounts(ctx: Context, acme: NewAccount) -> None:
    branch = (await accounts.create_account(ctx, name="Branch", parent=acme.account)).account
    bought = await numbers.buy_number(ctx, acme.account, NUMBER)
    await numbers.transfer_number(ctx, acme.account, bought.id, branch)
    moved = {"account_sid": {"previous": acme.account.sid, "updated": branch.sid}}
    for account in (acme.account, branch):
        last = (await noted(ctx, account))[-1]
        assert (last.type, last.resource_sid, last.data) == ("phone-number.updated", bought.sid, moved)
    async with ctx.db.main.transaction() as tx:
        await numbers.release_of_closed(ctx, tx, AccountClosedSeen(account_id=branch.id))
    assert (await types(ctx, branch))[-1] == "phone-number.deleted"


async def test_what_the_guard_was_told(ctx: Context, acme: NewAccount) -> None:
    rules = Policy(account_id=acme.account.id, countries_allowed=["DE"], quiet_from=time(22), quiet_to=time(7))
    await guard.keep_policy(ctx, rules)
    await guard.permit_countries(ctx, acme.account, {"AT": True})
    block = "INSERT INTO comms.guard_block VALUES ($1, '+4420', 'pumping', 40, 0, $2, $2)"
    await ctx.db.main.execute(block, acme.account.id, ctx.now)
    assert await guard.lift_block(ctx, acme.account.id, "+4420")
    assert not await guard.lift_block(ctx, acme.account.id, "+4420")
    kept, opened, lifted = await noted(ctx, acme.account)
    assert {one.resource_sid for one in (kept, opened, lifted)} == {acme.account.sid}
    assert (kept.type, kept.data["quiet_from"]) == ("guard.updated", {"previous": None, "updated": "22:00:00"})
    assert opened.data == {"countries_allowed": {"previous": ["DE"], "updated": ["AT", "DE"]}}
    assert (lifted.type, lifted.data) == ("guard.block-lifted", {"beginning": "+4420"})


async def test_keys_and_tokens(ctx: Context, acme: NewAccount) -> None:
    key = (await accounts.create_key(ctx, acme.account, name="shop")).key
    await accounts.rename_key(ctx, acme.account, key.id, "store")
    await accounts.delete_key(ctx, acme.account, key.id)
    for change in (accounts.create_secondary_token, accounts.delete_secondary_token, accounts.delete_secondary_token):
        await change(ctx, acme.account)
    await accounts.create_secondary_token(ctx, acme.account)
    await accounts.promote_secondary_token(ctx, acme.account)
    found = await noted(ctx, acme.account)
    assert [one.type for one in found] == [
        *("api-key.created", "api-key.updated", "api-key.deleted"),
        *("secondary-auth-token.created", "secondary-auth-token.deleted"),
        *("secondary-auth-token.created", "secondary-auth-token.promoted"),
    ]
    assert found[1].data == {"friendly_name": {"previous": "shop", "updated": "store"}}


@pytest.mark.parametrize(
    ("product", "path", "made", "changed", "type"),
    [
        ("api", "Applications", {"FriendlyName": "A"}, {"SmsUrl": "https://a.example/sms"}, "application"),
        ("api", "Addresses", ADDRESS, {"City": "Shelbyville"}, "address"),
        (
            "api",
            "Usage/Triggers",
            {"UsageCategory": "sms", "TriggerValue": "10", "CallbackUrl": "https://a.example/used"},
            {"FriendlyName": "B"},
            "usage-trigger",
        ),
        ("messaging", "/v1/Services", {"FriendlyName": "A"}, {"FriendlyName": "B"}, "messaging-service"),
        ("verify", "/v2/Services", {"FriendlyName": "Acme"}, {"FriendlyName": "Better"}, "verify-service"),
        ("accounts", "/v1/Credentials/AWS", AWS_KEY, {"FriendlyName": "B"}, "credential"),
    ],
)
async def test_made_changed_and_deleted(
    app_server: AppServer,
    ctx: Context,
    acme: NewAccount,
    product: str,
    path: str,
    made: dict[str, str],
    changed: dict[str, str],
    type: str,
) -> None:
    root = path if path.startswith("/") else f"/2010-04-01/Accounts/{acme.account.sid}/{path}"
    end = "" if path.startswith("/") else ".json"
    async with calling(app_server, acme, product) as client:
        sid = (await posted(client, f"{root}{end}", made))["sid"]
        await posted(client, f"{root}/{sid}{end}", changed)
        (await client.delete(f"{root}/{sid}{end}")).raise_for_status()
    found = await noted(ctx, acme.account)
    assert [(one.type, one.resource_sid) for one in found] == [
        (f"{type}.{what}", sid) for what in ("created", "updated", "deleted")
    ]


async def test_numbers_of_others_that_may_be_called_from(ctx: Context, acme: NewAccount) -> None:
    asked = await caller_ids.request_validation(ctx, acme.account, NewValidation(NUMBER))
    verified = await caller_ids.confirm(ctx, acme.account, asked.id, asked.code)
    await caller_ids.rename_caller_id(ctx, acme.account, verified.id, "Front desk")
    await caller_ids.delete_caller_id(ctx, acme.account, verified.id)
    found = await noted(ctx, acme.account)
    assert [(one.type, one.resource_sid) for one in found] == [
        (f"outgoing-caller-id.{what}", verified.sid) for what in ("created", "updated", "deleted")
    ]


async def test_texts_that_are_forgotten(ctx: Context, acme: NewAccount, engines: Engines) -> None:
    message = await a_message(engines, acme)
    await take_reports(ctx, [Report(message.account_id, message.id, "delivered", ctx.now)])
    await redact_message(ctx, acme.account, message.id)
    await delete_message(ctx, acme.account, message.id)
    found = (await noted(ctx, acme.account))[-2:]
    assert [(one.type, one.resource_sid) for one in found] == [
        ("message.redacted", message.sid),
        ("message.deleted", message.sid),
    ]


async def test_senders_of_a_service(app_server: AppServer, ctx: Context, acme: NewAccount) -> None:
    bought = await numbers.buy_number(ctx, acme.account, NUMBER)
    async with calling(app_server, acme, "messaging") as client:
        service = (await posted(client, "/v1/Services", {"FriendlyName": "A"}))["sid"]
        await posted(client, f"/v1/Services/{service}/PhoneNumbers", {"PhoneNumberSid": bought.sid})
        name = (await posted(client, f"/v1/Services/{service}/AlphaSenders", {"AlphaSender": "Acme"}))["sid"]
        await client.delete(f"/v1/Services/{service}/AlphaSenders/{name}")
        await client.delete(f"/v1/Services/{service}/PhoneNumbers/{bought.sid}")
    found = (await noted(ctx, acme.account))[2:]
    assert [one.type for one in found] == [
        "phone-number.updated",
        "alpha-sender.created",
        "alpha-sender.deleted",
        "phone-number.updated",
    ]
    assert found[0].data == {"service_sid": {"previous": None, "updated": service}}


async def posted(client: httpx.AsyncClient, path: str, data: dict[str, str]) -> dict[str, Any]:
    answer = await client.post(path, data=data)
    assert answer.status_code < 300, answer.text
    found: dict[str, Any] = answer.json()
    return found
