"""Parameters of a call: PascalCase names of a form, repeated ones as lists, into a struct of Python's own names.

`class NewMessage(Params)` with `media_url: list[str] = []` reads `MediaUrl=a&MediaUrl=b`. A name that is none in
Python is given as `field(name="DateSent<")`; one that ends with a dot collects a map, `Substitutions.` from
`Substitutions.a=1`. Blank is absent where the field is not text. What is unknown is ignored, as the vendor does.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from octavo.products.comms.codes import CommsRefusal

Fields = dict[str, Any]
P = TypeVar("P", bound="Params")


class Params(msgspec.Struct):
    """What a call may carry. All fields have defaults: what must be there is decided, and refused, by the action."""


class ParamsReader(Generic[P]):
    """Reads one kind of `Params`. `Meta(extra={"code": 21211})` on a field is the code for a value of a wrong type."""

    def __init__(self, kind: type[P]) -> None:
        self._kind = kind
        hints = get_type_hints(kind, include_extras=True)
        self._fields: dict[str, _Field] = {}
        self._maps: dict[str, str] = {}
        for field in msgspec.structs.fields(kind):
            wire = field.encode_name if field.encode_name != field.name else pascal(field.name)
            if wire.endswith("."):
                self._maps[wire] = field.name
            else:
                self._fields[wire] = _Field(wire, field.name, hints[field.name])

    def read(self, pairs: Iterable[tuple[str, str]]) -> P:
        """Raises CommsRefusal 20001 for a value of the wrong type, naming the parameter."""
        values: dict[str, Any] = {}
        for name, text in pairs:
            field = self._fields.get(name)
            if field is not None:
                field.take(text, values)
            elif self._maps:
                self._take_into_map(name, text, values)
        return self._kind(**values)

    def read_json(self, document: Mapping[str, Any]) -> P:
        """The same names in a JSON object, for the few resources that take one."""
        values: dict[str, Any] = {}
        for name, value in document.items():
            field = self._fields.get(name)
            if field is not None and value is not None:
                values[field.name] = field.convert(value)
        return self._kind(**values)

    def _take_into_map(self, name: str, text: str, values: dict[str, Any]) -> None:
        prefix, dot, rest = name.partition(".")
        if dot and (into := self._maps.get(prefix + dot)) is not None:
            values.setdefault(into, {})[rest] = text


class _Field:
    def __init__(self, wire: str, name: str, kind: Any) -> None:
        self.wire, self.name, self._kind = wire, name, kind
        self._code: int = _extra(kind).get("code", 20001)
        plain = _without_none(kind)
        self._is_list = get_origin(plain) is list
        self._is_text = plain is str or (self._is_list and get_args(plain) == (str,))

    def take(self, text: str, values: dict[str, Any]) -> None:
        if not text and not self._is_text:
            return
        if self._is_list:
            item = text if self._is_text else self.convert([text])[0]
            values.setdefault(self.name, []).append(item)
        else:
            values[self.name] = text if self._is_text else self.convert(text)

    def convert(self, value: Any) -> Any:
        try:
            return msgspec.convert(value, self._kind, strict=False)
        except msgspec.ValidationError:
            raise CommsRefusal(self._code, f"Invalid value for parameter {self.wire}: {value!r:.60}") from None


def pascal(name: str) -> str:
    """`sms_url` is SmsUrl and `from_` is From on the wire."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def reader_of(handler: Callable[..., Any]) -> ParamsReader[Any] | None:
    """The reader of a handler's second parameter, if it takes one."""
    kind = get_type_hints(handler).get("params")
    return ParamsReader(kind) if kind is not None else None


def _extra(kind: Any) -> dict[str, Any]:
    if get_origin(kind) is Annotated:
        return next((meta.extra for meta in kind.__metadata__ if isinstance(meta, msgspec.Meta) and meta.extra), {})
    return next((extra for member in get_args(kind) if (extra := _extra(member))), {})


def _without_none(kind: Any) -> Any:
    if get_origin(kind) is Annotated:
        return _without_none(get_args(kind)[0])
    members = [one for one in get_args(kind) if one is not type(None)]
    is_optional = len(members) == 1 and type(None) in get_args(kind)
    return _without_none(members[0]) if is_optional else kind
