"""Entities: the people that an account asks for codes of their devices."""

from octavo.products.comms.sids import sid
from octavo.products.comms.verify.factor import actions, queries
from octavo.products.comms.verify.factor.rows import Entity
from octavo.products.comms.verify.service.queries import service
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, iso

api = Api("verify", "/v2/Services/{service_sid}/Entities", style="v1")


class EntityParams(Params):
    identity: str = ""


async def entity_of(call: Call) -> Entity:
    """The person that the path names. Raises CommsRefusal 20404."""
    return await queries.entity(call.db, call.account.id, call.id("service_sid", "VA"), call.path["identity"])


def entity_url(call: Call, service_sid: str, identity: str) -> str:
    return f"{call.base}/v2/Services/{service_sid}/Entities/{identity}"


def entity_resource(call: Call, one: Entity) -> Fields:
    service_sid = sid("VA", one.service_id)
    url = entity_url(call, service_sid, one.identity)
    return {
        "sid": one.sid,
        "identity": one.identity,
        "account_sid": call.account_sid,
        "service_sid": service_sid,
        "date_created": iso(one.created_at),
        "date_updated": iso(one.updated_at),
        "url": url,
        "links": {
            "factors": f"{url}/Factors",
            "new_factors": f"{url}/Factors",
            "challenges": f"{url}/Challenges",
        },
    }


@api.create("")
async def create_entity(call: Call, params: EntityParams) -> Fields:
    """Make a person known."""
    service_id = call.id("service_sid", "VA")
    return entity_resource(call, await actions.create_entity(call.ctx, call.account, service_id, params.identity))


@api.list("", key="entities")
async def list_entities(call: Call) -> Listing:
    """The people that a service knows."""
    found = await service(call.db, call.account.id, call.id("service_sid", "VA"))
    page = await queries.entities(call.db, call.account.id, found.id, call.page)
    return Listing(page, lambda one: entity_resource(call, one))


@api.fetch("/{identity}")
async def fetch_entity(call: Call) -> Fields:
    """One person."""
    return entity_resource(call, await entity_of(call))


@api.delete("/{identity}")
async def delete_entity(call: Call) -> None:
    """Forget a person with their factors."""
    await actions.delete_entity(call.ctx, call.account, call.id("service_sid", "VA"), call.path["identity"])
