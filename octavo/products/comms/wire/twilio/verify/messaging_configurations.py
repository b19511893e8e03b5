"""Where the texts to a country go out."""

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.paging import page_of
from octavo.products.comms.sids import is_sid, read_sid, sid
from octavo.products.comms.verify.service import actions, queries
from octavo.products.comms.verify.service.rows import Route
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, iso

api = Api("verify", "/v2/Services/{service_sid}/MessagingConfigurations", style="v1")


class RouteParams(Params):
    country: str = ""
    messaging_service_sid: str = ""


def route_resource(call: Call, one: Route) -> Fields:
    service_sid = sid("VA", one.service_id)
    return {
        "account_sid": call.account_sid,
        "service_sid": service_sid,
        "country": one.country,
        "messaging_service_sid": sid("MG", one.messaging_service_id),
        "date_created": iso(one.created_at),
        "date_updated": iso(one.updated_at),
        "url": f"{call.base}/v2/Services/{service_sid}/MessagingConfigurations/{one.country}",
    }


@api.create("")
async def create_route(call: Call, params: RouteParams) -> Fields:
    """Send texts to a country from a Messaging Service."""
    return await _kept(call, params.country, params.messaging_service_sid)


@api.list("", key="messaging_configurations")
async def list_routes(call: Call) -> Listing:
    """Where texts of a service go out, by country."""
    service = await queries.service(call.db, call.account.id, call.id("service_sid", "VA"))
    found = await queries.routes(call.db, call.account.id, service.id)
    return Listing(page_of(found, call.page), lambda one: route_resource(call, one))


@api.fetch("/{country}")
async def fetch_route(call: Call) -> Fields:
    """Where texts to one country go out."""
    service_id = call.id("service_sid", "VA")
    return route_resource(call, await queries.route(call.db, call.account.id, service_id, call.path["country"]))


@api.update("/{country}")
async def update_route(call: Call, params: RouteParams) -> Fields:
    """Send texts to a country from another Messaging Service."""
    await queries.route(call.db, call.account.id, call.id("service_sid", "VA"), call.path["country"])
    return await _kept(call, call.path["country"], params.messaging_service_sid)


@api.delete("/{country}")
async def delete_route(call: Call) -> None:
    """Send texts to a country from the usual number again."""
    await actions.delete_route(call.ctx, call.account, call.id("service_sid", "VA"), call.path["country"])


async def _kept(call: Call, country: str, messaging_service_sid: str) -> Fields:
    if not is_sid(messaging_service_sid, "MG"):
        raise CommsRefusal(60200, "Invalid parameter `MessagingServiceSid`")
    messaging_service_id = read_sid(messaging_service_sid, "MG")
    kept = await actions.keep_route(call.ctx, call.account, call.id("service_sid", "VA"), country, messaging_service_id)
    return route_resource(call, kept)
