"""What was found out about a number."""

from typing import Literal

from msgspec import Struct

LineType = Literal[
    "mobile",
    "landline",
    "tollFree",
    "fixedVoip",
    "nonFixedVoip",
    "personal",
    "premium",
    "voicemail",
    "sharedCost",
    "uan",
    "pager",
    "unknown",
]
ValidationError = Literal[
    "TOO_SHORT", "TOO_LONG", "INVALID_BUT_POSSIBLE", "INVALID_COUNTRY_CODE", "INVALID_LENGTH", "NOT_A_NUMBER"
]


class Found(Struct, frozen=True):
    """`number` is E.164 where it is valid, otherwise what was asked; the other texts are blank then."""

    number: str
    calling_code: str
    country: str
    national_format: str
    errors: tuple[ValidationError, ...]

    @property
    def valid(self) -> bool:
        return not self.errors


class Line(Struct, frozen=True):
    """The network behind a number. Only mobile ones have codes."""

    type: LineType
    carrier: str
    country_code: str | None = None
    network_code: str | None = None


class Name(Struct, frozen=True):
    """Whose number it is, as a caller's display would say."""

    name: str
    type: Literal["CONSUMER", "BUSINESS"]
