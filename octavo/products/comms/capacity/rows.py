"""The inputs of an estimate, its steps, and what a run of the storage sample gives."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

Count = Annotated[float, Meta(ge=0)]
Positive = Annotated[float, Meta(gt=0)]


class Inputs(Struct, frozen=True, kw_only=True):
    """Bytes are counted in thousands, days in 86,400 seconds, years in 365 days. Prices are for a month."""

    messages_per_day: Positive = 100e6
    reads_per_message: Count = 100.0
    message_bytes: Positive = 1_000.0
    years: Positive = 3.0
    peak: Positive = 3.0  # the busiest second against the average
    copies: Positive = 2.0
    segments_per_message: Positive = 1.3
    callbacks_per_message: Count = 3.0
    node_price: Decimal = Decimal(0)
    terabyte_price: Decimal = Decimal(0)
    egress_terabyte_price: Decimal = Decimal(0)


class Step(Struct, frozen=True):
    """One line of an estimate: `how` is the sum that gave `value`."""

    name: str
    value: float
    unit: str
    how: str


class Measured(Struct, frozen=True):
    """A rate of one node, from a bench."""

    bench: str
    name: str
    ours: float


class Role(Struct, frozen=True):
    """Nodes of one kind: which bench measures them, by the beginning of the measure's name, and what they carry."""

    title: str
    bench: str
    measure: str
    load: str  # the name of the step that they carry


class Stored(Struct, frozen=True):
    """What fitted: `stored` of `asked` messages; `remaining` bytes are free."""

    stored: int
    asked: int
    remaining: int
