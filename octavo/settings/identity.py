"""Settings of `kernel.identity`: accounts and sessions."""

import msgspec


class IdentitySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How people register, sign in and stay signed in."""
