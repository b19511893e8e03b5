"""Finding a value in a document by its place, written like `messages.0.id`."""

from typing import Any


def at(document: Any, place: str) -> str:
    """The value as text; empty where there is none, or no plain value."""
    value = document
    for step in place.split(".") if place else ():
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return ""
    return str(value) if place and isinstance(value, str | int | float) and not isinstance(value, bool) else ""
