"""Short codes. Carriers lease them out, and none here does: an account has none."""

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.paging import Slice
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing

api = Api("api", "/2010-04-01/Accounts/{account_sid}/SMS/ShortCodes", style="2010")


@api.list("", key="short_codes")
async def list_short_codes(call: Call) -> Listing:
    """None."""
    return Listing(Slice([]), dict)


@api.fetch("/{short_code_sid}")
async def fetch_short_code(call: Call) -> Fields:
    """There is no such short code."""
    raise CommsRefusal(20404, f"The requested resource {call.uri} was not found")


@api.update("/{short_code_sid}")
async def update_short_code(call: Call) -> Fields:
    """There is no such short code."""
    raise CommsRefusal(20404, f"The requested resource {call.uri} was not found")
