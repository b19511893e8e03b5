"""Numbers that are trusted: no guard against fraud stops them."""

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number.rules import parse_e164
from octavo.products.comms.verify.service import actions, queries
from octavo.products.comms.verify.service.rows import SafeNumber
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Params

api = Api("verify", "/v2/SafeList/Numbers", style="v1")


class SafeNumberParams(Params):
    phone_number: str = ""


def safe_number_resource(call: Call, one: SafeNumber) -> Fields:
    return {"sid": one.sid, "phone_number": one.number, "url": f"{call.base}/v2/SafeList/Numbers/{one.number}"}


@api.create("")
async def create_safe_number(call: Call, params: SafeNumberParams) -> Fields:
    """Trust a number."""
    return safe_number_resource(call, await actions.trust_number(call.ctx, call.account, params.phone_number))


@api.fetch("/{phone_number}")
async def fetch_safe_number(call: Call) -> Fields:
    """A number, if it is trusted."""
    found = await queries.safe_number(call.db, call.account.id, _number(call))
    if found is None:
        raise CommsRefusal(20404)
    return safe_number_resource(call, found)


@api.delete("/{phone_number}")
async def delete_safe_number(call: Call) -> None:
    """Trust a number no more than others."""
    await actions.distrust_number(call.ctx, call.account, _number(call))


def _number(call: Call) -> str:
    return parse_e164(call.path["phone_number"]) or ""
