"""What uploads are for: each product names its purposes, and hears of every new asset of them."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import msgspec

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.refusals import Invalid


class NewAsset(msgspec.Struct, frozen=True):
    """An asset that has just come to be, its bytes still to arrive. `filename` is safe to show and to store.

    `belongs_to` is what the sender says it is for: something of the product's, such as a title that waits for it.
    `encryption` is what the sender wants of it; without a word the setting decides.
    """

    asset_id: UUID
    owner_id: UUID
    filename: str
    purpose: str
    belongs_to: UUID | None = None
    encryption: Literal["", "none", "clear-key"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """`accepts` holds media types (`video/*`, `image/png`); `created` runs in the transaction that makes the asset.

    `allowed` refuses those who may not upload for this, before there is anything to make a row of.
    """

    name: str
    accepts: tuple[str, ...]
    created: Callable[[Context, Transaction, NewAsset], Awaitable[None]]
    allowed: Callable[[Context], None] | None = None
    # The asset behind something of the product's that operators name, such as a title; they may name the asset as well.
    asset_behind: Callable[[Context, UUID], Awaitable[UUID | None]] | None = None
    max_size: int | None = None  # bytes; None: whatever the setting allows

    def check_allowed(self, ctx: Context) -> None:
        if self.allowed is not None:
            self.allowed(ctx)


_registered: dict[str, Purpose] = {}


def register_purposes(purposes: Iterable[Purpose]) -> None:
    """Called once per product while the application is put together."""
    for purpose in purposes:
        _registered[purpose.name] = purpose


async def asset_behind(ctx: Context, named_id: UUID) -> UUID:
    """The asset that an operator means: of a thing of some product, or named itself."""
    for purpose in _registered.values():
        if purpose.asset_behind is not None and (found := await purpose.asset_behind(ctx, named_id)):
            return found
    return named_id


def purpose_named(name: str) -> Purpose:
    purpose = _registered.get(name)
    if purpose is None:
        sentence = f"Nothing here takes an upload for the purpose {name!r}."
        raise Invalid(sentence, fields={"purpose": sentence})
    return purpose
