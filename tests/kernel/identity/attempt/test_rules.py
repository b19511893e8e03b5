"""How long a further try at a password has to wait."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.kernel.identity.attempt.rows import Attempts
from octavo.kernel.identity.attempt.rules import (
    ALLOWANCES,
    TooManyAttempts,
    check_may_try,
    in_words,
    waiting_time,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def tries(count: int, *, scope: str = "pair", ago: timedelta = timedelta()) -> Attempts:
    return Attempts(attempt_key=f"{scope}:x", failures=count, last_at=NOON - ago)


def test_the_first_tries_are_free() -> None:
    check_may_try([tries(4), tries(49, scope="address")], NOON)


def test_then_each_failure_doubles_the_wait() -> None:
    waits = [waiting_time(ALLOWANCES["pair"], failures).total_seconds() for failures in range(4, 9)]
    assert waits == [0, 30, 60, 120, 240]


def test_the_refusal_says_when_to_try_again() -> None:
    with pytest.raises(TooManyAttempts, match=r"Try again in 20 seconds\.") as refused:
        check_may_try([tries(5, ago=timedelta(seconds=10))], NOON)
    assert refused.value.retry_after == 20


def test_waiting_opens_the_door_again() -> None:
    check_may_try([tries(5, ago=timedelta(seconds=30))], NOON)


def test_the_longest_of_several_waits_counts() -> None:
    with pytest.raises(TooManyAttempts) as refused:
        check_may_try([tries(5), tries(8), tries(0, scope="login")], NOON)
    assert refused.value.retry_after == 240


@given(st.integers(0, 10**9), st.sampled_from(sorted(ALLOWANCES)))
def test_no_count_waits_longer_than_its_longest(failures: int, scope: str) -> None:
    allowance = ALLOWANCES[scope]
    assert timedelta() <= waiting_time(allowance, failures) <= allowance.longest_wait
    assert waiting_time(allowance, failures) <= waiting_time(allowance, failures + 1)


def test_waits_are_said_in_words() -> None:
    assert [in_words(s) for s in (1, 30, 90, 91, 3600)] == [
        "1 second",
        "30 seconds",
        "90 seconds",
        "2 minutes",
        "60 minutes",
    ]
