"""The title: what a person uploaded, says about it, and shows to others."""

from datetime import date, datetime
from typing import Literal, TypeAlias
from uuid import UUID

import msgspec

TitleId: TypeAlias = UUID
Visibility: TypeAlias = Literal["private", "unlisted", "public"]
FilmState: TypeAlias = Literal["announced", "uploading", "uploaded", "probing", "playable", "complete", "failed"]


class Title(msgspec.Struct, frozen=True):
    """One row of video.title. From `film_state` on it copies what the asset says; `duration` is in seconds."""

    id: TitleId
    owner_id: UUID
    asset_id: UUID | None  # None while it is announced: its film is still to come
    title: str
    description: str
    tags: list[str]
    hashtags: list[str]
    location: str
    visibility: Visibility
    release_date: date | None
    uploaded_at: datetime
    updated_at: datetime
    published_at: datetime | None
    deleted_at: datetime | None
    deleted_by: UUID | None
    purge_at: datetime | None
    film_state: FilmState
    film_failure: str
    film_version: int
    duration: float
    width: int
    height: int
    size: int
    poster_url: str
    downloads_allowed: bool

    @property
    def watchable(self) -> bool:
        """The film can be played, though better qualities may still be encoding."""
        return self.film_state in ("playable", "complete")

    @property
    def in_progress(self) -> bool:
        """Bytes still arrive or qualities are still encoded."""
        return self.film_state not in ("announced", "complete", "failed")


class NewTitle(msgspec.Struct, frozen=True, kw_only=True):
    """What is said about a title that is announced before its film is there."""

    title: str
    description: str = ""
    tags: list[str] = []
    location: str = ""
    release_date: date | None = None
    visibility: Visibility = "private"
    downloads_allowed: bool = False


class TitleChanges(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an edit changes; what it leaves out stays. A null `release_date` clears it."""

    title: str | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType = msgspec.UNSET
    tags: list[str] | msgspec.UnsetType = msgspec.UNSET
    location: str | msgspec.UnsetType = msgspec.UNSET
    visibility: Visibility | msgspec.UnsetType = msgspec.UNSET
    release_date: date | msgspec.UnsetType | None = msgspec.UNSET
    downloads_allowed: bool | msgspec.UnsetType = msgspec.UNSET
