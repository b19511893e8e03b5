"""A caller id, and the request that leads to it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.sids import sid

Channel = Literal["call", "sms"]
Status = Literal["pending", "success", "failed"]


class CallerId(Struct, frozen=True):
    """A number, as E.164, whose answerer agreed."""

    account_id: AccountId
    id: UUID
    number: str
    friendly_name: str
    created_at: datetime
    updated_at: datetime

    @property
    def sid(self) -> str:
        return sid("PN", self.id)


class NewValidation(Struct, frozen=True):
    """What is asked for: `call_delay` is seconds, `extension` the digits to dial once the call is answered."""

    number: str
    channel: Channel = "call"
    friendly_name: str = ""
    call_delay: int = 0
    extension: str = ""
    status_callback: str = ""
    status_callback_method: str = "POST"


class ValidationRequest(Struct, frozen=True):
    """The call is to be heard from `due_at` on; `words` is what is said in it. `caller_id` is what it led to."""

    account_id: AccountId
    id: UUID
    number: str
    channel: Channel
    friendly_name: str
    code: str
    extension: str
    words: str
    status: Status
    attempts: int
    status_callback: str
    status_callback_method: str
    caller_id: UUID | None
    due_at: datetime
    expires_at: datetime
    created_at: datetime

    @property
    def call_sid(self) -> str:
        return sid("CA", self.id)
