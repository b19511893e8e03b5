"""Numbers of others that the account may call from."""

from octavo.products.comms.caller_id import actions, queries
from octavo.products.comms.caller_id.rows import CallerId
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, rfc2822

api = Api("api", "/2010-04-01/Accounts/{account_sid}/OutgoingCallerIds", style="2010")


class CallerIdParams(Params):
    friendly_name: str = ""


class CallerIdFilter(Params):
    phone_number: str | None = None
    friendly_name: str | None = None


def caller_id_resource(found: CallerId, account_sid: str) -> Fields:
    return {
        "sid": found.sid,
        "date_created": rfc2822(found.created_at),
        "date_updated": rfc2822(found.updated_at),
        "friendly_name": found.friendly_name,
        "account_sid": account_sid,
        "phone_number": found.number,
        "uri": f"/2010-04-01/Accounts/{account_sid}/OutgoingCallerIds/{found.sid}.json",
    }


@api.list("", key="outgoing_caller_ids")
async def list_caller_ids(call: Call, params: CallerIdFilter) -> Listing:
    """The account's caller ids."""
    found = await queries.caller_ids(
        call.db, call.account.id, call.page, number=params.phone_number, friendly_name=params.friendly_name
    )
    return Listing(found, lambda one: caller_id_resource(one, call.account_sid))


@api.fetch("/{caller_id_sid}")
async def fetch_caller_id(call: Call) -> Fields:
    """One caller id."""
    found = await queries.caller_id(call.db, call.account.id, call.id("caller_id_sid", "PN"))
    return caller_id_resource(found, call.account_sid)


@api.update("/{caller_id_sid}")
async def update_caller_id(call: Call, params: CallerIdParams) -> Fields:
    """Give a caller id another name."""
    caller_id = call.id("caller_id_sid", "PN")
    renamed = await actions.rename_caller_id(call.ctx, call.account, caller_id, params.friendly_name)
    return caller_id_resource(renamed, call.account_sid)


@api.delete("/{caller_id_sid}")
async def delete_caller_id(call: Call) -> None:
    """Call from it no more."""
    await actions.delete_caller_id(call.ctx, call.account, call.id("caller_id_sid", "PN"))
