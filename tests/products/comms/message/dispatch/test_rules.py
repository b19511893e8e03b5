"""Whose turn it is."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.kernel.ids import new_id
from octavo.products.comms.message.dispatch.rows import Due, Pace
from octavo.products.comms.message.dispatch.rules import rate_of, take_turns
from octavo.settings.comms import CommsSettings

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ACCOUNT = UUID(int=7)


def due(segments: int = 1, sender: str = "+14155550100", *, paced: bool = False) -> Due:
    return Due(ACCOUNT, new_id(), sender, segments, paced, False, 0, "", NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("sender", "rate"), [("+14155550100", 1.0), ("+18005550100", 3.0), ("12345", 100.0), ("Acme", 10.0)]
)
def test_each_kind_of_sender_has_its_rate(sender: str, rate: float) -> None:
    assert rate_of(CommsSettings(), sender) == rate


@given(st.lists(st.integers(1, 10), min_size=1, max_size=30), st.floats(0.5, 200))
def test_a_sender_never_sends_faster_than_it_may(segments: list[int], rate: float) -> None:
    some = [due(count) for count in segments]
    turns, free_at = take_turns(some, [], lambda sender: rate, NOW)
    times = [turns[one.message_id] for one in some]
    assert times == sorted(times)
    assert times[0] == NOW
    seconds = (free_at[ACCOUNT, some[0].sender] - NOW).total_seconds()
    assert seconds == pytest.approx(sum(segments) / rate, abs=1e-3)


def test_senders_do_not_wait_for_each_other() -> None:
    some = [due(), due(sender="+14155550101"), due()]
    turns, _ = take_turns(some, [], lambda sender: 1.0, NOW)
    assert [turns[one.message_id] - NOW for one in some] == [timedelta(), timedelta(), timedelta(seconds=1)]


def test_a_sender_goes_on_behind_what_it_sent_before() -> None:
    one, paced = due(), due(paced=True)
    busy = [Pace(ACCOUNT, one.sender, NOW + timedelta(seconds=5))]
    turns, free_at = take_turns([one, paced], busy, lambda sender: 1.0, NOW)
    assert turns[one.message_id] == NOW + timedelta(seconds=5)
    assert turns[paced.message_id] == NOW
    assert free_at[ACCOUNT, one.sender] == NOW + timedelta(seconds=6)
