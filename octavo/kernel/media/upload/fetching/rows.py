"""What is fetched, from where, and how far it is."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from octavo.kernel.media.asset.rows import AssetId


class FetchRequest(msgspec.Struct, frozen=True, kw_only=True):
    """An http or https address of a file. Without `filename` it is called as its server, or the address, calls it."""

    url: Annotated[str, Meta(min_length=1, max_length=4000)]
    purpose: str = "video.title"
    filename: Annotated[str, Meta(max_length=500)] = ""
    belongs_to: UUID | None = None


class Found(msgspec.Struct, frozen=True):
    """What an address turned out to hold. `validator` names this version of it; blank where its server names none."""

    filename: str
    filetype: str
    length: int
    validator: str


class Fetch(msgspec.Struct, frozen=True, kw_only=True):
    """A file on its way to us. `received` of `length` bytes have arrived; its asset tells what becomes of it."""

    asset_id: AssetId
    length: int
    received: int
    finished: bool
    expires_at: datetime


class FetchSource(msgspec.Struct, frozen=True):
    """The upload whose bytes the server fetches."""

    asset_id: AssetId
