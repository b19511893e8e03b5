"""How patiently a callback is sent: what its URL's fragment says, and how long to wait after a failure."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from octavo.kernel.callbacks.rows import Reason

MOST_RETRIES = 5
LONGEST = 15.0  # seconds, as all below
CONNECT, LONGEST_CONNECT = 5.0, 10.0
LONGEST_WAIT = 3600.0
LONGEST_DESTINATION = 255  # characters; an index holds them
TOO_MANY_REQUESTS, UNAVAILABLE = 429, 503
POLICIES = frozenset({"4xx", "5xx", "ct", "rt", "all"})


class Patience(NamedTuple):
    """Seconds to connect and in all, and how often a failed attempt is repeated at once, for which reasons."""

    connect: float
    total: float
    retries: int
    on: frozenset[str]


def bare(url: str) -> str:
    """The URL without its fragment, which is for us, and with the path that it is asked for by."""
    url = url.partition("#")[0]
    scheme, _, rest = url.partition("://")
    host, mark, query = rest.partition("?")
    return url if "/" in host or not rest else f"{scheme}://{host}/{mark}{query}"


def destination(url: str) -> str:
    """Scheme, host and port: with whose it is what concurrency and trust are counted by."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()[:LONGEST_DESTINATION]


@lru_cache(maxsize=1024)
def patience(url: str, usual: float) -> Patience:
    """Connection overrides, by the vendor's names: `ct`, `rt` and `tt` are the milliseconds to connect, to answer and
    in all, `rc` is the number of retries, and `rp` which failures are retried. What cannot be read is as if not there.
    """
    fragment = dict(parse_qsl(url.partition("#")[2]))
    connect = _seconds(fragment.get("ct"), CONNECT, LONGEST_CONNECT)
    total = min(_seconds(fragment.get("tt"), usual, LONGEST), connect + _seconds(fragment.get("rt"), usual, LONGEST))
    count = fragment.get("rc", "")
    retries = min(int(count), MOST_RETRIES) if count.isdecimal() else 1
    policies = frozenset(fragment.get("rp", "").split(",")) & POLICIES
    return Patience(connect, total, retries, policies or frozenset({"ct"}))


def is_retried(reason: Reason, status: int | None, patience: Patience) -> bool:
    """Whether such a failure is worth another attempt at once."""
    if reason in ("refused", "redirects"):
        return False
    if reason == "status":
        word = "5xx" if (status or 0) >= 500 else "4xx"
    else:
        word = "rt" if reason in ("timeout", "protocol") else "ct"
    return bool(patience.on & {word, "all"})


def is_hopeless(reason: Reason) -> bool:
    """Whether another round cannot end otherwise."""
    return reason == "refused"


def is_down(reason: Reason, status: int | None) -> bool:
    """Whether a failure says that the server is not well, or has too much to do. One that refuses a request is well."""
    if reason == "status":
        return status == TOO_MANY_REQUESTS or (status or 0) >= 500
    return reason not in ("refused", "redirects")


def asked_wait(status: int | None, retry_after: str, now: datetime) -> float:
    """Seconds that a server asked for (RFC 9110, Retry-After: seconds or a date); nought where it did not."""
    if status not in (TOO_MANY_REQUESTS, UNAVAILABLE):
        return 0.0
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(LONGEST_WAIT, float(text))
    try:
        seconds = (parsedate_to_datetime(text).astimezone(UTC) - now).total_seconds()
    except (ValueError, OverflowError):
        return 0.0
    return min(LONGEST_WAIT, max(0.0, seconds))


def wait_after(rounds: int, first: float) -> float:
    """Seconds before the next round, after so many that failed: thrice as long each time, an hour at most."""
    return float(min(LONGEST_WAIT, first * 3.0 ** (rounds - 1)))


def _seconds(text: str | None, usual: float, longest: float) -> float:
    return min(int(text) / 1000, longest) if text and text.isdecimal() and int(text) > 0 else usual
