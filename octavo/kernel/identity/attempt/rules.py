"""How many tries at a password are free, and how long each further one has to wait."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from octavo.kernel.identity.attempt.rows import Attempts
from octavo.kernel.refusals import TooMany

FORGOTTEN_AFTER = timedelta(days=1)
CALLERS_FORGOTTEN_AFTER = timedelta(minutes=15)


class Allowance(Struct, frozen=True):
    """`free` tries without waiting, then `first_wait`, doubled by each failure up to `longest_wait`."""

    free: int
    first_wait: timedelta
    longest_wait: timedelta


# One person at one place is stopped soon. One account from everywhere is stopped late, so that a stranger cannot
# lock its owner out cheaply; one address for many accounts late too, because a whole office may share it.
ALLOWANCES = {
    "pair": Allowance(5, timedelta(seconds=30), timedelta(hours=1)),
    "login": Allowance(50, timedelta(seconds=30), timedelta(minutes=15)),
    "address": Allowance(50, timedelta(seconds=30), timedelta(hours=1)),
    # Programs hold secrets too long to be guessed, and fail by the hundred where one is set up wrong: they are slowed
    # down, one name at one address soon and one address for many names late, and let in soon after it is set right.
    # A name from everywhere is not counted: that would let strangers lock its owner out.
    "caller": Allowance(20, timedelta(seconds=1), timedelta(minutes=1)),
    "callers": Allowance(200, timedelta(seconds=1), timedelta(minutes=1)),
}


class TooManyAttempts(TooMany):
    title = "Too many tries at a password"


def check_may_try(attempts: Iterable[Attempts], now: datetime) -> None:
    """Raises TooManyAttempts, which says when to try again, while any of the counts has to wait."""
    wait = max((open_at(counted) - now for counted in attempts), default=timedelta())
    if wait > timedelta():
        seconds = -(-wait // timedelta(seconds=1))
        raise TooManyAttempts(f"Too many tries. Try again in {in_words(seconds)}.", retry_after=seconds)


def open_at(counted: Attempts) -> datetime:
    """When the next try under this key may begin."""
    allowance = ALLOWANCES[counted.attempt_key.partition(":")[0]]
    return counted.last_at + waiting_time(allowance, counted.failures)


def waiting_time(allowance: Allowance, failures: int) -> timedelta:
    beyond = failures - allowance.free
    if beyond < 0:
        return timedelta()
    # The exponent is bounded before use: doubling that often would overflow a timedelta.
    return min(allowance.longest_wait, allowance.first_wait * (1 << min(beyond, 20)))


def in_words(seconds: int) -> str:
    """A waiting time as one would say it, rounded up."""
    if seconds <= 90:
        return "1 second" if seconds == 1 else f"{seconds} seconds"
    minutes = -(-seconds // 60)
    return f"{minutes} minutes"
