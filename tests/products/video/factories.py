"""Titles as the tests of the video product want them."""

from datetime import UTC, datetime
from typing import Any

from octavo.kernel.context import Actor
from octavo.kernel.db import Queryable
from octavo.kernel.ids import new_id
from octavo.products.video.title.rows import Title

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def a_person(*roles: str) -> Actor:
    return Actor(user_id=new_id(), name="Nadia Okafor", roles=frozenset(("user", *roles)))


def a_title(owner: Actor | None = None, **differently: Any) -> Title:
    """A complete private film of ten minutes; `differently` says what else it should be."""
    plain: dict[str, Any] = {
        "id": new_id(),
        "owner_id": owner.user_id if owner else new_id(),
        "asset_id": new_id(),
        "title": "Harbour at dawn",
        "description": "",
        "tags": [],
        "hashtags": [],
        "location": "",
        "visibility": "private",
        "release_date": None,
        "uploaded_at": NOON,
        "updated_at": NOON,
        "published_at": None,
        "deleted_at": None,
        "deleted_by": None,
        "purge_at": None,
        "film_state": "complete",
        "film_failure": "",
        "film_version": 3,
        "duration": 600.0,
        "width": 1920,
        "height": 1080,
        "size": 80_000_000,
        "poster_url": "",
        "downloads_allowed": False,
    }
    return Title(**{**plain, **differently})


async def stored(db: Queryable, title: Title) -> Title:
    """The title as a row, for tests that only read; what people do goes through the actions."""
    fields = title.__struct_fields__
    places = ", ".join(f"${n}" for n in range(1, len(fields) + 1))
    await db.execute(
        f"INSERT INTO video.title ({', '.join(fields)}) VALUES ({places})", *(getattr(title, name) for name in fields)
    )
    await db.execute("INSERT INTO video.film (asset_id, title_id) VALUES ($1, $2)", title.asset_id, title.id)
    return title
