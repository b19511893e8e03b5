"""One row per thing, and who may see it."""

import pytest

from octavo.kernel.context import ANYONE, Actor
from octavo.kernel.db import Database
from octavo.kernel.ids import new_id
from octavo.kernel.subject import (
    NoSuchSubject,
    Subject,
    SubjectState,
    create_subject,
    may_view,
    set_subject_state,
    subject,
    subjects,
)


async def test_a_subject_is_made_with_its_thing_or_not_at_all(db: Database) -> None:
    title_id, owner_id = new_id(), new_id()
    with pytest.raises(RuntimeError):
        async with db.transaction() as tx:
            await create_subject(tx, title_id, kind="video.title", owner_id=owner_id)
            raise RuntimeError
    assert await subject(db, title_id) is None
    async with db.transaction() as tx:
        await create_subject(tx, title_id, kind="video.title", owner_id=owner_id)
    assert await subject(db, title_id) == Subject(title_id, "video.title", owner_id, "private")


async def test_its_state_changes_and_a_missing_one_is_told(db: Database) -> None:
    title_id = new_id()
    async with db.transaction() as tx:
        await create_subject(tx, title_id, kind="video.title", owner_id=new_id())
        await set_subject_state(tx, title_id, "public")
    found = await subjects(db, [title_id, new_id()])
    assert [one.state for one in found.values()] == ["public"]
    with pytest.raises(NoSuchSubject):
        async with db.transaction() as tx:
            await set_subject_state(tx, new_id(), "public")


OWNER, MODERATOR = Actor(user_id=new_id()), Actor(user_id=new_id(), roles=frozenset({"user", "creator", "moderator"}))
STRANGER = Actor(user_id=new_id(), roles=frozenset({"user"}))


@pytest.mark.parametrize(
    ("state", "open_to_all"), [("private", False), ("unlisted", True), ("public", True), ("removed", False)]
)
def test_what_is_not_open_is_for_its_owner_and_moderators(state: SubjectState, open_to_all: bool) -> None:
    assert OWNER.user_id
    thing = Subject(new_id(), "video.title", OWNER.user_id, state)
    assert may_view(thing, OWNER)
    assert may_view(thing, MODERATOR)
    assert may_view(thing, STRANGER) == may_view(thing, ANYONE) == open_to_all
