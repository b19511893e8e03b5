"""Reading a JSON body into a type, with every wrong field reported at once."""

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import msgspec

from octavo.kernel.http._wording import NO_NUL, REQUIRED, bare, sentence
from octavo.kernel.refusals import BadRequest, Invalid

_NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class JsonReader:
    """Made once per route. A right body is decoded in one step; only a wrong one is walked field by field."""

    def __init__(self, kind: Any) -> None:
        self.kind = kind
        self._decoder = msgspec.json.Decoder(kind)

    def read(self, body: bytes) -> Any:
        """Raises BadRequest for what is no JSON, and Invalid for JSON of another shape."""
        try:
            # PostgreSQL cannot store U+0000 in text; in JSON it can only be written as this escape.
            if b"\\u0000" in body:
                _refuse_nul(_parse(body))
            return self._decoder.decode(body)
        except msgspec.ValidationError as error:
            raise self._all_errors(body, error) from error
        except _NOT_JSON as error:
            raise BadRequest(f"The body is not JSON: {error}.") from error

    def _all_errors(self, body: bytes, first: msgspec.ValidationError) -> Invalid:
        fields = dict(_errors_in(_parse(body), self.kind, ""))
        if not fields:
            where = str(first).partition(" - at `$")[2].strip("`").lstrip(".")
            fields = {where: sentence(first)}
        return Invalid(fields=fields)


def _parse(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except _NOT_JSON as error:
        raise BadRequest(f"The body is not JSON: {error}.") from error


def _errors_in(value: Any, kind: Any, path: str) -> Iterator[tuple[str, str]]:
    plain = _without_none(bare(kind))
    origin = get_origin(plain)
    struct = origin if origin is not None and _is_struct(origin) else plain
    if _is_struct(struct) and isinstance(value, dict):
        yield from _errors_in_struct(value, plain, path)
    elif origin in (list, tuple) and isinstance(value, list) and (item := get_args(plain)[:1]):
        for position, entry in enumerate(value):
            yield from _errors_in(entry, item[0], f"{path}.{position}" if path else str(position))
        if not path or value:
            yield from _own_error(value, kind, path, deep=False)
    else:
        yield from _own_error(value, kind, path, deep=True)


def _errors_in_struct(value: dict[str, Any], kind: Any, path: str) -> Iterator[tuple[str, str]]:
    for field in msgspec.structs.fields(kind):
        name = f"{path}.{field.encode_name}" if path else field.encode_name
        if field.encode_name in value:
            yield from _errors_in(value[field.encode_name], field.type, name)
        elif field.required:
            yield name, REQUIRED


def _own_error(value: Any, kind: Any, path: str, *, deep: bool) -> Iterator[tuple[str, str]]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        # A list's entries have reported themselves; only what is wrong with the list as such is new.
        if deep or " - at `" not in str(error):
            yield path, sentence(error)


def _refuse_nul(value: Any) -> None:
    if isinstance(value, str):
        if "\x00" in value:
            raise Invalid(NO_NUL)
    elif isinstance(value, dict):
        for key, entry in value.items():
            _refuse_nul(key)
            _refuse_nul(entry)
    elif isinstance(value, list):
        for entry in value:
            _refuse_nul(entry)


def _without_none(kind: Any) -> Any:
    """`Author | None` is, for a value that was given, an Author."""
    if get_origin(kind) in (Union, UnionType):
        options = [option for option in get_args(kind) if option is not NoneType]
        if len(options) == 1:
            return bare(options[0])
    return kind


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)
