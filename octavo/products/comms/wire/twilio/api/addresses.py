"""Addresses, and the numbers that depend on them."""

from octavo.products.comms.address import actions, queries
from octavo.products.comms.address.rows import Address, AddressChanges
from octavo.products.comms.number.rows import PhoneNumber
from octavo.products.comms.sids import sid_or_none
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, rfc2822

api = Api("api", "/2010-04-01/Accounts/{account_sid}/Addresses", style="2010")


class AddressParams(Params):
    """`auto_correct_address` changes nothing: there is no register of streets to correct by."""

    friendly_name: str | None = None
    customer_name: str | None = None
    street: str | None = None
    street_secondary: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    emergency_enabled: bool | None = None
    auto_correct_address: bool | None = None

    def changes(self) -> AddressChanges:
        names = AddressChanges.__struct_fields__
        return AddressChanges(**{name: value for name in names if (value := getattr(self, name)) is not None})


class NewAddress(AddressParams):
    iso_country: str = ""


class AddressFilter(Params):
    customer_name: str | None = None
    friendly_name: str | None = None
    iso_country: str | None = None
    emergency_enabled: bool | None = None


def address_resource(address: Address, account_sid: str) -> Fields:
    return {
        "account_sid": account_sid,
        "city": address.city,
        "customer_name": address.customer_name,
        "date_created": rfc2822(address.created_at),
        "date_updated": rfc2822(address.updated_at),
        "friendly_name": address.friendly_name or None,
        "iso_country": address.iso_country,
        "postal_code": address.postal_code,
        "region": address.region,
        "sid": address.sid,
        "street": address.street,
        "street_secondary": address.street_secondary or None,
        "uri": f"/2010-04-01/Accounts/{account_sid}/Addresses/{address.sid}.json",
        "emergency_enabled": address.emergency_enabled,
        "validated": False,
        "verified": False,
    }


def dependent_resource(number: PhoneNumber, account_sid: str) -> Fields:
    return {
        "sid": number.sid,
        "account_sid": account_sid,
        "friendly_name": number.friendly_name,
        "phone_number": number.number,
        "voice_url": number.voice_url,
        "voice_method": number.voice_method,
        "voice_fallback_method": number.voice_fallback_method,
        "voice_fallback_url": number.voice_fallback_url,
        "voice_caller_id_lookup": number.voice_caller_id_lookup,
        "date_created": rfc2822(number.created_at),
        "date_updated": rfc2822(number.updated_at),
        "sms_fallback_method": number.sms_fallback_method,
        "sms_fallback_url": number.sms_fallback_url,
        "sms_method": number.sms_method,
        "sms_url": number.sms_url,
        "address_requirements": "none",
        "capabilities": {"Voice": number.voice, "SMS": number.sms, "MMS": number.mms},
        "status_callback": number.status_callback,
        "status_callback_method": number.status_callback_method,
        "api_version": "2010-04-01",
        "sms_application_sid": sid_or_none("AP", number.sms_application_id),
        "voice_application_sid": sid_or_none("AP", number.voice_application_id),
        "trunk_sid": sid_or_none("TK", number.trunk_id),
        "emergency_status": number.emergency_status,
        "emergency_address_sid": sid_or_none("AD", number.emergency_address_id),
        "uri": f"/2010-04-01/Accounts/{account_sid}/IncomingPhoneNumbers/{number.sid}.json",
    }


@api.create("")
async def create_address(call: Call, params: NewAddress) -> Fields:
    """Write an address down."""
    made = await actions.create_address(call.ctx, call.account, params.changes(), params.iso_country)
    return address_resource(made, call.account_sid)


@api.list("", key="addresses")
async def list_addresses(call: Call, params: AddressFilter) -> Listing:
    """The account's addresses."""
    found = await queries.addresses(
        call.db,
        call.account.id,
        call.page,
        customer_name=params.customer_name,
        friendly_name=params.friendly_name,
        iso_country=params.iso_country,
        emergency_enabled=params.emergency_enabled,
    )
    return Listing(found, lambda one: address_resource(one, call.account_sid))


@api.fetch("/{address_sid}")
async def fetch_address(call: Call) -> Fields:
    """One address."""
    found = await queries.address(call.db, call.account.id, call.id("address_sid", "AD"))
    return address_resource(found, call.account_sid)


@api.update("/{address_sid}")
async def update_address(call: Call, params: AddressParams) -> Fields:
    """Change an address."""
    changed = await actions.change_address(call.ctx, call.account, call.id("address_sid", "AD"), params.changes())
    return address_resource(changed, call.account_sid)


@api.delete("/{address_sid}")
async def delete_address(call: Call) -> None:
    """Take an address away that no number depends on."""
    await actions.delete_address(call.ctx, call.account, call.id("address_sid", "AD"))


@api.list("/{address_sid}/DependentPhoneNumbers", key="dependent_phone_numbers")
async def list_dependent_numbers(call: Call) -> Listing:
    """The numbers that name an address."""
    address = await queries.address(call.db, call.account.id, call.id("address_sid", "AD"))
    found = await queries.dependent_numbers(call.db, call.account.id, address.id, call.page)
    return Listing(found, lambda one: dependent_resource(one, call.account_sid))
