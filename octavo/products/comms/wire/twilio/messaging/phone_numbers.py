"""The numbers in the pool of a Messaging Service."""

from octavo.products.comms.number.rows import PhoneNumber
from octavo.products.comms.service import queries
from octavo.products.comms.service.pool import actions as pool
from octavo.products.comms.sids import read_sid
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, iso

api = Api("messaging", "/v1/Services/{service_sid}/PhoneNumbers", style="v1")


class NumberInPool(Params):
    phone_number_sid: str = ""


def number_resource(call: Call, number: PhoneNumber) -> Fields:
    service = call.path["service_sid"]
    able = {"SMS": number.sms, "MMS": number.mms, "Voice": number.voice}
    return {
        "sid": number.sid,
        "account_sid": call.account_sid,
        "service_sid": service,
        "date_created": iso(number.created_at),
        "date_updated": iso(number.updated_at),
        "phone_number": number.number,
        "country_code": number.country,
        "capabilities": [name for name, there in able.items() if there],
        "url": f"{call.base}/v1/Services/{service}/PhoneNumbers/{number.sid}",
    }


@api.create("")
async def add_number(call: Call, params: NumberInPool) -> Fields:
    """Put a number into the pool."""
    number_id = read_sid(params.phone_number_sid, "PN")
    return number_resource(call, await pool.add_number(call.ctx, call.account, call.id("service_sid", "MG"), number_id))


@api.list("", key="phone_numbers")
async def list_pool(call: Call) -> Listing:
    """The numbers of the pool."""
    service = await queries.service(call.db, call.account.id, call.id("service_sid", "MG"))
    found = await queries.pool(call.db, call.account.id, service.id, call.page)
    return Listing(found, lambda number: number_resource(call, number))


@api.fetch("/{number_sid}")
async def fetch_number(call: Call) -> Fields:
    """One number of the pool."""
    service_id, number_id = call.id("service_sid", "MG"), call.id("number_sid", "PN")
    return number_resource(call, await queries.pooled_number(call.db, call.account.id, service_id, number_id))


@api.delete("/{number_sid}")
async def remove_number(call: Call) -> None:
    """Take a number out of the pool."""
    await pool.remove_number(call.ctx, call.account, call.id("service_sid", "MG"), call.id("number_sid", "PN"))
