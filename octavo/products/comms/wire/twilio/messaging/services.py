"""Messaging Services."""

from octavo.products.comms.service import actions, queries
from octavo.products.comms.service.rows import Method, Scan, Service, ServiceChanges
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, iso

api = Api("messaging", "/v1/Services", style="v1")
# The wire's names of what we call otherwise.
_NAMES = {
    "friendly_name": "friendly_name",
    "inbound_request_url": "inbound_url",
    "inbound_method": "inbound_method",
    "fallback_url": "fallback_url",
    "fallback_method": "fallback_method",
    "status_callback": "status_callback",
    "sticky_sender": "sticky_sender",
    "mms_converter": "mms_converter",
    "smart_encoding": "smart_encoding",
    "scan_message_content": "scan_content",
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
    scan_message_content: Scan | None = None
    fallback_to_long_code: bool | None = None
    area_code_geomatch: bool | None = None
    synchronous_validation: bool | None = None
    use_inbound_webhook_on_number: bool | None = None
    validity_period: int | None = None
    usecase: str | None = None

    def changes(self) -> ServiceChanges:
        return ServiceChanges(
            **{ours: value for name, ours in _NAMES.items() if (value := getattr(self, name)) is not None}
        )


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
        "scan_message_content": service.scan_content,
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
    made = await actions.create_service(call.ctx, call.account, params.changes())
    return service_resource(call, made)


@api.list("", key="services")
async def list_services(call: Call) -> Listing:
    """The account's services."""
    found = await queries.services(call.db, call.account.id, call.page)
    return Listing(found, lambda service: service_resource(call, service))


@api.fetch("/{service_sid}")
async def fetch_service(call: Call) -> Fields:
    """One service."""
    return service_resource(call, await queries.service(call.db, call.account.id, call.id("service_sid", "MG")))


@api.update("/{service_sid}")
async def update_service(call: Call, params: ServiceParams) -> Fields:
    """Change a service."""
    changed = await actions.change_service(call.ctx, call.account, call.id("service_sid", "MG"), params.changes())
    return service_resource(call, changed)


@api.delete("/{service_sid}")
async def delete_service(call: Call) -> None:
    """Remove a service; its numbers stay."""
    await actions.delete_service(call.ctx, call.account, call.id("service_sid", "MG"))


# What a service may be said to be for.
USECASES = {
    "notifications": ("Notices about deliveries, accounts, orders and the like.", "Notify my users."),
    "marketing": ("Offers, and calls to deal with your organisation.", "Market my services."),
    "verification": ("Codes by which a person proves who they are.", "Verify my users."),
    "discussion": ("Conversations between people.", "Let people talk with each other."),
    "poll": ("Questions with answers to choose from.", "Ask my users."),
    "undeclared": ("Nothing in particular, or not said.", "Not said."),
}


@api.fetch("/Usecases")
async def fetch_usecases(call: Call) -> Fields:
    """What a service may be said to be for."""
    return {
        "usecases": [
            {"usecase": name, "description": description, "purpose": purpose}
            for name, (description, purpose) in USECASES.items()
        ]
    }
