"""What the rest of the house hears about assets."""

from typing import ClassVar
from uuid import UUID

from octavo.kernel.db import Transaction
from octavo.kernel.events import Event, emit, wake_after
from octavo.kernel.media.asset.rules import topic


class AssetChanged(Event, frozen=True):
    """An asset is in another state, or has a new manifest version or poster. Progress in between is only signalled."""

    NAME: ClassVar[str] = "media.asset_changed"

    asset_id: UUID
    state: str
    manifest_version: int = 0
    failure: str = ""


async def tell_change(tx: Transaction, change: AssetChanged) -> None:
    """The event for other packages, and a wake-up for those who follow this one asset."""
    await emit(tx, change, shard=change.asset_id)
    wake_after(tx, topic(change.asset_id))
