"""Numbers that no guard against fraud stops, by the query instead of the path."""

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number.rules import parse_e164
from octavo.products.comms.verify.service import actions, queries
from octavo.products.comms.verify.service.rows import SafeNumber
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Params

api = Api("accounts", "/v1/SafeList/Numbers", style="v1")


class SafeNumberParams(Params):
    phone_number: str = ""


def safe_number_resource(one: SafeNumber) -> Fields:
    return {"sid": one.sid, "phone_number": one.number}


@api.create("")
async def create_safe_number(call: Call, params: SafeNumberParams) -> Fields:
    """Trust a number."""
    return safe_number_resource(await actions.trust_number(call.ctx, call.account, params.phone_number))


@api.fetch("")
async def fetch_safe_number(call: Call, params: SafeNumberParams) -> Fields:
    """A number, if it is trusted."""
    number = parse_e164(params.phone_number) or ""
    found = await queries.safe_number(call.db, call.account.id, number)
    if found is None:
        raise CommsRefusal(20404)
    return safe_number_resource(found)


@api.delete("")
async def delete_safe_number(call: Call, params: SafeNumberParams) -> None:
    """Trust a number no more than others."""
    await actions.distrust_number(call.ctx, call.account, parse_e164(params.phone_number) or "")
