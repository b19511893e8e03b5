"""Records into frozen structs. This is on the path of every request, so all thinking is done once per statement."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import starmap
from operator import itemgetter
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

import asyncpg
import msgspec

R = TypeVar("R", bound=msgspec.Struct)
Decoder = Callable[[Iterable[asyncpg.Record]], list[Any]]

# Statements are constants of the source; the bound only guards against text that is built per call.
_MAX_CACHED = 4096
_decoders: dict[tuple[type, str], Decoder] = {}

# What asyncpg hands out already has these types; every other field type is converted.
_AS_IS = (str, int, float, bool, bytes, UUID, datetime, date, time, timedelta, Decimal, type(None), Any)


def decode(row: type[R], sql: str, records: Sequence[asyncpg.Record]) -> list[R]:
    """`records` of the statement `sql` as `row` structs, columns matched to fields by name."""
    if not records:
        return []
    decoder = _decoders.get((row, sql))
    if decoder is None:
        if len(_decoders) >= _MAX_CACHED:
            _decoders.clear()
        decoder = _decoders[row, sql] = _make_decoder(row, tuple(records[0].keys()))
    return decoder(records)


def _make_decoder(row: type[msgspec.Struct], columns: tuple[str, ...]) -> Decoder:
    fields = row.__struct_fields__
    _check_columns(row, columns)
    converters = _converters(row, columns)
    positional = not converters and _takes_positions(row)
    if positional and columns == fields:
        return lambda records: list(starmap(row, records))
    if positional and len(columns) == len(fields) > 1:
        in_field_order = itemgetter(*fields)
        return lambda records: [row(*in_field_order(record)) for record in records]

    def by_name(record: asyncpg.Record) -> Any:
        values = dict(record)
        for name, convert in converters.items():
            values[name] = convert(values[name])
        return row(**values)

    return lambda records: [by_name(record) for record in records]


def _takes_positions(row: type[msgspec.Struct]) -> bool:
    return all(p.kind is not p.KEYWORD_ONLY for p in inspect.signature(row).parameters.values())


def _check_columns(row: type[msgspec.Struct], columns: tuple[str, ...]) -> None:
    """A mismatch is a mistake in our own SQL, told in full so that it is found in the first test that runs it."""
    required = {f.name for f in msgspec.structs.fields(row) if f.required}
    unknown, missing = set(columns) - set(row.__struct_fields__), required - set(columns)
    if unknown or missing or len(set(columns)) != len(columns):
        raise TypeError(
            f"The statement's columns do not fit {row.__name__}: "
            f"unknown {sorted(unknown)}, missing {sorted(missing)}, selected {list(columns)}."
        )


def _converters(row: type[msgspec.Struct], columns: tuple[str, ...]) -> dict[str, Callable[[Any], Any]]:
    hints = get_type_hints(row)
    return {name: _converter(hints[name]) for name in columns if not _fits_as_is(hints[name])}


def _fits_as_is(hint: Any) -> bool:
    hint = getattr(hint, "__supertype__", hint)  # a NewType is its value
    if hint in _AS_IS:
        return True
    if get_origin(hint) in (list, dict):
        return all(_fits_as_is(argument) for argument in get_args(hint))
    arguments = get_args(hint)
    return bool(arguments) and get_origin(hint) not in (tuple, set, frozenset) and all(map(_fits_as_is, arguments))


def _converter(hint: Any) -> Callable[[Any], Any]:
    return lambda value: msgspec.convert(value, hint, strict=False)
