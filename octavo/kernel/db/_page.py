"""Keyset pages: a page knows the key of its last row, and the next page starts after it. No OFFSET anywhere."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from octavo.kernel.refusals import NotFound

T = TypeVar("T")
MAX_CURSOR_LENGTH = 1024


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Some rows in order; `next` asks for the ones after them, and is None on the last page."""

    items: list[T]
    next: str | None = None


class BadCursor(NotFound):
    """A cursor is the address of a page; one that we never gave leads nowhere."""

    title = "That page marker is not one of ours"


def page_of(rows: Sequence[T], size: int, key: Callable[[T], tuple[Any, ...]]) -> Page[T]:
    """The page out of `size + 1` rows: one more than is shown tells whether there is a next page."""
    items = list(rows[:size])
    return Page(items=items, next=encode_cursor(*key(items[-1])) if len(rows) > size else None)


def encode_cursor(*keys: Any) -> str:
    """Sort keys (text, numbers, times, UUIDs) as one opaque, URL-safe word."""
    return base64.urlsafe_b64encode(msgspec.json.encode(keys)).rstrip(b"=").decode()


def decode_cursor(text: str, *types: Any) -> tuple[Any, ...]:
    """The sort keys again, each as its type. Raises BadCursor for anything that `encode_cursor` did not write."""
    if len(text) > MAX_CURSOR_LENGTH:
        raise BadCursor
    try:
        packed = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(packed, type=tuple[types])  # type: ignore[valid-type]
    except (UnicodeEncodeError, binascii.Error, msgspec.DecodeError) as error:
        raise BadCursor from error
