"""An address and its changes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType, structs

from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.sids import sid


class Address(Struct, frozen=True, kw_only=True):
    """`iso_country` has the letters of ISO 3166. Nothing is looked up: an address is neither validated nor verified."""

    account_id: AccountId
    id: UUID
    friendly_name: str
    customer_name: str
    street: str
    street_secondary: str
    city: str
    region: str
    postal_code: str
    iso_country: str
    emergency_enabled: bool
    created_at: datetime
    updated_at: datetime

    @property
    def sid(self) -> str:
        return sid("AD", self.id)


class AddressChanges(Struct, frozen=True, kw_only=True):
    """What is to change. What is UNSET stays as it is; only the name and the second line of the street may be blank."""

    friendly_name: str | UnsetType = UNSET
    customer_name: str | UnsetType = UNSET
    street: str | UnsetType = UNSET
    street_secondary: str | UnsetType = UNSET
    city: str | UnsetType = UNSET
    region: str | UnsetType = UNSET
    postal_code: str | UnsetType = UNSET
    emergency_enabled: bool | UnsetType = UNSET

    def given(self) -> dict[str, Any]:
        """The columns that change, with their new values."""
        return {name: value for name, value in structs.asdict(self).items() if value is not UNSET}
