"""Phone numbers that accounts own, and those that they could have."""

from datetime import datetime
from typing import Any, Literal, NewType
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType, structs

from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.sids import sid

NumberId = NewType("NumberId", UUID)
Kind = Literal["local", "mobile", "tollfree", "national", "voip", "sharedcost"]
Method = Literal["GET", "POST"]


class PhoneNumber(Struct, frozen=True, kw_only=True):
    """A number of an account. `number` is E.164; blank addresses mean that nothing is asked."""

    account_id: AccountId
    id: NumberId
    number: str
    country: str
    kind: Kind
    friendly_name: str
    user_id: UUID | None = None
    service_id: UUID | None = None
    sms: bool
    mms: bool
    voice: bool
    fax: bool
    sms_url: str = ""
    sms_method: Method = "POST"
    sms_fallback_url: str = ""
    sms_fallback_method: Method = "POST"
    sms_application_id: UUID | None = None
    voice_url: str = ""
    voice_method: Method = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: Method = "POST"
    voice_application_id: UUID | None = None
    voice_caller_id_lookup: bool = False
    voice_receive_mode: Literal["voice", "fax"] = "voice"
    status_callback: str = ""
    status_callback_method: Method = "POST"
    trunk_id: UUID | None = None
    address_id: UUID | None = None
    identity_id: UUID | None = None
    bundle_id: UUID | None = None
    emergency_status: Literal["Active", "Inactive"] = "Inactive"
    emergency_address_id: UUID | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def sid(self) -> str:
        return sid("PN", self.id)


class Capabilities(Struct, frozen=True):
    """What a number can carry."""

    sms: bool
    mms: bool
    voice: bool
    fax: bool


class Place(Struct, frozen=True):
    """Where the numbers of an area code are at home. Coordinates are degrees."""

    locality: str = ""
    region: str = ""
    postal_code: str = ""
    lata: str = ""
    latitude: float | None = None
    longitude: float | None = None


class Available(Struct, frozen=True):
    """A number that nobody has yet."""

    number: str
    country: str
    kind: Kind
    place: Place
    capabilities: Capabilities


class Search(Struct, frozen=True, kw_only=True):
    """What an available number has to be. `contains` takes digits, letters of the keypad, and `*` for any digit."""

    country: str
    kind: Kind = "local"
    area_code: str = ""
    contains: str = ""
    region: str = ""
    locality: str = ""
    postal_code: str = ""
    rate_center: str = ""
    lata: str = ""
    near: tuple[float, float] | None = None  # latitude and longitude
    distance: float = 25  # miles
    sms: bool | None = None
    mms: bool | None = None
    voice: bool | None = None
    fax: bool | None = None


class NumberChanges(Struct, frozen=True, kw_only=True):
    """What is to change. What is UNSET stays as it is; a blank address, or None for an id, takes the old one away."""

    friendly_name: str | UnsetType = UNSET
    user_id: UUID | UnsetType | None = UNSET
    service_id: UUID | UnsetType | None = UNSET
    sms_url: str | UnsetType = UNSET
    sms_method: Method | UnsetType = UNSET
    sms_fallback_url: str | UnsetType = UNSET
    sms_fallback_method: Method | UnsetType = UNSET
    sms_application_id: UUID | UnsetType | None = UNSET
    voice_url: str | UnsetType = UNSET
    voice_method: Method | UnsetType = UNSET
    voice_fallback_url: str | UnsetType = UNSET
    voice_fallback_method: Method | UnsetType = UNSET
    voice_application_id: UUID | UnsetType | None = UNSET
    voice_caller_id_lookup: bool | UnsetType = UNSET
    voice_receive_mode: Literal["voice", "fax"] | UnsetType = UNSET
    status_callback: str | UnsetType = UNSET
    status_callback_method: Method | UnsetType = UNSET
    trunk_id: UUID | UnsetType | None = UNSET
    address_id: UUID | UnsetType | None = UNSET
    identity_id: UUID | UnsetType | None = UNSET
    bundle_id: UUID | UnsetType | None = UNSET
    emergency_status: Literal["Active", "Inactive"] | UnsetType = UNSET
    emergency_address_id: UUID | UnsetType | None = UNSET

    def given(self) -> dict[str, Any]:
        """The columns that change, with their new values."""
        return {name: value for name, value in structs.asdict(self).items() if value is not UNSET}
