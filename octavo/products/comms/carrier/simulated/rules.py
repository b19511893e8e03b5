"""What becomes of a message at a handset: decided once, by the seed and its place in the row, so that runs repeat."""

import re
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Literal, NamedTuple

from octavo.products.comms.carrier.simulated.rows import Handset, Reply

Fate = Literal["delivered", "undelivered", "lost", "waiting"]


class Decision(NamedTuple):
    """`report_at` is None where nothing will ever be told, or not before the handset is online."""

    fate: Fate
    error_code: int | None
    report_at: datetime | None


def decide_as_any(delay: float, now: datetime) -> Decision:
    """At a number of which nothing is known: it arrives, after the usual delay."""
    return Decision("delivered", None, now + timedelta(seconds=delay))


def decide(handset: Handset, turn: int, seed: str, delay: float, now: datetime) -> Decision:
    """What happens to the `turn`-th message that the handset was ever sent. `delay` is the usual one in seconds."""
    chance, pace = _draws(f"{seed}/{handset.number}/{turn}")
    low, high = handset.delay_min, handset.delay_max
    seconds = delay if low is None or high is None else low + (high - low) * pace
    report_at = now + timedelta(seconds=seconds)
    if handset.error_code is not None:
        return Decision("undelivered", handset.error_code, report_at)
    if chance < handset.loss:
        return Decision("lost", None, None)
    if not handset.online:
        return Decision("waiting", None, None)
    return Decision("delivered", None, report_at)


def reply_to(handset: Handset, body: str) -> Reply | None:
    """The first rule that fits: its words are in the text, whole, and in any case."""
    return next((rule for rule in handset.replies if not rule.words or _words(rule.words).search(body)), None)


def opts_out(handset: Handset, heard_before: int) -> bool:
    """Whether the message after `heard_before` others of its sender is the one too many."""
    return bool(handset.opt_out_after) and (heard_before + 1) % (handset.opt_out_after or 1) == 0


@lru_cache(1024)
def _words(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)


def _draws(text: str) -> tuple[float, float]:
    """Two numbers from 0 to 1 that only the text decides."""
    digest = blake2b(text.encode(), digest_size=16).digest()
    return int.from_bytes(digest[:8]) / 2**64, int.from_bytes(digest[8:]) / 2**64
