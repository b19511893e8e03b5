"""The shards of the queue. There is one today; every scan names it, so that there can be more."""

from uuid import UUID

QUEUE_SHARDS: tuple[int, ...] = (0,)


def shard_of(thread: UUID) -> int:
    """All of one thread lie in one shard."""
    return QUEUE_SHARDS[thread.bytes[-1] % len(QUEUE_SHARDS)]
