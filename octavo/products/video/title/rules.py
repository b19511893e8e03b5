"""Who may do what with a title, and what a title's own words must look like."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import UNSET, structs
from msgspec.structs import replace

from octavo.kernel.context import Actor
from octavo.kernel.refusals import Conflict, Forbidden, Invalid, NotFound
from octavo.products.video.title import text
from octavo.products.video.title.rows import NewTitle, Title, TitleChanges, TitleId, Visibility

DESCRIPTION_LENGTH = 5000
LOCATION_LENGTH = 120
TAGS_PER_TITLE = 30
UNDO_WHILE_ENCODING = timedelta(minutes=2)
"""A film that is still encoding burns processor time through a long grace, and there is little of it to lose."""


class TitleNotFound(NotFound):
    def __init__(self, title_id: TitleId) -> None:
        super().__init__(
            "There is no such title, or it is not shared with you. If someone sent you the link, ask them to share it.",
            title_id=str(title_id),
        )


class NotYourTitle(Forbidden):
    def __init__(self) -> None:
        super().__init__("Only the person who uploaded this title may change it.")


class DownloadsClosed(Forbidden):
    def __init__(self) -> None:
        super().__init__("The files of this title are not given away. Only the person who uploaded it may allow that.")


class NotACreator(Forbidden):
    def __init__(self) -> None:
        super().__init__("Uploading is open to creators here. Ask the operator of this service to make you one.")


class FilmUnplayable(Conflict):
    def __init__(self, failure: str) -> None:
        reason = f"This film could not be processed, so it cannot be published. {failure}".strip()
        super().__init__(reason, fields={"visibility": reason})


class HasFilm(Conflict):
    def __init__(self) -> None:
        super().__init__("This title has a film already. Delete it and upload the other one as a new title.")


class TitleDeleted(Conflict):
    def __init__(self) -> None:
        super().__init__("This title is deleted. Restore it first, then change it.")


class NotDeleted(Conflict):
    def __init__(self) -> None:
        super().__init__("Only a deleted title can be removed for ever. Delete it first.")


class TakenDown(Forbidden):
    def __init__(self) -> None:
        super().__init__("A moderator took this title down, so only a moderator can put it back.")


def may_upload(actor: Actor, uploads: Literal["everyone", "creators"]) -> None:
    """Raises NotACreator where the operator has kept uploading to creators."""
    if not can_upload(actor, uploads):
        raise NotACreator


def can_upload(actor: Actor, uploads: Literal["everyone", "creators"]) -> bool:
    return uploads == "everyone" or bool(actor.roles & {"creator", "operator", "system"})


def sees_everything(actor: Actor) -> bool:
    """Moderators must see what is reported to them; operators answer for the whole service."""
    return bool(actor.roles & {"moderator", "operator", "system"})


def may_edit(actor: Actor, title: Title) -> None:
    if not can_edit(actor, title):
        raise NotYourTitle


def can_edit(actor: Actor, title: Title) -> bool:
    return _owns(actor, title) or bool(actor.roles & {"operator", "system"})


def may_download(actor: Actor, title: Title) -> None:
    """Of those who may see the title."""
    if not can_download(actor, title):
        raise DownloadsClosed


def can_download(actor: Actor, title: Title) -> bool:
    return title.downloads_allowed or can_edit(actor, title)


def may_have_film(title: Title) -> None:
    if title.deleted_at is not None:
        raise TitleDeleted
    if title.film_state != "announced":
        raise HasFilm


def may_delete(actor: Actor, title: Title) -> None:
    if not can_delete(actor, title):
        raise NotYourTitle


def can_delete(actor: Actor, title: Title) -> bool:
    return _owns(actor, title) or sees_everything(actor)


def announced(owner_id: UUID, title_id: TitleId, new: NewTitle, now: datetime) -> Title:
    """Raises Invalid (every wrong field)."""
    empty = Title(
        id=title_id,
        owner_id=owner_id,
        asset_id=None,
        title="",
        description="",
        tags=[],
        hashtags=[],
        location="",
        visibility="private",
        release_date=None,
        uploaded_at=now,
        updated_at=now,
        published_at=None,
        deleted_at=None,
        deleted_by=None,
        purge_at=None,
        film_state="announced",
        film_failure="",
        film_version=0,
        duration=0,
        width=0,
        height=0,
        size=0,
        poster_url="",
        downloads_allowed=False,
    )
    return edited(empty, TitleChanges(**structs.asdict(new)), now)


def edited(title: Title, changes: TitleChanges, now: datetime) -> Title:
    """The title after an edit, its words cleaned. Raises Invalid (every wrong field), FilmUnplayable, TitleDeleted."""
    if title.deleted_at is not None:
        raise TitleDeleted
    errors: dict[str, str] = {}
    after = replace(
        title,
        title=_words(changes.title, title.title, text.TITLE_LENGTH, "title", errors),
        description=_words(changes.description, title.description, DESCRIPTION_LENGTH, "description", errors),
        location=_words(changes.location, title.location, LOCATION_LENGTH, "location", errors),
        tags=title.tags if changes.tags is UNSET else _tags(changes.tags, errors),
        release_date=title.release_date if changes.release_date is UNSET else changes.release_date,
        downloads_allowed=title.downloads_allowed if changes.downloads_allowed is UNSET else changes.downloads_allowed,
        updated_at=now,
    )
    if not after.title:
        errors["title"] = "Give it a title, so that people can find it."
    if errors:
        raise Invalid(fields=errors)
    after = replace(after, hashtags=text.hashtags(after.description))
    return after if changes.visibility is UNSET else shown_to(after, changes.visibility, now)


def shown_to(title: Title, visibility: Visibility, now: datetime) -> Title:
    """The title with another visibility. The first time it is shown to others is its publication, and stays so."""
    if visibility == "private":
        return replace(title, visibility=visibility)
    if title.film_state == "failed":
        raise FilmUnplayable(title.film_failure)
    return replace(title, visibility=visibility, published_at=title.published_at or now)


def deleted(title: Title, actor: Actor, grace: timedelta, now: datetime) -> Title:
    """The title hidden from now on, restorable until its `purge_at`."""
    wait = min(grace, UNDO_WHILE_ENCODING) if title.in_progress else grace
    return replace(title, deleted_at=now, deleted_by=actor.user_id, purge_at=now + wait)


def restored(title: Title) -> Title:
    return replace(title, deleted_at=None, deleted_by=None, purge_at=None)


def may_restore(actor: Actor, title: Title) -> None:
    """What a moderator took down, its owner cannot put back."""
    if not sees_everything(actor) and not (_owns(actor, title) and title.deleted_by == actor.user_id):
        raise TakenDown


def may_purge(actor: Actor, title: Title) -> None:
    may_delete(actor, title)
    if title.deleted_at is None:
        raise NotDeleted
    if title.deleted_by != actor.user_id and not sees_everything(actor):
        raise TakenDown  # what a moderator took down stays to be looked at until its grace ends


def subject_state(title: Title) -> Literal["private", "unlisted", "public", "removed"]:
    return "removed" if title.deleted_at is not None else title.visibility


def _owns(actor: Actor, title: Title) -> bool:
    return actor.user_id is not None and actor.user_id == title.owner_id


def _words(given: object, before: str, limit: int, field: str, errors: dict[str, str]) -> str:
    if not isinstance(given, str):
        return before
    # PostgreSQL's text holds no NUL, and browsers send CRLF from a textarea.
    words = given.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(words) > limit:
        errors[field] = f"Use at most {limit} characters; these are {len(words)}."
    return words


def _tags(given: object, errors: dict[str, str]) -> list[str]:
    assert isinstance(given, list)
    tags = text.distinct(text.normal_tag(tag) for tag in given)
    if len(tags) > TAGS_PER_TITLE:
        errors["tags"] = f"Use at most {TAGS_PER_TITLE} tags; these are {len(tags)}."
    return tags
