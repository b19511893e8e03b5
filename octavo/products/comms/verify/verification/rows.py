"""A verification, the times it was sent, and what a caller asks for."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.sids import sid

Channel = Literal["sms", "call", "email"]
Status = Literal["pending", "approved", "canceled", "max_attempts_reached", "expired"]


class NewVerification(Struct, frozen=True, kw_only=True):
    """What is asked for. `rate_limits` has the value to count by the name of the limit."""

    to: str
    channel: str
    custom_friendly_name: str = ""
    custom_code: str = ""
    locale: str = ""
    amount: str = ""
    payee: str = ""
    template_id: UUID | None = None
    substitutions: dict[str, str] = {}
    send_digits: str = ""
    app_hash: str = ""
    rate_limits: dict[str, str] = {}


class Verification(Struct, frozen=True, kw_only=True):
    """`recipient` is a number as E.164 or an address; `lookup` is what was found out about the number."""

    account_id: AccountId
    id: UUID
    service_id: UUID
    recipient: str
    channel: Channel
    status: Status
    sealed_code: bytes
    amount: str
    payee: str
    lookup: dict[str, Any]
    checks: int
    expires_at: datetime
    created_at: datetime
    updated_at: datetime

    @property
    def sid(self) -> str:
        return sid("VE", self.id)


class Attempt(Struct, frozen=True, kw_only=True):
    """One time that a code was sent; `converted` once it came back."""

    account_id: AccountId
    id: UUID
    service_id: UUID
    verification_id: UUID
    recipient: str
    channel: Channel
    country: str
    locale: str
    code_length: int
    converted: bool
    expired: bool
    message_status: str | None
    error_code: int | None
    created_at: datetime
    updated_at: datetime

    @property
    def sid(self) -> str:
        return sid("VL", self.id)


class HeardCall(Struct, frozen=True):
    """A call that a handset can hear now."""

    id: UUID
    recipient: str
    words: str
    at: datetime


class Summary(Struct, frozen=True):
    """How many attempts there were, and how many of them came back."""

    total: int
    converted: int
