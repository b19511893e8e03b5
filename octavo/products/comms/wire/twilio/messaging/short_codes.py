"""The short codes of a Messaging Service. Nobody leases any here, so there are none to put into a pool."""

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.paging import Slice
from octavo.products.comms.service import queries
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params

api = Api("messaging", "/v1/Services/{service_sid}/ShortCodes", style="v1")


class ShortCodeInPool(Params):
    short_code_sid: str = ""


@api.create("")
async def add_short_code(call: Call, params: ShortCodeInPool) -> Fields:
    """The account has no such short code."""
    await queries.service(call.db, call.account.id, call.id("service_sid", "MG"))
    raise CommsRefusal(20404, f"The requested resource {params.short_code_sid[:40]} was not found")


@api.list("", key="short_codes")
async def list_short_codes(call: Call) -> Listing:
    """None."""
    await queries.service(call.db, call.account.id, call.id("service_sid", "MG"))
    return Listing(Slice([]), dict)
