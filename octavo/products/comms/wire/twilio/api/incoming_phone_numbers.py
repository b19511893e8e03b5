"""Numbers that an account owns."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from octavo.products.comms.account.queries import cached_account
from octavo.products.comms.account.rows import Account
from octavo.products.comms.account.rules import may_act_for
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number import actions, magic, queries
from octavo.products.comms.number.rows import Kind, Method, NumberChanges, PhoneNumber, Search
from octavo.products.comms.number.rules import check_buyable, kind_of
from octavo.products.comms.paging import Slice
from octavo.products.comms.sids import is_sid, read_sid, sid_or_none
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, rfc2822

api = Api("api", "/2010-04-01/Accounts/{account_sid}/IncomingPhoneNumbers", style="2010")
HttpMethod = Annotated[Method, Meta(extra={"code": 21403})]


class NumberParams(Params):
    """What can be configured. A parameter that is not there changes nothing."""

    friendly_name: str | None = None
    sms_url: str | None = None
    sms_method: HttpMethod | None = None
    sms_fallback_url: str | None = None
    sms_fallback_method: HttpMethod | None = None
    sms_application_sid: str | None = None
    voice_url: str | None = None
    voice_method: HttpMethod | None = None
    voice_fallback_url: str | None = None
    voice_fallback_method: HttpMethod | None = None
    voice_application_sid: str | None = None
    voice_caller_id_lookup: bool | None = None
    voice_receive_mode: Literal["voice", "fax"] | None = None
    status_callback: str | None = None
    status_callback_method: HttpMethod | None = None
    trunk_sid: str | None = None
    address_sid: str | None = None
    identity_sid: str | None = None
    bundle_sid: str | None = None
    emergency_status: Literal["Active", "Inactive"] | None = None
    emergency_address_sid: str | None = None

    def changes(self) -> NumberChanges:
        """Raises CommsRefusal for an id of the wrong kind."""
        names = [name for name in NumberChanges.__struct_fields__ if name in self.__struct_fields__]
        plain = {name: value for name in names if (value := getattr(self, name)) is not None}
        return NumberChanges(
            **plain,
            sms_application_id=_id(self.sms_application_sid, "AP"),
            voice_application_id=_id(self.voice_application_sid, "AP"),
            trunk_id=_id(self.trunk_sid, "TK"),
            address_id=_id(self.address_sid, "AD"),
            identity_id=_id(self.identity_sid, "RI"),
            bundle_id=_id(self.bundle_sid, "BU"),
            emergency_address_id=_id(self.emergency_address_sid, "AD"),
        )


class NewNumber(NumberParams):
    phone_number: str = ""
    area_code: str = ""


class NumberUpdate(NumberParams):
    account_sid: str = ""


class NumberFilter(Params):
    friendly_name: str | None = None
    phone_number: str | None = None
    beta: bool | None = None
    origin: str | None = None


def number_resource(number: PhoneNumber, account_sid: str) -> Fields:
    return {
        "account_sid": account_sid,
        "address_sid": sid_or_none("AD", number.address_id),
        "address_requirements": "none",
        "api_version": "2010-04-01",
        "beta": False,
        "capabilities": {"voice": number.voice, "sms": number.sms, "mms": number.mms, "fax": number.fax},
        "date_created": rfc2822(number.created_at),
        "date_updated": rfc2822(number.updated_at),
        "friendly_name": number.friendly_name,
        "identity_sid": sid_or_none("RI", number.identity_id),
        "phone_number": number.number,
        "origin": "twilio",
        "sid": number.sid,
        "sms_application_sid": sid_or_none("AP", number.sms_application_id) or "",
        "sms_fallback_method": number.sms_fallback_method,
        "sms_fallback_url": number.sms_fallback_url,
        "sms_method": number.sms_method,
        "sms_url": number.sms_url,
        "status_callback": number.status_callback,
        "status_callback_method": number.status_callback_method,
        "trunk_sid": sid_or_none("TK", number.trunk_id),
        "uri": f"/2010-04-01/Accounts/{account_sid}/IncomingPhoneNumbers/{number.sid}.json",
        "voice_receive_mode": number.voice_receive_mode,
        "voice_application_sid": sid_or_none("AP", number.voice_application_id) or "",
        "voice_caller_id_lookup": number.voice_caller_id_lookup,
        "voice_fallback_method": number.voice_fallback_method,
        "voice_fallback_url": number.voice_fallback_url,
        "voice_method": number.voice_method,
        "voice_url": number.voice_url,
        "emergency_status": number.emergency_status,
        "emergency_address_sid": sid_or_none("AD", number.emergency_address_id),
        "emergency_address_status": "unregistered",
        "bundle_sid": sid_or_none("BU", number.bundle_id),
        "status": "in-use",
        "type": number.kind,
        "subresource_uris": {
            "assigned_add_ons": (
                f"/2010-04-01/Accounts/{account_sid}/IncomingPhoneNumbers/{number.sid}/AssignedAddOns.json"
            )
        },
    }


async def _buy(call: Call, params: NewNumber, kind: Kind | None = None) -> Fields:
    """Raises CommsRefusal 21457 or 21458 where a number of one kind is asked for by area, or is of another."""
    if kind is not None and params.area_code and not params.phone_number:
        raise CommsRefusal(21457)
    if call.is_test:
        bought = magic.bought(call.account.id, params.phone_number, params.area_code, params.changes(), call.ctx.now)
        return number_resource(bought, call.account_sid)
    if params.phone_number:
        if kind not in (None, kind_of(check_buyable(params.phone_number))):
            raise CommsRefusal(21458)
        number = await actions.buy_number(call.ctx, call.account, params.phone_number, params.changes())
    elif params.area_code:
        if not (params.area_code.isdecimal() and len(params.area_code) == 3):
            raise CommsRefusal(21451, f"{params.area_code} is not a valid area code.")
        search = Search(country="US", area_code=params.area_code)
        number = await actions.buy_any_number(call.ctx, call.account, search, params.changes())
    else:
        raise CommsRefusal(21421, "Give PhoneNumber or AreaCode: there is no number to buy otherwise.")
    return number_resource(number, call.account_sid)


@api.create("", test=True)
async def buy_number(call: Call, params: NewNumber) -> Fields:
    """Buy a number, or any of an area code."""
    return await _buy(call, params)


@api.create("/Local", test=True)
async def buy_local_number(call: Call, params: NewNumber) -> Fields:
    """Buy a local number."""
    return await _buy(call, params, "local")


@api.create("/TollFree", test=True)
async def buy_toll_free_number(call: Call, params: NewNumber) -> Fields:
    """Buy a number that is free to call."""
    return await _buy(call, params, "tollfree")


@api.create("/Mobile", test=True)
async def buy_mobile_number(call: Call, params: NewNumber) -> Fields:
    """Buy a mobile number."""
    return await _buy(call, params, "mobile")


async def _listed(call: Call, params: NumberFilter, kind: Kind | None) -> Listing:
    if params.origin == "hosted":  # numbers of other providers, which nobody has brought here
        return Listing(Slice([]), lambda number: number)
    found = await queries.numbers(
        call.db,
        call.account.id,
        call.page,
        kind=kind,
        contains=params.phone_number,
        friendly_name=params.friendly_name,
    )
    return Listing(found, lambda number: number_resource(number, call.account_sid))


@api.list("", key="incoming_phone_numbers")
async def list_numbers(call: Call, params: NumberFilter) -> Listing:
    """The account's numbers."""
    return await _listed(call, params, None)


