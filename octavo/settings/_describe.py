"""What each setting is for, read from the structs themselves, for the documentation page and `octavo doctor`."""

from typing import Any, get_type_hints

import msgspec
from msgspec import inspect

from octavo.settings._settings import packages


class SettingDoc(msgspec.Struct, frozen=True):
    """One setting: `variable` is its environment variable, `default` its value as a person would write it in TOML."""

    package: str
    field: str
    variable: str
    type: str
    default: str
    description: str


def describe_settings() -> list[SettingDoc]:
    """Every setting of every package, in the order of the source."""
    return [doc for package, kind in packages().items() for doc in _describe_package(package, kind)]


def variable_name(package: str, field: str) -> str:
    return f"OCTAVO_{package}_{field}".upper()


def is_secret(hint: Any) -> bool:
    """Whether the setting's value has no place in a message: marked with `Meta(extra={"secret": True})`."""
    return any((meta.extra or {}).get("secret", False) for meta in _metas(hint))


def _describe_package(package: str, kind: type[msgspec.Struct]) -> list[SettingDoc]:
    hints = get_type_hints(kind, include_extras=True)
    defaults = kind()
    return [
        SettingDoc(
            package=package,
            field=name,
            variable=variable_name(package, name),
            type=_type_name(hints[name]),
            default=_as_written(getattr(defaults, name)),
            description=_description(hints[name]),
        )
        for name in kind.__struct_fields__
    ]


def _description(hint: Any) -> str:
    return " ".join(meta.description for meta in _metas(hint) if meta.description)


def _metas(hint: Any) -> list[msgspec.Meta]:
    return [meta for meta in getattr(hint, "__metadata__", ()) if isinstance(meta, msgspec.Meta)]


def _type_name(hint: Any) -> str:
    """The type in a reader's words, such as `int` or `list of str`."""
    kind = inspect.type_info(hint)
    if isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        return " or ".join("nothing" if isinstance(t, inspect.NoneType) else _plain_name(t) for t in kind.types)
    return _plain_name(kind)


def _plain_name(kind: inspect.Type) -> str:
    if isinstance(kind, inspect.Metadata):
        return _plain_name(kind.type)
    if isinstance(kind, inspect.VarTupleType | inspect.ListType | inspect.FrozenSetType | inspect.SetType):
        return f"list of {_plain_name(kind.item_type)}"
    if isinstance(kind, inspect.LiteralType):
        return " or ".join(f"`{value}`" for value in kind.values)
    if isinstance(kind, inspect.CustomType):
        return kind.cls.__name__.lower()
    return type(kind).__name__.removesuffix("Type").lower()


def _as_written(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value, enc_hook=str).decode()
