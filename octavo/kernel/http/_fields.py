"""Reading text fields (a query string, a form, headers) into a struct, with every wrong field reported at once."""

from collections.abc import Callable, Iterable
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin

import msgspec

from octavo.kernel.http._wording import NO_NUL, REQUIRED, bare, is_text, sentence
from octavo.kernel.refusals import Invalid

S = TypeVar("S", bound=msgspec.Struct)
_LISTS = (list, tuple, set, frozenset)


class FieldReader(Generic[S]):
    """Made once per route; `read` is the only part that runs per request."""

    def __init__(self, struct: type[S], *, name: Callable[[str], str] = str) -> None:
        self.struct = struct
        self._infos = {name(field.encode_name): field for field in msgspec.structs.fields(struct)}
        self._fields = {name: _Field(field) for name, field in self._infos.items()}

    def fields(self) -> Iterable[tuple[str, msgspec.structs.FieldInfo]]:
        """Each field under the name that a request gives it."""
        return self._infos.items()

    def read(self, pairs: Iterable[tuple[str, str]]) -> S:
        """Unknown names are left alone: a browser's form may carry a submit button's name. Raises Invalid."""
        given: dict[str, list[str]] = {}
        for name, text in pairs:
            if name in self._fields:
                given.setdefault(name, []).append(text)
        values: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for name, field in self._fields.items():
            try:
                if name in given and field.says_something(given[name]):
                    values[field.attribute] = field.convert(given[name])
                elif field.required:
                    errors[name] = REQUIRED
            except msgspec.ValidationError as error:
                errors[name] = sentence(error)
        if errors:
            raise Invalid(fields=errors)
        try:
            return self.struct(**values)
        except ValueError as error:
            # The struct's own check of several fields together.
            raise Invalid(str(error)) from error


class _Field:
    def __init__(self, field: msgspec.structs.FieldInfo) -> None:
        self.attribute = field.name
        self.required = field.required
        self._type = field.type
        plain = bare(field.type)
        origin = get_origin(plain)
        self._repeats = plain in _LISTS or origin in _LISTS
        self._keeps_blank = is_text(field.type)
        options = get_args(plain) if origin in (Union, UnionType) else (plain,)
        self._is_bool = {bare(option) for option in options} - {NoneType} == {bool}

    def says_something(self, texts: list[str]) -> bool:
        """A blank says nothing, except where text is asked for; so an empty number field is an absent one."""
        return self._repeats or self._keeps_blank or texts != [""]

    def convert(self, texts: list[str]) -> Any:
        if any("\x00" in text for text in texts):
            raise msgspec.ValidationError(NO_NUL)
        if self._repeats:
            return msgspec.convert([text for text in texts if text != ""], self._type, strict=False)
        if len(texts) > 1:
            raise msgspec.ValidationError("Give this only once.")
        text = texts[0]
        if self._is_bool and text == "on":
            return True  # what a checkbox sends
        return msgspec.convert(text, self._type, strict=False)
