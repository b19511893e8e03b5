"""A session as stored, as its owner sees it, and as the person signing in receives it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from octavo.kernel.identity.user.rows import OwnAccount

# A cookie session belongs to a browser, a bearer session to a program.
SessionKind = Literal["cookie", "bearer"]


class Session(Struct, frozen=True):
    id: UUID
    kind: str
    device: str
    address_hash: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class Bearer(Struct, frozen=True):
    """What a token's session says about who sends it."""

    session_id: UUID
    name: str
    roles: list[str]
    locale: str
    seen_at: datetime


class OpenedSession(Struct, frozen=True):
    """A fresh session. The token is shown here and never again."""

    token: str
    session_id: UUID
    expires_at: datetime
    user: OwnAccount
