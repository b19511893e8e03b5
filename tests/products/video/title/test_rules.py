"""Who may do what with a title, and what an edit makes of it."""

from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from octavo.kernel.context import ANYONE
from octavo.kernel.refusals import Forbidden, Invalid
from octavo.products.video.title import rules
from octavo.products.video.title.rows import TitleChanges
from tests.products.video.factories import NOON, a_person, a_title

LATER = NOON + timedelta(hours=1)
WEEK = timedelta(days=7)
visibilities = st.sampled_from(["private", "unlisted", "public"])


def test_only_the_owner_and_an_operator_may_edit() -> None:
    owner = a_person()
    title = a_title(owner)
    rules.may_edit(owner, title)
    rules.may_edit(a_person("operator"), title)
    for other in (a_person(), a_person("creator"), a_person("moderator"), ANYONE):
        with pytest.raises(rules.NotYourTitle):
            rules.may_edit(other, title)


def test_a_moderator_may_take_a_title_down_and_its_owner_cannot_put_it_back() -> None:
    owner, moderator = a_person(), a_person("moderator")
    taken = rules.deleted(a_title(owner), moderator, WEEK, NOON)
    with pytest.raises(rules.TakenDown):
        rules.may_restore(owner, taken)
    rules.may_restore(moderator, taken)


def test_an_owner_restores_what_they_deleted() -> None:
    owner = a_person()
    title = a_title(owner, visibility="public", published_at=NOON)
    deleted = rules.deleted(title, owner, WEEK, NOON)
    assert rules.subject_state(deleted) == "removed"
    rules.may_restore(owner, deleted)
    assert rules.restored(deleted) == title


def test_a_title_must_be_deleted_before_it_is_purged() -> None:
    owner = a_person()
    with pytest.raises(rules.NotDeleted):
        rules.may_purge(owner, a_title(owner))


def test_an_owner_cannot_end_for_ever_what_a_moderator_took_down() -> None:
    owner, moderator = a_person(), a_person("moderator")
    taken_down = rules.deleted(a_title(owner), moderator, WEEK, NOON)
    with pytest.raises(rules.TakenDown):
        rules.may_purge(owner, taken_down)
    rules.may_purge(moderator, taken_down)


def test_a_film_that_still_encodes_waits_minutes_not_days_for_its_purge() -> None:
    owner = a_person()
    encoding = rules.deleted(a_title(owner, film_state="playable"), owner, WEEK, NOON)
    complete = rules.deleted(a_title(owner), owner, WEEK, NOON)
    assert encoding.purge_at == NOON + rules.UNDO_WHILE_ENCODING
    assert complete.purge_at == NOON + WEEK


def test_uploading_can_be_kept_to_creators() -> None:
    rules.may_upload(a_person(), "everyone")
    rules.may_upload(a_person("creator"), "creators")
    with pytest.raises(rules.NotACreator):
        rules.may_upload(a_person(), "creators")


def test_a_failed_film_cannot_be_shown_to_others() -> None:
    failed = a_title(film_state="failed", film_failure="This file holds no video.")
    with pytest.raises(rules.FilmUnplayable, match="holds no video"):
        rules.shown_to(failed, "public", NOON)


def test_an_edit_reports_every_wrong_field_at_once() -> None:
    changes = TitleChanges(title="  ", description="x" * 5001, tags=[f"tag{n}" for n in range(31)])
    with pytest.raises(Invalid) as refused:
        rules.edited(a_title(), changes, LATER)
    assert set(refused.value.fields) == {"title", "description", "tags"}


def test_an_edit_leaves_alone_what_it_does_not_name() -> None:
    title = a_title(description="Boats. #harbour", hashtags=["harbour"], tags=["sea"], location="Lagos")
    edited = rules.edited(title, TitleChanges(title="Harbour at dusk"), LATER)
    assert (edited.title, edited.tags, edited.location) == ("Harbour at dusk", ["sea"], "Lagos")
    assert edited.hashtags == ["harbour"]
    assert edited.updated_at == LATER


def test_a_release_date_can_be_cleared() -> None:
    title = a_title(release_date=NOON.date())
    assert rules.edited(title, TitleChanges(release_date=None), LATER).release_date is None
    assert rules.edited(title, TitleChanges(), LATER).release_date == NOON.date()


def test_a_deleted_title_takes_no_edit() -> None:
    owner = a_person()
    with pytest.raises(rules.TitleDeleted):
        rules.edited(rules.deleted(a_title(owner), owner, WEEK, NOON), TitleChanges(title="Again"), LATER)


@given(st.lists(visibilities, min_size=1, max_size=8))
def test_publication_is_the_first_time_a_title_is_shown_and_stays_so(steps: list[str]) -> None:
    title = a_title()
    first_shown = None
    for n, visibility in enumerate(steps):
        now = NOON + timedelta(days=n)
        title = rules.shown_to(title, visibility, now)  # type: ignore[arg-type]
        if visibility != "private" and first_shown is None:
            first_shown = now
        assert title.published_at == first_shown
        assert title.visibility == visibility


@given(st.text(max_size=150), st.text(max_size=300))
def test_an_edit_gives_words_that_can_be_stored(title: str, description: str) -> None:
    assume(title.replace("\x00", "").strip())
    edited = rules.edited(a_title(), TitleChanges(title=title, description=description), LATER)
    assert 1 <= len(edited.title) <= 150
    assert "\x00" not in edited.title + edited.description
    assert edited.title == edited.title.strip()


def test_a_stranger_may_not_delete() -> None:
    with pytest.raises(Forbidden):
        rules.may_delete(a_person(), a_title())
