"""A service, and what may be changed about it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType, structs

from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.sids import sid


class VerifyService(Struct, frozen=True, kw_only=True):
    """How codes are made and sent. The maps `push`, `whatsapp` and `passkeys` are kept as the API writes them."""

    account_id: AccountId
    id: UUID
    friendly_name: str
    code_length: int
    lookup_enabled: bool
    skip_sms_to_landlines: bool
    dtmf_input_required: bool
    tts_name: str
    psd2_enabled: bool
    do_not_share_warning_enabled: bool
    custom_code_enabled: bool
    default_template_id: UUID | None
    totp_issuer: str
    totp_time_step: int
    totp_code_length: int
    totp_skew: int
    push: dict[str, Any]
    whatsapp: dict[str, Any]
    passkeys: dict[str, Any]
    verify_event_subscription_enabled: bool
    created_at: datetime
    updated_at: datetime

    @property
    def sid(self) -> str:
        return sid("VA", self.id)


class ServiceChanges(Struct, frozen=True, kw_only=True):
    """What is given is written; what is not stays."""

    friendly_name: str | UnsetType = UNSET
    code_length: int | UnsetType = UNSET
    lookup_enabled: bool | UnsetType = UNSET
    skip_sms_to_landlines: bool | UnsetType = UNSET
    dtmf_input_required: bool | UnsetType = UNSET
    tts_name: str | UnsetType = UNSET
    psd2_enabled: bool | UnsetType = UNSET
    do_not_share_warning_enabled: bool | UnsetType = UNSET
    custom_code_enabled: bool | UnsetType = UNSET
    default_template_id: UUID | UnsetType | None = UNSET
    totp_issuer: str | UnsetType = UNSET
    totp_time_step: int | UnsetType = UNSET
    totp_code_length: int | UnsetType = UNSET
    totp_skew: int | UnsetType = UNSET
    push: dict[str, Any] | UnsetType = UNSET
    whatsapp: dict[str, Any] | UnsetType = UNSET
    passkeys: dict[str, Any] | UnsetType = UNSET
    verify_event_subscription_enabled: bool | UnsetType = UNSET

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in structs.asdict(self).items() if value is not UNSET}


class Route(Struct, frozen=True):
    """The Messaging Service that texts to a country go out from."""

    account_id: AccountId
    service_id: UUID
    country: str
    messaging_service_id: UUID
    created_at: datetime
    updated_at: datetime


class SafeNumber(Struct, frozen=True):
    """A number that no guard against fraud stops."""

    account_id: AccountId
    id: UUID
    number: str
    created_at: datetime

    @property
    def sid(self) -> str:
        return sid("GN", self.id)
