"""Messaging Services, and the numbers and names in their pools."""

from typing import Literal
from uuid import UUID

from msgspec import UNSET

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number.queries import number_by_id
from octavo.products.comms.number.rows import PhoneNumber
from octavo.products.comms.service import actions, queries
from octavo.products.comms.service.rows import AlphaSender, Service, ServiceChanges
from octavo.products.comms.sids import read_sid, sid
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, iso

api = Api("messaging", "/v1/Services", style="v1")
Method = Literal["GET", "POST"]
# The wire's names of what we call otherwise.
_NAMES = {
    "inbound_request_url": "inbound_url",
    "inbound_method": "inbound_method",
    "fallback_url": "fallback_url",
    "fallback_method": "fallback_method",
    "status_callback": "status_callback",
    "sticky_sender": "sticky_sender",
    "mms_converter": "mms_converter",
    "smart_encoding": "smart_encoding",
    "fallback_to_long_code": "fallback_to_long_code",
    "area_code_geomatch": "area_code_geomatch",
    "synchronous_validation": "synchronous_validation",
    "use_inbound_webhook_on_number": "webhook_on_number",
    "validity_period": "validity_seconds",
    "usecase": "usecase",
}


class ServiceParams(Params):
    friendly_name: str | None = None
    inbound_request_url: str | None = None
    inbound_method: Method | None = None
    fallback_url: str | None = None
    fallback_method: Method | None = None
    status_callback: str | None = None
    sticky_sender: bool | None = None
    mms_converter: bool | None = None
    smart_encoding: bool | None = None
    fallback_to_long_code: bool | None = None
    area_code_geomatch: bool | None = None
    synchronous_validation: bool | None = None
    use_inbound_webhook_on_number: bool | None = None
    validity_period: int | None = None
    usecase: str | None = None

    def changes(self) -> ServiceChanges:
        """Raises CommsRefusal 20001."""
        if self.validity_period is not None and not 1 <= self.validity_period <= 36_000:
            raise CommsRefusal(20001, "ValidityPeriod must be between 1 and 36000 seconds.")
        given = {ours: value for name, ours in _NAMES.items() if (value := getattr(self, name)) is not None}
        return ServiceChanges(**given, friendly_name=UNSET if self.friendly_name is None else self.friendly_name)


class NumberInPool(Params):
    phone_number_sid: str = ""


class AlphaInPool(Params):
    alpha_sender: str = ""


def service_resource(call: Call, service: Service) -> Fields:
    url = f"{call.base}/v1/Services/{service.sid}"
    return {
        "sid": service.sid,
        "account_sid": call.account_sid,
        "friendly_name": service.friendly_name,
        "date_created": iso(service.created_at),
        "date_updated": iso(service.updated_at),
        "inbound_request_url": service.inbound_url or None,
        "inbound_method": service.inbound_method,
        "fallback_url": service.fallback_url or None,
        "fallback_method": service.fallback_method,
        "status_callback": service.status_callback or None,
        "sticky_sender": service.sticky_sender,
        "mms_converter": service.mms_converter,
        "smart_encoding": service.smart_encoding,
        "scan_message_content": "inherit",
        "fallback_to_long_code": service.fallback_to_long_code,
        "area_code_geomatch": service.area_code_geomatch,
        "synchronous_validation": service.synchronous_validation,
        "validity_period": service.validity_seconds,
        "url": url,
        "links": {
            "phone_numbers": f"{url}/PhoneNumbers",
            "short_codes": f"{url}/ShortCodes",
            "alpha_senders": f"{url}/AlphaSenders",
            "messages": f"{url}/Messages",
            "us_app_to_person": f"{url}/Compliance/Usa2p",
            "us_app_to_person_usecases": f"{url}/Compliance/Usa2p/Usecases",
            "channel_senders": f"{url}/ChannelSenders",
            "destination_alpha_senders": f"{url}/DestinationAlphaSenders",
        },
        "usecase": service.usecase,
        "us_app_to_person_registered": False,
        "use_inbound_webhook_on_number": service.webhook_on_number,
    }


