"""Whether a message may go out, and what looks like fraud."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers.timezone import time_zones_for_number

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.guard.rows import Policy, Standing, Sum, Traffic, Wanted
from octavo.products.comms.number.rules import country_of

RANGE_DIGITS = 3  # a range is a number without its last three digits: a thousand numbers
PUMPING_MESSAGES = 30  # to one range within the window, most of them never delivered
PUMPING_DELIVERED = 0.2
NEW_COUNTRY_MESSAGES = 50  # to a country that the account never sent to before the window
WINDOW = timedelta(minutes=10)
HELD = timedelta(hours=1)


def refusal_of(standing: Standing, wanted: Wanted, now: datetime) -> CommsRefusal | None:
    """Why the message may not go out, apart from how many did today."""
    policy, country = standing.policy, country_of(wanted.recipient)
    if not policy.permits(country):
        return CommsRefusal(21408, f"Permission to send to the region of {wanted.recipient} has not been enabled.")
    for block in standing.blocks:
        if block.until > now and _is_blocked(block.beginning, wanted.recipient, country):
            return CommsRefusal(30450, f"Messages to {block.beginning} are held back until {block.until:%H:%M} UTC.")
    if policy.quiet_from is not None and policy.quiet_to is not None:
        clocks = [now.astimezone(ZoneInfo(zone)).time() for zone in _zones(wanted.recipient)]
        if clocks and all(_is_quiet(policy.quiet_from, policy.quiet_to, clock) for clock in clocks):
            return CommsRefusal(30007, f"It is night for {wanted.recipient}: the account's quiet hours hold.")
    return None


def fits(policy: Policy, so_far: Sum, wanted: Wanted) -> bool:
    """Whether one message more stays under every cap of the day."""
    return (
        (policy.messages_per_day is None or so_far.messages + 1 <= policy.messages_per_day)
        and (policy.segments_per_day is None or so_far.segments + wanted.segments <= policy.segments_per_day)
        and (policy.spend_per_day is None or so_far.spend + wanted.spend <= policy.spend_per_day)
    )


def over_the_cap(now: datetime) -> CommsRefusal:
    """Tomorrow (UTC) is a new day."""
    tomorrow = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
    seconds = int((tomorrow - now).total_seconds()) + 1
    return CommsRefusal(20429, "The account has sent as much as it may in one day.", retry_after=seconds)


def pumped(traffic: Iterable[Traffic]) -> list[Traffic]:
    """Ranges that get many messages of which few arrive: nobody is there, and somebody earns by each."""
    return [
        one
        for one in traffic
        if one.messages >= PUMPING_MESSAGES
        and one.ended * 2 >= one.messages
        and one.delivered < one.ended * PUMPING_DELIVERED
    ]


def by_country(traffic: Sequence[Traffic]) -> list[Traffic]:
    """The same traffic, with countries in place of beginnings."""
    sums: dict[str, Traffic] = {}
    for one in traffic:
        country = country_of(one.beginning + "0" * RANGE_DIGITS)
        before = sums.get(country, Traffic(country, 0, 0, 0))
        sums[country] = Traffic(
            country, before.messages + one.messages, before.ended + one.ended, before.delivered + one.delivered
        )
    return list(sums.values())


def _is_blocked(beginning: str, recipient: str, country: str) -> bool:
    """A block names a country by its letters, and a range by the beginning of its numbers."""
    return recipient.startswith(beginning) if beginning.startswith("+") else country == beginning


def _is_quiet(start: time, end: time, local: time) -> bool:
    return start <= local < end if start <= end else local >= start or local < end


@lru_cache(4096)
def _zones(number: str) -> tuple[str, ...]:
    """Where the recipient may be; nothing for numbers of no place."""
    zones = time_zones_for_number(phonenumbers.parse(number))
    return tuple(zone for zone in zones if zone != "Etc/Unknown")
