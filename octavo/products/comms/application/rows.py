"""An application and its changes."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType, structs

from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.sids import sid

Method = Literal["GET", "POST"]


class Application(Struct, frozen=True, kw_only=True):
    """Blank addresses mean that nothing is asked. `message_status_callback` hears of messages, `status_callback` of
    calls.
    """

    account_id: AccountId
    id: UUID
    friendly_name: str
    api_version: str
    sms_url: str
    sms_method: Method
    sms_fallback_url: str
    sms_fallback_method: Method
    message_status_callback: str
    voice_url: str
    voice_method: Method
    voice_fallback_url: str
    voice_fallback_method: Method
    voice_caller_id_lookup: bool
    status_callback: str
    status_callback_method: Method
    public_application_connect_enabled: bool
    created_at: datetime
    updated_at: datetime

    @property
    def sid(self) -> str:
        return sid("AP", self.id)


class ApplicationChanges(Struct, frozen=True, kw_only=True):
    """What is to change. What is UNSET stays as it is; a blank address takes the old one away."""

    friendly_name: str | UnsetType = UNSET
    api_version: str | UnsetType = UNSET
    sms_url: str | UnsetType = UNSET
    sms_method: Method | UnsetType = UNSET
    sms_fallback_url: str | UnsetType = UNSET
    sms_fallback_method: Method | UnsetType = UNSET
    message_status_callback: str | UnsetType = UNSET
    voice_url: str | UnsetType = UNSET
    voice_method: Method | UnsetType = UNSET
    voice_fallback_url: str | UnsetType = UNSET
    voice_fallback_method: Method | UnsetType = UNSET
    voice_caller_id_lookup: bool | UnsetType = UNSET
    status_callback: str | UnsetType = UNSET
    status_callback_method: Method | UnsetType = UNSET
    public_application_connect_enabled: bool | UnsetType = UNSET

    def given(self) -> dict[str, Any]:
        """The columns that change, with their new values."""
        return {name: value for name, value in structs.asdict(self).items() if value is not UNSET}
