"""A cookie as it is kept."""

from msgspec import Struct


class Cookie(Struct, frozen=True):
    """`value` is as it was written, quotes included; `ends` is a time of the clock, in seconds."""

    name: str
    value: str
    path: str
    secure: bool
    ends: float
