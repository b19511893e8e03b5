"""How patiently a callback is sent: what its URL's fragment says, and how long to wait after a failure."""

from typing import NamedTuple
from urllib.parse import parse_qsl, urldefrag, urlsplit

from octavo.kernel.callbacks.rows import Reason

MOST_RETRIES = 5
LONGEST = 15.0
LONGEST_CONNECT = 10.0


class Patience(NamedTuple):
    """Seconds to connect and in all, and how often a failed attempt is repeated at once, for which reasons."""

    connect: float
    total: float
    retries: int
    on: frozenset[str]


def bare(url: str) -> str:
    """The URL without its fragment, which is for us."""
    return urldefrag(url)[0]


def destination(url: str) -> str:
    """Scheme, host and port: what concurrency and trust are counted by."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower()


def patience(url: str, usual: float) -> Patience:
    """Connection overrides by the vendor's names: `ct`, `rt`, `tt` in milliseconds, `rc` retries, `rp` what is retried.

    What cannot be read is as if it were not there.
    """
    fragment = dict(parse_qsl(urldefrag(url)[1]))
    connect = _seconds(fragment.get("ct"), 5.0, LONGEST_CONNECT)
    total = min(_seconds(fragment.get("tt"), usual, LONGEST), connect + _seconds(fragment.get("rt"), usual, LONGEST))
    count = fragment.get("rc", "1")
    retries = min(int(count), MOST_RETRIES) if count.isdecimal() else 1
    policies = frozenset(fragment.get("rp", "ct").split(",")) & {"4xx", "5xx", "ct", "rt", "all"}
    return Patience(connect, total, retries, policies or frozenset({"ct"}))


def retried(reason: Reason, status: int | None, patience: Patience) -> bool:
    """Whether such a failure is worth another attempt at once."""
    if reason == "refused":
        return False
    words = {"connection": "ct", "timeout": "rt", "redirects": "4xx"}
    word = words.get(reason) or ("5xx" if (status or 0) >= 500 else "4xx")
    return bool(patience.on & {word, "all"})


def wait_after(rounds: int, first: float) -> float:
    """Seconds before the next round, after so many that failed: thrice as long each time, an hour at most."""
    return float(min(3600.0, first * 3.0 ** (rounds - 1)))


def _seconds(text: str | None, usual: float, longest: float) -> float:
    return min(int(text) / 1000, longest) if text and text.isdecimal() and int(text) > 0 else usual