@api.create("")
async def create_service(call: Call, params: ServiceParams) -> Fields:
    """Make a service."""
    made = await actions.create_service(call.ctx, call.account, params.friendly_name or "", params.changes())
    return service_resource(call, made)


@api.list("", key="services")
async def list_services(call: Call) -> Listing:
    """The account's services."""
    found = await queries.services(call.db, call.account.id, call.page)
    return Listing(found, lambda service: service_resource(call, service))


@api.fetch("/{service_sid}")
async def fetch_service(call: Call) -> Fields:
    """One service."""
    return service_resource(call, await queries.service(call.db, call.account.id, _service(call)))


@api.update("/{service_sid}")
async def update_service(call: Call, params: ServiceParams) -> Fields:
    """Change a service."""
    changed = await actions.change_service(call.ctx, call.account, _service(call), params.changes())
    return service_resource(call, changed)


@api.delete("/{service_sid}")
async def delete_service(call: Call) -> None:
    """Remove a service; its numbers stay."""
    await actions.delete_service(call.ctx, call.account, _service(call))


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


@api.create("/{service_sid}/PhoneNumbers")
async def add_number(call: Call, params: NumberInPool) -> Fields:
    """Put a number into the pool."""
    number_id = read_sid(params.phone_number_sid, "PN")
    return number_resource(call, await actions.add_number(call.ctx, call.account, _service(call), number_id))


@api.list("/{service_sid}/PhoneNumbers", key="phone_numbers")
async def list_pool(call: Call) -> Listing:
    """The numbers of the pool."""
    service = await queries.service(call.db, call.account.id, _service(call))
    found = await queries.pool(call.db, call.account.id, service.id, call.page)
    return Listing(found, lambda number: number_resource(call, number))


@api.fetch("/{service_sid}/PhoneNumbers/{number_sid}")
async def fetch_number(call: Call) -> Fields:
    """One number of the pool."""
    number = await number_by_id(call.db, call.account.id, call.id("number_sid", "PN"))
    if number.service_id != _service(call):
        raise CommsRefusal(20404, f"The requested resource {call.uri} was not found")
    return number_resource(call, number)


@api.delete("/{service_sid}/PhoneNumbers/{number_sid}")
async def remove_number(call: Call) -> None:
    """Take a number out of the pool."""
    await actions.remove_number(call.ctx, call.account, _service(call), call.id("number_sid", "PN"))


def alpha_resource(call: Call, sender: AlphaSender) -> Fields:
    service = sid("MG", sender.service_id)
    return {
        "sid": sender.sid,
        "account_sid": call.account_sid,
        "service_sid": service,
        "date_created": iso(sender.created_at),
        "date_updated": iso(sender.created_at),
        "alpha_sender": sender.name,
        "capabilities": ["SMS"],
        "url": f"{call.base}/v1/Services/{service}/AlphaSenders/{sender.sid}",
    }


@api.create("/{service_sid}/AlphaSenders")
async def add_alpha_sender(call: Call, params: AlphaInPool) -> Fields:
    """Put a name into the pool."""
    added = await actions.add_alpha_sender(call.ctx, call.account, _service(call), params.alpha_sender)
    return alpha_resource(call, added)


@api.list("/{service_sid}/AlphaSenders", key="alpha_senders")
async def list_alpha_senders(call: Call) -> Listing:
    """The names of the pool."""
    found = await queries.alpha_senders(call.db, call.account.id, _service(call), call.page)
    return Listing(found, lambda sender: alpha_resource(call, sender))


@api.delete("/{service_sid}/AlphaSenders/{alpha_sid}")
async def remove_alpha_sender(call: Call) -> None:
    """Take a name out of the pool."""
    await actions.remove_alpha_sender(call.ctx, call.account, _service(call), call.id("alpha_sid", "AI"))


def _service(call: Call) -> UUID:
    return call.id("service_sid", "MG")
