"""Accounts: the caller's own, and its sub-accounts."""

from octavo.products.comms.account import actions, queries
from octavo.products.comms.account.rows import Account, Status
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, rfc2822

api = Api("api", "/2010-04-01", style="2010")
PATH = "/2010-04-01/Accounts"
# The lists below an account that its resource points to, by key.
SUBRESOURCES = {
    "available_phone_numbers": "AvailablePhoneNumbers",
    "calls": "Calls",
    "conferences": "Conferences",
    "incoming_phone_numbers": "IncomingPhoneNumbers",
    "notifications": "Notifications",
    "outgoing_caller_ids": "OutgoingCallerIds",
    "recordings": "Recordings",
    "transcriptions": "Transcriptions",
    "addresses": "Addresses",
    "signing_keys": "SigningKeys",
    "connect_apps": "ConnectApps",
    "sip": "SIP",
    "authorized_connect_apps": "AuthorizedConnectApps",
    "usage": "Usage",
    "keys": "Keys",
    "applications": "Applications",
    "short_codes": "SMS/ShortCodes",
    "queues": "Queues",
    "messages": "Messages",
    "balance": "Balance",
}


class NewAccount(Params):
    friendly_name: str = ""


class AccountFilter(Params):
    friendly_name: str | None = None
    status: Status | None = None


class AccountChanges(Params):
    friendly_name: str | None = None
    status: Status | None = None


def account_resource(account: Account, token: str | None, sid: str | None = None) -> Fields:
    sid = sid or account.sid
    return {
        "auth_token": token,
        "date_created": rfc2822(account.created_at),
        "date_updated": rfc2822(account.updated_at),
        "friendly_name": account.friendly_name,
        "owner_account_sid": account.owner_sid,
        "sid": sid,
        "status": account.status,
        "subresource_uris": {key: f"{PATH}/{sid}/{name}.json" for key, name in SUBRESOURCES.items()},
        "type": account.type,
        "uri": f"{PATH}/{sid}.json",
    }


async def shown(call: Call, account: Account) -> Fields:
    """With its token, as the vendor shows it to those who hold the main credentials."""
    return account_resource(account, await queries.signing_token(call.ctx.engines, account.id))


@api.create("/Accounts", main_only=True, secret=True)
async def create_account(call: Call, params: NewAccount) -> Fields:
    """Open a sub-account."""
    new = await actions.create_account(call.ctx, name=params.friendly_name, parent=call.account)
    return account_resource(new.account, new.auth_token)


@api.list("/Accounts", key="accounts", main_only=True)
async def list_accounts(call: Call, params: AccountFilter) -> Listing:
    """The account and its sub-accounts."""
    found = await queries.family(
        call.db, call.account.id, call.page, name=params.friendly_name or None, status=params.status
    )
    tokens = {one.id: await queries.signing_token(call.ctx.engines, one.id) for one in found.items}
    return Listing(found, lambda account: account_resource(account, tokens[account.id]))


@api.fetch("/Accounts/{account_sid}", test=True, closed_too=True, people=True)
async def fetch_account(call: Call) -> Fields:
    """An account of the caller's family."""
    account = await queries.account(call.db, call.account.id)
    if call.is_test or not call.caller.is_main:
        return account_resource(account, None, call.account_sid)
    return await shown(call, account)


@api.update("/Accounts/{account_sid}", main_only=True, closed_too=True)
async def update_account(call: Call, params: AccountChanges) -> Fields:
    """Rename an account; suspend, open again or close a sub-account."""
    if call.account.id == call.caller.account.id and call.account.status != "active":
        raise CommsRefusal(20005)
    account = await queries.account(call.db, call.account.id)
    changed = await actions.change_account(call.ctx, account, name=params.friendly_name, status=params.status)
    return await shown(call, changed)