@api.list("/Local", key="incoming_phone_numbers")
async def list_local_numbers(call: Call, params: NumberFilter) -> Listing:
    """The account's local numbers."""
    return await _listed(call, params, "local")


@api.list("/TollFree", key="incoming_phone_numbers")
async def list_toll_free_numbers(call: Call, params: NumberFilter) -> Listing:
    """The account's toll-free numbers."""
    return await _listed(call, params, "tollfree")


@api.list("/Mobile", key="incoming_phone_numbers")
async def list_mobile_numbers(call: Call, params: NumberFilter) -> Listing:
    """The account's mobile numbers."""
    return await _listed(call, params, "mobile")


@api.fetch("/{number_sid}")
async def fetch_number(call: Call) -> Fields:
    """One number."""
    number = await queries.number_by_id(call.db, call.account.id, call.id("number_sid", "PN"))
    return number_resource(number, call.account_sid)


@api.update("/{number_sid}")
async def update_number(call: Call, params: NumberUpdate) -> Fields:
    """Configure a number, or move it to another account of the family."""
    number_id, target = call.id("number_sid", "PN"), await _target(call, params.account_sid)
    number = await actions.change_number(call.ctx, call.account, number_id, params.changes())
    if target is None:
        return number_resource(number, call.account_sid)
    return number_resource(await actions.transfer_number(call.ctx, call.account, number_id, target), target.sid)


@api.delete("/{number_sid}")
async def release_number(call: Call) -> None:
    """Give a number back."""
    await actions.release_number(call.ctx, call.account, call.id("number_sid", "PN"))


async def _target(call: Call, account_sid: str) -> Account | None:
    """The account that a number is to move to. Raises CommsRefusal for one that the caller does not act for."""
    if account_sid in ("", call.account_sid):
        return None
    if not is_sid(account_sid, "AC"):
        raise CommsRefusal(21470, f"{account_sid:.40} is not a valid AccountSid.")
    target = await cached_account(call.ctx.engines, read_sid(account_sid, "AC"))
    if target is None:
        raise CommsRefusal(21471, f"The account {account_sid} does not exist.")
    if not may_act_for(call.caller.account, target):
        raise CommsRefusal(21474 if call.caller.account.parent_id == (target.parent_id or target.id) else 21473)
    if target.status != "active":
        raise CommsRefusal(21472)
    return target


def _id(text: str | None, prefix: str) -> UUID | UnsetType | None:
    if text is None:
        return UNSET
    return read_sid(text, prefix) if text else None
