"""Whose turn it is: a sender sends so many segments in a second, in the order in which its messages came."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from octavo.products.comms.message.dispatch.rows import Due, Pace
from octavo.products.comms.number.rules import kind_of
from octavo.settings.comms import CommsSettings

Sender = tuple[UUID, str]
AT_ONCE = timedelta(milliseconds=20)  # a turn that near is now
LONGEST_SHORT_CODE = 6  # digits


def rate_of(settings: CommsSettings, sender: str) -> float:
    """Segments in a second that a sender may send, by what kind of sender it is."""
    if not sender.startswith("+"):
        is_short_code = sender.isdecimal() and len(sender) <= LONGEST_SHORT_CODE
        return settings.short_code_rate if is_short_code else settings.alpha_sender_rate
    return settings.toll_free_rate if _is_toll_free(sender) else settings.sender_rate


def take_turns(
    due: Sequence[Due], paces: Iterable[Pace], rate: Callable[[str], float], now: datetime
) -> tuple[dict[UUID, datetime], dict[Sender, datetime]]:
    """When each message goes out, and when each sender is free behind all of these. `paces` tell when they are now."""
    free_at = {(pace.account_id, pace.sender): max(now, pace.free_at) for pace in paces}
    turns: dict[UUID, datetime] = {}
    changed: dict[Sender, datetime] = {}
    for one in due:
        if one.paced:
            turns[one.message_id] = now
            continue
        key = (one.account_id, one.sender)
        turns[one.message_id] = turn = free_at.get(key, now)
        free_at[key] = changed[key] = turn + timedelta(seconds=one.segments / rate(one.sender))
    return turns, changed


@lru_cache(4096)
def _is_toll_free(number: str) -> bool:
    return kind_of(number) == "tollfree"
