"""A person as an account knows them, and the devices that make codes for them."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.sids import sid

Algorithm = Literal["sha1", "sha256", "sha512"]


class Entity(Struct, frozen=True):
    """`identity` is the account's own name for the person."""

    account_id: AccountId
    id: UUID
    service_id: UUID
    identity: str
    created_at: datetime
    updated_at: datetime

    @property
    def sid(self) -> str:
        return sid("YE", self.id)


class NewFactor(Struct, frozen=True, kw_only=True):
    """What is asked for; what is not given is as the service has it. `secret` is base32."""

    friendly_name: str
    secret: str = ""
    alg: Algorithm = "sha1"
    code_length: int | None = None
    time_step: int | None = None
    skew: int | None = None
    metadata: dict[str, Any] | None = None


class FactorChanges(Struct, frozen=True, kw_only=True):
    """What is given is written; a code verifies the factor."""

    friendly_name: str | None = None
    code: str = ""
    alg: Algorithm | None = None
    code_length: int | None = None
    time_step: int | None = None
    skew: int | None = None


class Factor(Struct, frozen=True, kw_only=True):
    """An application that makes codes (TOTP). `used_step` is the step of the last code that was taken."""

    account_id: AccountId
    id: UUID
    service_id: UUID
    entity_id: UUID
    identity: str
    friendly_name: str
    status: Literal["unverified", "verified"]
    sealed_secret: bytes
    alg: Algorithm
    code_length: int
    time_step: int
    skew: int
    metadata: dict[str, Any] | None
    used_step: int
    failures: int
    failed_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def sid(self) -> str:
        return sid("YF", self.id)


class MadeFactor(Struct, frozen=True):
    """A factor with its secret in clear, which is shown once."""

    factor: Factor
    secret: str
    uri: str
