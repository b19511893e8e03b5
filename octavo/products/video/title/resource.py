"""A title as the API shows it."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

import msgspec

from octavo.products.video.title.rows import FilmState, Title, TitleId, Visibility


class Uploader(msgspec.Struct, frozen=True):
    id: UUID
    name: str


class Film(msgspec.Struct, frozen=True, kw_only=True):
    """The film behind a title; without one, the title is `announced`.

    `length` is in seconds, `size` that of the uploaded file in bytes.
    """

    asset_id: UUID | None
    state: FilmState
    failure: str
    length: float
    width: int
    height: int
    size: int
    poster_url: str


class TitleResource(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a program may know of a title it may see."""

    id: TitleId
    title: str
    description: str
    tags: list[str]
    hashtags: list[str]
    location: str
    visibility: Visibility
    uploader: Uploader
    uploaded_at: datetime
    updated_at: datetime
    published_at: datetime | None
    release_date: date | None
    deleted_at: datetime | None
    purge_at: datetime | None
    downloads_allowed: bool
    url: str
    film: Film


class TitleList(msgspec.Struct, frozen=True):
    """One page; `next` is the `cursor` of the page after it, null on the last."""

    items: list[TitleResource]
    next: str | None


def resource(title: Title, names: Mapping[UUID, str]) -> TitleResource:
    return TitleResource(
        id=title.id,
        title=title.title,
        description=title.description,
        tags=title.tags,
        hashtags=title.hashtags,
        location=title.location,
        visibility=title.visibility,
        uploader=Uploader(title.owner_id, names.get(title.owner_id, "")),
        uploaded_at=title.uploaded_at,
        updated_at=title.updated_at,
        published_at=title.published_at,
        release_date=title.release_date,
        deleted_at=title.deleted_at,
        purge_at=title.purge_at,
        downloads_allowed=title.downloads_allowed,
        url=f"/video/titles/{title.id}",
        film=Film(
            asset_id=title.asset_id,
            state=title.film_state,
            failure=title.film_failure,
            length=title.duration,
            width=title.width,
            height=title.height,
            size=title.size,
            poster_url=title.poster_url,
        ),
    )
