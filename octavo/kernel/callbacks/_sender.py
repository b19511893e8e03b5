"""What a product gives to have its callbacks sent: a signature, and what is to happen with answers and failures."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from octavo.kernel.callbacks.rows import Delivery, Reason
from octavo.kernel.db import Transaction

if TYPE_CHECKING:
    from octavo.kernel.context import Context, Engines

Form = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """`sign(engines, owner_id, method, url, form, json)` gives headers; `explain(reason, url)` the fields that tell a
    fallback what went wrong before. `answered(ctx, delivery, content_type, body)` carries an answer out, at least once;
    `failed(ctx, tx, delivery, reason, status)` notes that nobody took the callback.
    """

    sign: "Callable[[Engines, UUID, str, str, Form, bytes | None], Awaitable[dict[str, str]]]"
    explain: Callable[[Reason, int | None, str], Form]
    answered: "Callable[[Context, Delivery, str, bytes], Awaitable[None]] | None" = None
    failed: "Callable[[Context, Transaction, Delivery, Reason, int | None], Awaitable[None]] | None" = None


_senders: dict[str, Sender] = {}


def register_sender(product: str, sender: Sender) -> None:
    """For all kinds that begin with `product.`; registered when the application is put together."""
    _senders[product] = sender


def sender_of(kind: str) -> Sender:
    return _senders[kind.partition(".")[0]]
