"""Sums of bytes, each under what it is summed by."""

from uuid import UUID

import msgspec


class KindSum(msgspec.Struct, frozen=True):
    """`rung` is such as 480p, or sound; empty where a kind of file has no rungs."""

    kind: str
    rung: str
    files: int
    bytes: int


class PersonSum(msgspec.Struct, frozen=True):
    """`uploaded` is what a person has brought, `made` what was made of it. `name` is empty for one who has gone."""

    owner_id: UUID
    films: int
    uploaded: int
    made: int
    name: str = ""


class MonthSum(msgspec.Struct, frozen=True):
    """What takes room now of the films that came in a month, such as 2026-11."""

    month: str
    films: int
    bytes: int


class StorageReport(msgspec.Struct, frozen=True):
    kinds: list[KindSum]
    people: list[PersonSum]
    months: list[MonthSum]

    @property
    def bytes(self) -> int:
        return sum(kind.bytes for kind in self.kinds)
