"""A trigger, and what a caller asks for."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.sids import sid

Recurring = Literal["daily", "monthly", "yearly", "alltime"]
By = Literal["count", "usage", "price"]
Method = Literal["GET", "POST"]


class NewTrigger(Struct, frozen=True, kw_only=True):
    """`value` is as the caller wrote it: `1000`, or `+30` for so many more than now."""

    category: str
    value: str
    callback_url: str
    callback_method: Method = "POST"
    friendly_name: str = ""
    recurring: Recurring = "alltime"
    trigger_by: By = "usage"


class Trigger(Struct, frozen=True, kw_only=True):
    """`threshold` counts millionths where it is of price. `fired_for` is the first day of the time it fired for."""

    account_id: AccountId
    id: UUID
    friendly_name: str
    category: str
    trigger_by: By
    threshold: int
    recurring: Recurring
    callback_url: str
    callback_method: Method
    fired_at: datetime | None
    fired_for: date | None
    created_at: datetime
    updated_at: datetime

    @property
    def sid(self) -> str:
        return sid("UT", self.id)


class Time(Struct, frozen=True):
    """A day, a month, a year, or all time, from its first day to its last."""

    start: date
    end: date
