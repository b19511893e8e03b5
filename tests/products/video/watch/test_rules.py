"""Where a film goes on."""

from hypothesis import given
from hypothesis import strategies as st

from octavo.kernel.ids import new_id
from octavo.products.video.watch import rules
from octavo.products.video.watch.rows import Position
from tests.products.video.factories import NOON

lengths = st.floats(min_value=0.1, max_value=40_000)


def stopped_at(seconds: float, *, finished: bool = False) -> Position:
    return Position(new_id(), seconds, finished, NOON)


def test_a_film_goes_on_where_its_viewer_stopped() -> None:
    assert rules.resume_at(stopped_at(321.5)) == 321.5


def test_a_finished_film_and_a_short_look_start_over() -> None:
    assert rules.resume_at(stopped_at(590, finished=True)) == 0
    assert rules.resume_at(stopped_at(3)) == 0
    assert rules.resume_at(None) == 0


def test_the_credits_of_a_long_film_count_as_its_end() -> None:
    assert rules.finished(7090, 7200)
    assert not rules.finished(7000, 7200)


def test_a_film_of_unknown_length_is_never_finished() -> None:
    assert not rules.finished(500, 0)


@given(lengths, st.floats(min_value=0, max_value=50_000))
def test_a_position_lies_within_its_film(length: float, seconds: float) -> None:
    at = rules.within_film(seconds, length)
    assert 0 <= at <= length
    assert 0 <= rules.watched_share(stopped_at(at), length) <= 1


@given(lengths)
def test_every_film_is_finished_at_its_end_and_not_at_its_start(length: float) -> None:
    assert rules.finished(length, length)
    assert not rules.finished(0, length)
