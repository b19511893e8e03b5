"""Names that a Messaging Service sends under: everywhere, or in one country."""

from octavo.products.comms.service import queries
from octavo.products.comms.service.pool import actions as pool
from octavo.products.comms.service.rows import AlphaSender
from octavo.products.comms.sids import sid
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, iso

api = Api("messaging", "/v1/Services/{service_sid}", style="v1")


class AlphaInPool(Params):
    alpha_sender: str = ""


class AlphaOfCountry(AlphaInPool):
    iso_country_code: str = ""


class AlphaFilter(Params):
    iso_country_code: str | None = None


def alpha_resource(call: Call, sender: AlphaSender) -> Fields:
    return _resource(call, sender, "AlphaSenders")


def destination_resource(call: Call, sender: AlphaSender) -> Fields:
    return _resource(call, sender, "DestinationAlphaSenders") | {"iso_country_code": sender.country or None}


def _resource(call: Call, sender: AlphaSender, kind: str) -> Fields:
    service = sid("MG", sender.service_id)
    return {
        "sid": sender.sid,
        "account_sid": call.account_sid,
        "service_sid": service,
        "date_created": iso(sender.created_at),
        "date_updated": iso(sender.created_at),
        "alpha_sender": sender.name,
        "capabilities": ["SMS"],
        "url": f"{call.base}/v1/Services/{service}/{kind}/{sender.sid}",
    }


@api.create("/AlphaSenders")
async def add_alpha_sender(call: Call, params: AlphaInPool) -> Fields:
    """Send under a name, wherever networks show names."""
    added = await pool.add_alpha_sender(call.ctx, call.account, call.id("service_sid", "MG"), params.alpha_sender)
    return alpha_resource(call, added)


@api.list("/AlphaSenders", key="alpha_senders")
async def list_alpha_senders(call: Call) -> Listing:
    """The names for all countries."""
    service = await queries.service(call.db, call.account.id, call.id("service_sid", "MG"))
    found = await queries.alpha_senders(call.db, call.account.id, service.id, call.page, country="")
    return Listing(found, lambda sender: alpha_resource(call, sender))


@api.create("/DestinationAlphaSenders")
async def add_destination_alpha_sender(call: Call, params: AlphaOfCountry) -> Fields:
    """Send under a name in one country."""
    service_id = call.id("service_sid", "MG")
    added = await pool.add_alpha_sender(
        call.ctx, call.account, service_id, params.alpha_sender, country=params.iso_country_code
    )
    return destination_resource(call, added)


@api.list("/DestinationAlphaSenders", key="alpha_senders")
async def list_destination_alpha_senders(call: Call, params: AlphaFilter) -> Listing:
    """All names, or those of one country."""
    service = await queries.service(call.db, call.account.id, call.id("service_sid", "MG"))
    found = await queries.alpha_senders(
        call.db, call.account.id, service.id, call.page, country=params.iso_country_code or None
    )
    return Listing(found, lambda sender: destination_resource(call, sender))


@api.fetch("/AlphaSenders/{alpha_sid}")
async def fetch_alpha_sender(call: Call) -> Fields:
    """One name."""
    return alpha_resource(call, await _named(call))


@api.fetch("/DestinationAlphaSenders/{alpha_sid}")
async def fetch_destination_alpha_sender(call: Call) -> Fields:
    """One name with its country."""
    return destination_resource(call, await _named(call))


@api.delete("/AlphaSenders/{alpha_sid}")
async def remove_alpha_sender(call: Call) -> None:
    """Send under this name no more."""
    await _remove(call)


@api.delete("/DestinationAlphaSenders/{alpha_sid}")
async def remove_destination_alpha_sender(call: Call) -> None:
    """Send under this name no more."""
    await _remove(call)


async def _named(call: Call) -> AlphaSender:
    service_id, sender_id = call.id("service_sid", "MG"), call.id("alpha_sid", "AI")
    return await queries.alpha_sender(call.db, call.account.id, service_id, sender_id)


async def _remove(call: Call) -> None:
    service_id, sender_id = call.id("service_sid", "MG"), call.id("alpha_sid", "AI")
    await pool.remove_alpha_sender(call.ctx, call.account, service_id, sender_id)
