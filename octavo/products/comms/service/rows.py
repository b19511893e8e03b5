"""Messaging Services and their senders."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType, structs

from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.number.rows import PhoneNumber
from octavo.products.comms.sids import sid

Method = Literal["GET", "POST"]
Scan = Literal["inherit", "enable", "disable"]


class Service(Struct, frozen=True, kw_only=True):
    """Senders that act as one, and what happens to what people write to them."""

    account_id: AccountId
    id: UUID
    friendly_name: str
    inbound_url: str
    inbound_method: Method
    fallback_url: str
    fallback_method: Method
    status_callback: str
    sticky_sender: bool
    mms_converter: bool
    smart_encoding: bool
    scan_content: Scan
    fallback_to_long_code: bool
    area_code_geomatch: bool
    synchronous_validation: bool
    webhook_on_number: bool
    validity_seconds: int
    usecase: str
    created_at: datetime
    updated_at: datetime

    @property
    def sid(self) -> str:
        return sid("MG", self.id)


class ServiceChanges(Struct, frozen=True, kw_only=True):
    """What is to change; what is UNSET stays."""

    friendly_name: str | UnsetType = UNSET
    inbound_url: str | UnsetType = UNSET
    inbound_method: Method | UnsetType = UNSET
    fallback_url: str | UnsetType = UNSET
    fallback_method: Method | UnsetType = UNSET
    status_callback: str | UnsetType = UNSET
    sticky_sender: bool | UnsetType = UNSET
    mms_converter: bool | UnsetType = UNSET
    smart_encoding: bool | UnsetType = UNSET
    scan_content: Scan | UnsetType = UNSET
    fallback_to_long_code: bool | UnsetType = UNSET
    area_code_geomatch: bool | UnsetType = UNSET
    synchronous_validation: bool | UnsetType = UNSET
    webhook_on_number: bool | UnsetType = UNSET
    validity_seconds: int | UnsetType = UNSET
    usecase: str | UnsetType = UNSET

    def given(self) -> dict[str, Any]:
        """The columns that change, with their new values."""
        return {name: value for name, value in structs.asdict(self).items() if value is not UNSET}


class AlphaSender(Struct, frozen=True):
    """A name to send under, in one country, or (blank) in all that have none of their own."""

    account_id: AccountId
    id: UUID
    service_id: UUID
    name: str
    country: str
    created_at: datetime

    @property
    def sid(self) -> str:
        return sid("AI", self.id)


class Pool(Struct, frozen=True):
    """All senders of a service."""

    numbers: list[PhoneNumber]
    names: list[AlphaSender]
