"""Whose turn it is: a sender sends so many segments in a second, in the order in which its messages came."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from octavo.products.comms.message.dispatch.rows import Due, Pace

Sender = tuple[UUID, str]
AT_ONCE = timedelta(milliseconds=20)  # a turn that near is now


def segments_by_sender(due: Iterable[Due]) -> dict[Sender, int]:
    """How many segments of each sender have no turn yet."""
    total: dict[Sender, int] = defaultdict(int)
    for one in due:
        if not one.paced:
            total[one.account_id, one.sender] += one.segments
    return dict(total)


def turns(due: Sequence[Due], paces: Iterable[Pace], rate: float, now: datetime) -> Mapping[UUID, datetime]:
    """When each message goes out. `paces` tell when each sender will be free behind all of these messages."""
    total = segments_by_sender(due)
    next_at = {
        (pace.account_id, pace.sender): pace.free_at - timedelta(seconds=total[pace.account_id, pace.sender] / rate)
        for pace in paces
    }
    found: dict[UUID, datetime] = {}
    for one in due:
        if one.paced:
            found[one.message_id] = now
            continue
        found[one.message_id] = next_at[one.account_id, one.sender]
        next_at[one.account_id, one.sender] += timedelta(seconds=one.segments / rate)
    return found
