"""Identifiers: UUIDv7 made in Python (RFC 9562), and random secrets."""

import secrets
from uuid import UUID

from uuid_utils import uuid7 as _uuid7
from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7: unique, and sortable by the millisecond it was made in."""
    return uuid7()


def new_request_id() -> str:
    """The same as text, without the object in between: every request pays for one."""
    return str(_uuid7())


def new_secret(size: int = 32) -> str:
    """`size` random bytes as URL-safe text, for tokens that grant something."""
    return secrets.token_urlsafe(size)
