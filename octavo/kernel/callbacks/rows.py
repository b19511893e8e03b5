"""Callbacks as they are asked for, as they wait, and as the inspector shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

Method = Literal["GET", "POST"]
# Why an attempt went wrong: the server said so, or may not be asked, or did not answer as HTTP has it.
Reason = Literal["", "status", "refused", "connection", "name", "protocol", "redirects", "timeout", "tls"]


class Callback(Struct, frozen=True, kw_only=True):
    """What to send, where. Those of one `thread` arrive in the order in which they were sent.

    `owner_id` is whose it is, and the distribution key; `kind` begins with the product that signs it,
    `comms.message_status`; `subject` names for people what it tells of. The URL's fragment may change how patiently it
    is sent: `#rc=2&rp=5xx&ct=1000&rt=3000&tt=5000`. An answer that is wanted goes to the product. Under an `id` that is
    there already nothing is sent again. What people wrote goes into `sealed_fields`, which `seal_fields` makes, and is
    blank in the form; then answers are sealed as well, and `forget` takes both away.
    """

    owner_id: UUID
    thread: UUID
    kind: str
    subject: str
    url: str
    method: Method = "POST"
    form: Sequence[tuple[str, str]] = ()
    json: bytes | None = None
    fallback_url: str = ""
    fallback_method: Method = "POST"
    wants_answer: bool = False
    id: UUID | None = None
    sealed_fields: bytes | None = None


class Delivery(Struct, frozen=True):
    """A callback that was claimed. `fields` is its form, urlencoded."""

    owner_id: UUID
    id: UUID
    thread: UUID
    kind: str
    subject: str
    destination: str
    url: str
    method: Method
    fields: str
    json: bytes | None
    fallback_url: str
    fallback_method: Method
    wants_answer: bool
    rounds: int
    lease: UUID
    created_at: datetime
    sealed_fields: bytes | None = None


class ListedDelivery(Struct, frozen=True):
    """A callback for the inspector; `answer` begins what the server said. `opened_listed` makes both whole."""

    owner_id: UUID
    id: UUID
    kind: str
    subject: str
    url: str
    method: Method
    fields: str
    json: bytes | None
    fallback_url: str
    state: Literal["waiting", "delivered", "failed"]
    rounds: int
    due: datetime
    status: int | None
    reason: Reason
    seconds: float | None
    answer: str
    created_at: datetime
    done_at: datetime | None
    sealed_fields: bytes | None
    sealed_answer: bytes | None


class Attempt(Struct, frozen=True):
    """One try that went wrong."""

    id: UUID
    url: str
    status: int | None
    reason: Reason
    detail: str
    seconds: float
    at: datetime
