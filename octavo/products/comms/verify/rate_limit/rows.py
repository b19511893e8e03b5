"""Limits, and the buckets that fill up."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.sids import sid


class RateLimit(Struct, frozen=True):
    """A limit that starts of verifications name, with the value that is to be counted."""

    account_id: AccountId
    id: UUID
    service_id: UUID
    unique_name: str
    description: str
    created_at: datetime
    updated_at: datetime

    @property
    def sid(self) -> str:
        return sid("RK", self.id)


class Bucket(Struct, frozen=True):
    """At most `most` starts for one value in `seconds`."""

    account_id: AccountId
    id: UUID
    rate_limit_id: UUID
    most: int
    seconds: int
    created_at: datetime
    updated_at: datetime

    @property
    def sid(self) -> str:
        return sid("BL", self.id)
