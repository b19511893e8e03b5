"""Add-ons of a number. There are none to install here, so none is ever assigned."""

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number.queries import number_by_id
from octavo.products.comms.paging import Slice
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing

api = Api("api", "/2010-04-01/Accounts/{account_sid}/IncomingPhoneNumbers/{number_sid}/AssignedAddOns", style="2010")


@api.list("", key="assigned_add_ons")
async def list_add_ons(call: Call) -> Listing:
    """None, for a number that is there."""
    await number_by_id(call.db, call.account.id, call.id("number_sid", "PN"))
    return Listing(Slice([]), lambda add_on: add_on)


@api.create("")
@api.fetch("/{add_on_sid}")
@api.delete("/{add_on_sid}")
@api.list("/{add_on_sid}/Extensions", key="extensions")
async def no_add_on(call: Call) -> Fields:
    """An add-on that is named is not found."""
    raise CommsRefusal(20404, f"The requested resource {call.uri} was not found")
