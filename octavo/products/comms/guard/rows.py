"""What an account allows itself, what it has sent today, and what is held back."""

from datetime import date, datetime, time
from typing import Literal
from uuid import UUID

from msgspec import Struct


class Policy(Struct, frozen=True, kw_only=True):
    """`spend_per_day` is in millionths of the currency. Quiet hours are those of the recipient; they may span midnight.

    `protects`: beginnings of numbers that look like fraud are held back for a while.
    """

    account_id: UUID
    countries_allowed: list[str] | None = None
    countries_refused: list[str] = []
    messages_per_day: int | None = None
    segments_per_day: int | None = None
    spend_per_day: int | None = None
    quiet_from: time | None = None
    quiet_to: time | None = None
    protects: bool = False

    def permits(self, country: str) -> bool:
        """Whether messages may go to the country, named by its two letters."""
        allowed = self.countries_allowed is None or country in self.countries_allowed
        return allowed and country not in self.countries_refused

    @property
    def has_caps(self) -> bool:
        return not (self.messages_per_day is self.segments_per_day is self.spend_per_day is None)


class Block(Struct, frozen=True):
    """No message goes to numbers with this beginning, until then."""

    beginning: str
    kind: Literal["pumping", "new-country"]
    until: datetime


class Standing(Struct, frozen=True):
    """All that deciding needs, remembered for seconds."""

    policy: Policy
    blocks: list[Block]


class Sum(Struct, frozen=True):
    """What was accepted on a day. `spend` is in millionths of the currency."""

    messages: int = 0
    segments: int = 0
    spend: int = 0


class Wanted(Struct, frozen=True):
    """A message that is about to be accepted. `spend` is in millionths of the currency."""

    recipient: str
    segments: int
    spend: int = 0


class Traffic(Struct, frozen=True):
    """What went to numbers of one beginning lately."""

    beginning: str
    messages: int
    ended: int
    delivered: int


class Seen(Struct, frozen=True):
    """A country that an account has sent to."""

    country: str
    first_seen: datetime


class Refused(Struct, frozen=True):
    """Messages to one country that were refused for one reason within an hour; `recipient` is that of the last one."""

    number: int
    country: str
    messages: int
    recipient: str
    last_at: datetime


class DayRefused(Struct, frozen=True):
    """How many messages were refused on a day."""

    day: date
    messages: int
