"""What follows from the answer to a callback: ids that say from which one, so that doing it twice does it once."""

from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID

REDIRECTED = 0xFF  # the position that stands for the redirect or fallback of an answer
_TIME, _POSITION = 80, 64  # bits below the time of a UUIDv7, and below what follows its version (RFC 9562)


class Span(NamedTuple):
    """Ids from `since` on and before `before`."""

    since: UUID
    before: UUID


def derived_id(delivery_id: UUID, position: int) -> UUID:
    """The id of what follows from an answer to a callback: the same each time.

    A UUIDv7 of the millisecond behind the delivery's, in the order of the answer.
    """
    time, chance = (delivery_id.int >> _TIME) + 1, blake2b(delivery_id.bytes, digest_size=8).digest()
    low = int.from_bytes(chance) >> 2
    return UUID(int=time << _TIME | 0x7 << 76 | position << _POSITION | 0b10 << 62 | low)


def where_asked(id: UUID) -> Span:
    """The millisecond of the callback from whose answer `id` was derived."""
    time = (id.int >> _TIME) - 1
    return Span(UUID(int=time << _TIME), UUID(int=(time + 1) << _TIME))


def is_derived(id: UUID, delivery_id: UUID) -> bool:
    """Whether it followed from the answer to this callback."""
    return derived_id(delivery_id, (id.int >> _POSITION) & 0xFFF) == id
