"""A consumer: who wants to hear of what, in which shape, and what it then does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from octavo.kernel.db import Transaction

if TYPE_CHECKING:
    from octavo.kernel.context import Context


@dataclass(frozen=True, slots=True)
class Consumer:
    """`handle` runs in the transaction that moves the consumer's offset, so its effect on that database happens once.

    `takes` is the consumer's own struct: it names only the fields that it reads. What `handle` does outside the
    transaction may happen again after a crash.
    """

    name: str
    on: str
    takes: type[msgspec.Struct]
    handle: Callable[[Context, Transaction, Any], Awaitable[None]]
