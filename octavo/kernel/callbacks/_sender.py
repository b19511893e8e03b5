"""What a product gives to have its callbacks sent: a signature, and what is to happen with answers and failures."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from octavo.kernel.callbacks.rows import Attempt, Delivery
from octavo.kernel.db import Transaction

if TYPE_CHECKING:
    from octavo.kernel.context import Context, Engines

Form = list[tuple[str, str]]


class Signed(NamedTuple):
    """The URL to ask, which may bind the body, and the headers that prove who asks."""

    url: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """`sign(engines, owner_id, url, form, json)` is asked before each attempt; the form is empty where the URL has it.

    `explain(attempt)` gives the fields that tell a fallback what went wrong before it. `answered(ctx, delivery,
    content_type, body)` carries an answer out that was wanted: at least once, so by the delivery's id. `failed(ctx, tx,
    delivery, attempt, is_last)` notes that nobody took the callback in a round, or its fallback alone, with the attempt
    that went wrong last. `cookies(engines, delivery, url)` gives those that a request takes along, as its header has
    them, and `keep_cookies(engines, delivery, url, said)` is told which ones an answer sets.
    """

    sign: "Callable[[Engines, UUID, str, Form, bytes | None], Awaitable[Signed]]"
    explain: Callable[[Attempt], Form]
    answered: "Callable[[Context, Delivery, str, bytes], Awaitable[None]] | None" = None
    failed: "Callable[[Context, Transaction, Delivery, Attempt, bool], Awaitable[None]] | None" = None
    cookies: "Callable[[Engines, Delivery, str], Awaitable[str]] | None" = None
    keep_cookies: "Callable[[Engines, Delivery, str, Sequence[str]], Awaitable[None]] | None" = None


_senders: dict[str, Sender] = {}


def register_sender(product: str, sender: Sender) -> None:
    """For all kinds that begin with `product.`; registered when the application is put together."""
    _senders[product] = sender


def sender_of(kind: str) -> Sender:
    return _senders[kind.partition(".")[0]]
