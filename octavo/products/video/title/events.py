"""What the rest of the house hears about titles, and what titles hear about their films."""

from typing import ClassVar
from uuid import UUID

import msgspec

from octavo.kernel.events import Event


class TitlePublished(Event, frozen=True):
    """A title is shown to others for the first time."""

    NAME: ClassVar[str] = "video.title_published"
    title_id: UUID
    owner_id: UUID
    visibility: str


class TitleDeleted(Event, frozen=True):
    """A title is hidden from everyone; for a grace it can still be restored."""

    NAME: ClassVar[str] = "video.title_deleted"
    title_id: UUID
    owner_id: UUID


class TitleRestored(Event, frozen=True):
    """A deletion was undone."""

    NAME: ClassVar[str] = "video.title_restored"
    title_id: UUID
    owner_id: UUID


class TitlePurged(Event, frozen=True):
    """A title is gone for ever, with its film."""

    NAME: ClassVar[str] = "video.title_purged"
    title_id: UUID
    owner_id: UUID


class AssetChangedSeen(msgspec.Struct, frozen=True):
    """What titles read of `media.asset_changed`: which asset. The asset is then asked, so order does not matter."""

    asset_id: UUID
