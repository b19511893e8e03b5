"""Rows come out as frozen structs, whatever order the columns are in, and mistakes in our SQL are told in full."""

from datetime import UTC, datetime
from typing import Literal, NewType
from uuid import UUID

import msgspec
import pytest

from octavo.kernel.db import Database
from octavo.kernel.ids import new_id

TitleId = NewType("TitleId", UUID)


class Cut(msgspec.Struct, frozen=True):
    start: float
    end: float


class Film(msgspec.Struct, frozen=True):
    id: TitleId
    name: str
    released: datetime | None = None


class Detailed(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    state: Literal["draft", "public"]
    cuts: tuple[Cut, ...] = ()
    tags: list[str]
    notes: dict[str, int] | None = None


async def test_columns_in_field_order_become_a_struct(db: Database) -> None:
    key, day = new_id(), datetime(2009, 5, 29, tzinfo=UTC)
    film = await db.one(Film, "SELECT $1::uuid AS id, 'Up' AS name, $2::timestamptz AS released", key, day)
    assert film == Film(TitleId(key), "Up", day)


async def test_columns_in_any_order_become_a_struct(db: Database) -> None:
    films = await db.fetch(Film, "SELECT 'Up' AS name, NULL::timestamptz AS released, $1::uuid AS id", key := new_id())
    assert films == [Film(TitleId(key), "Up")]


async def test_a_column_with_a_default_may_be_left_out(db: Database) -> None:
    assert await db.fetch(Film, "SELECT 'Up' AS name, $1::uuid AS id", key := new_id()) == [Film(TitleId(key), "Up")]


async def test_json_and_arrays_become_the_types_of_the_fields(db: Database) -> None:
    row = await db.one(
        Detailed,
        "SELECT 'Up' AS name, 'draft' AS state, $1::jsonb AS cuts, $2::text[] AS tags, $3::jsonb AS notes",
        [Cut(0.5, 2.0)],
        ["a", "b"],
        {"views": 3},
    )
    assert row == Detailed(name="Up", state="draft", cuts=(Cut(0.5, 2.0),), tags=["a", "b"], notes={"views": 3})


async def test_json_goes_in_and_comes_out_as_it_was(db: Database) -> None:
    value = {"text": "ümläut \U0001f600", "numbers": [1, 2.5, None], "nested": {"yes": True}}
    assert await db.value("SELECT $1::jsonb", value) == value


async def test_an_unknown_column_is_named(db: Database) -> None:
    with pytest.raises(TypeError, match=r"Film: unknown \['nam'\], missing \['name'\]"):
        await db.fetch(Film, "SELECT $1::uuid AS id, 'Up' AS nam", new_id())


async def test_a_column_that_comes_twice_is_refused(db: Database) -> None:
    with pytest.raises(TypeError, match="do not fit Film"):
        await db.fetch(Film, "SELECT $1::uuid AS id, 'Up' AS name, 'Down' AS name", new_id())


async def test_no_rows_are_no_rows(db: Database) -> None:
    assert await db.fetch(Film, "SELECT $1::uuid AS id, 'Up' AS name WHERE false", new_id()) == []
    assert await db.one(Film, "SELECT $1::uuid AS id, 'Up' AS name WHERE false", new_id()) is None
    assert await db.value("SELECT 1 WHERE false") is None
    assert await db.column("SELECT 1 WHERE false") == []


async def test_a_column_of_values_is_a_list(db: Database) -> None:
    assert await db.column("SELECT n FROM generate_series(1, 3) AS n") == [1, 2, 3]


async def test_times_are_aware_and_in_utc(db: Database) -> None:
    found = await db.value("SELECT '2026-01-01 12:00+02'::timestamptz")
    assert found == datetime(2026, 1, 1, 10, tzinfo=UTC)
    assert found.tzinfo is not None
