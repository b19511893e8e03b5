"""Accounts and their keys, and who is calling."""

from datetime import datetime
from typing import Literal, NewType
from uuid import UUID

from msgspec import Struct

from octavo.products.comms.sids import sid

AccountId = NewType("AccountId", UUID)
Status = Literal["active", "suspended", "closed"]


class Account(Struct, frozen=True):
    """An account or, with a parent, a sub-account. `owner_id` is the person who looks after it in the console."""

    id: AccountId
    parent_id: AccountId | None
    owner_id: UUID | None
    friendly_name: str
    status: Status
    type: str
    encrypt_bodies: bool
    created_at: datetime
    updated_at: datetime

    @property
    def sid(self) -> str:
        return sid("AC", self.id)

    @property
    def owner_sid(self) -> str:
        """The SID of the account at the top: its own, where it is not a sub-account."""
        return sid("AC", self.parent_id or self.id)


class Tokens(Struct, frozen=True):
    """The sealed secrets of an account."""

    sealed_token: bytes
    sealed_secondary_token: bytes | None
    sealed_test_token: bytes
    test_account_id: UUID
    secondary_since: datetime | None


class ApiKey(Struct, frozen=True):
    account_id: AccountId
    id: UUID
    friendly_name: str
    kind: Literal["standard", "main"]
    created_at: datetime
    updated_at: datetime

    @property
    def sid(self) -> str:
        return sid("SK", self.id)


class NewAccount(Struct, frozen=True):
    """An account with its secrets in clear, which are shown once."""

    account: Account
    auth_token: str
    test_sid: str
    test_auth_token: str


class NewApiKey(Struct, frozen=True):
    key: ApiKey
    secret: str


class Caller(Struct, frozen=True):
    """Who proved to be calling: an account by its token, by one of its keys, or a person by an access token."""

    account: Account
    key_id: UUID | None = None
    is_main: bool = True  # may manage accounts and keys: the auth token, or a main key
    is_test: bool = False
    is_person: bool = False  # by an access token, which lies in the browsers of the account's customers
