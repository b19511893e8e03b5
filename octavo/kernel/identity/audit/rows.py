"""What the audit trail records."""

from typing import Literal

from msgspec import Struct

AuditKind = Literal[
    "registered",
    "signed_in",
    "email_changed",
    "username_changed",
    "password_changed",
    "password_reset",
    "roles_changed",
]


class Visitor(Struct, frozen=True):
    """Where a request came from, as far as it may be remembered: a device in words and a keyed hash of the address."""

    device: str = ""
    address_hash: str = ""
