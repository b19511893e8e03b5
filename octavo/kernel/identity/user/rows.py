"""A user as stored, as others see them, and as they see themselves."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class User(Struct, frozen=True):
    id: UUID
    pseudonym: UUID
    name: str
    email: str
    username: str
    roles: list[str]
    state: str
    locale: str
    created_at: datetime


class PublicUser(Struct, frozen=True):
    """What anyone may know of a user."""

    id: UUID
    name: str
    username: str


class OwnAccount(Struct, frozen=True):
    """What a user sees of their own account."""

    id: UUID
    name: str
    email: str
    username: str
    roles: list[str]
    locale: str
    created_at: datetime


class Profile(Struct, frozen=True):
    """The part of an account that its owner edits freely. `locale` is blank where the browser's language decides."""

    name: str
    username: str
    locale: str = ""


def own_account(user: User) -> OwnAccount:
    return OwnAccount(
        id=user.id,
        name=user.name,
        email=user.email,
        username=user.username,
        roles=user.roles,
        locale=user.locale,
        created_at=user.created_at,
    )
