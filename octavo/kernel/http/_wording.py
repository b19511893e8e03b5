"""What is wrong with an input, in words for the person who typed it."""

import re
from typing import Any
from uuid import UUID

import msgspec

REQUIRED = "This is required."
NO_NUL = "This holds a character that cannot be stored."
_BOUND = re.compile(r"Expected `(\w+)` (of length )?(>=|<=|>|<|matching regex|that's a multiple of) ?(.*)$")
_EXPECTED = {
    "int": "Enter a whole number.",
    "float": "Enter a number.",
    "bool": "Choose yes or no.",
    "str": "Enter text.",
    "uuid": "This is not a valid id.",
    "datetime": "Enter a date and time such as 2026-01-31T18:00:00Z.",
    "date": "Enter a date such as 2026-01-31.",
    "object": "This must be an object.",
    "array": "This must be a list.",
}


def sentence(error: msgspec.ValidationError) -> str:
    """msgspec's message, such as "Expected `str` of length >= 3 - at `$.name`", as advice."""
    text = str(error).split(" - at `")[0]
    bound = _BOUND.match(text)
    if bound:
        return _bound_sentence(bound[1], bool(bound[2]), bound[3], bound[4].strip("'`"))
    wrong = re.match(r"Invalid enum value '?(.*?)'?$", text)
    if wrong:
        return f"“{wrong[1]}” is not one of the choices."
    for name, advice in _EXPECTED.items():
        if text.startswith((f"Expected `{name}", f"Invalid {name}", f"Invalid RFC3339 encoded {name}")):
            return advice
    return text.rstrip(".") + "."


def _bound_sentence(kind: str, is_length: bool, relation: str, value: str) -> str:
    if relation == "matching regex":
        return "This does not have the right form."
    if relation.startswith("that's"):
        return f"This must be a multiple of {value}."
    if not is_length:
        words = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}[relation]
        return f"This must be {words} {value}."
    unit = "characters" if kind == "str" else "entries"
    return f"Use at least {value} {unit}." if relation.startswith(">") else f"Use at most {value} {unit}."


def is_text(kind: Any) -> bool:
    """Whether a field of this type keeps a blank as it is."""
    return bare(kind) is str


def bare(kind: Any) -> Any:
    """The type without Annotated and NewType around it."""
    while True:
        if hasattr(kind, "__supertype__"):
            kind = kind.__supertype__
        elif hasattr(kind, "__metadata__"):
            kind = kind.__origin__
        else:
            return kind


def parse_uuid(text: str) -> UUID:
    """Only the usual form of 36 characters: one thing has one address."""
    if len(text) != 36:
        raise ValueError("not a UUID")
    return UUID(text)
