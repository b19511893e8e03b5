"""Where messages may go, when, and what looks like fraud."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from octavo.kernel.ids import new_id
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.guard import rules
from octavo.products.comms.guard.rows import Block, Policy, Standing, Sum, Traffic, Wanted

NOON = datetime(2030, 1, 15, 12, tzinfo=UTC)
LONDON, CALIFORNIA, KARACHI = "+442079460958", "+14155550111", "+922134567890"


def refusal(to: str, *blocks: Block, at: datetime = NOON, **policy: Any) -> int | None:
    found = rules.refusal_of(Standing(Policy(account_id=new_id(), **policy), list(blocks)), Wanted(to, 1), at)
    return found.number if isinstance(found, CommsRefusal) else None


def test_without_a_policy_everything_may_go_everywhere() -> None:
    assert [refusal(to) for to in (LONDON, CALIFORNIA, KARACHI)] == [None] * 3


def test_only_countries_of_the_list_are_sent_to_and_none_that_is_refused() -> None:
    assert [refusal(to, countries_allowed=["GB", "US"]) for to in (LONDON, CALIFORNIA, KARACHI)] == [None, None, 21408]
    assert refusal(LONDON, countries_allowed=["GB"], countries_refused=["GB"]) == 21408
    assert refusal(LONDON, countries_allowed=[]) == 21408


@pytest.mark.parametrize(
    ("hour", "london", "california"), [(12, None, 30007), (23, 30007, None), (6, 30007, 30007), (18, None, None)]
)
def test_quiet_hours_are_those_of_the_recipient(hour: int, london: int | None, california: int | None) -> None:
    at = NOON.replace(hour=hour)
    quiet: dict[str, Any] = {"quiet_from": time(21), "quiet_to": time(8)}
    assert refusal(LONDON, at=at, **quiet) == london
    assert refusal(CALIFORNIA, at=at, **quiet) == california


def test_what_is_held_back_goes_nowhere_until_its_hour_is_over() -> None:
    pumped = Block("+44207946", "pumping", NOON + timedelta(minutes=5))
    country = Block("PK", "new-country", NOON + timedelta(minutes=5))
    assert [refusal(to, pumped, country) for to in (LONDON, CALIFORNIA, KARACHI)] == [30450, None, 30450]
    assert refusal(LONDON, pumped, at=NOON + timedelta(minutes=6)) is None


def test_a_cap_counts_messages_segments_and_money() -> None:
    def fits(so_far: Sum, **caps: int) -> bool:
        return rules.fits(Policy(account_id=new_id(), **caps), so_far, Wanted(LONDON, 3, 40))  # type: ignore[arg-type]

    assert fits(Sum(9, 0, 0), messages_per_day=10)
    assert not fits(Sum(10, 0, 0), messages_per_day=10)
    assert fits(Sum(0, 7, 0), segments_per_day=10)
    assert not fits(Sum(0, 8, 0), segments_per_day=10)
    assert not fits(Sum(0, 0, 61), spend_per_day=100)
    assert rules.over_the_cap(NOON).retry_after == 12 * 3600 + 1


def test_many_messages_that_nobody_gets_look_like_pumping() -> None:
    traffic = [
        Traffic("+4420794600", 100, 100, 5),
        Traffic("+4420794601", 100, 100, 60),
        Traffic("+4420794602", 10, 10, 0),
        Traffic("+4420794603", 100, 20, 0),
    ]
    assert [one.beginning for one in rules.pumped(traffic)] == ["+4420794600"]


def test_traffic_adds_up_by_country() -> None:
    traffic = [Traffic("+442079460", 3, 2, 1), Traffic("+442079461", 4, 4, 4), Traffic("+14155550", 1, 1, 0)]
    assert rules.by_country(traffic) == [Traffic("GB", 7, 6, 5), Traffic("US", 1, 1, 0)]
