"""Where a job's row lies. There is one shard today; every statement names it, so that there can be more."""

from uuid import UUID
from zlib import crc32

QUEUE_SHARDS: tuple[UUID, ...] = (UUID(int=0),)


def shard_of(name: str, key: str | None, job_id: UUID) -> UUID:
    """Jobs with a key lie together with the others of that name and key, which is what makes the key unique."""
    number = job_id.int if key is None else crc32(f"{name}\0{key}".encode())
    return QUEUE_SHARDS[number % len(QUEUE_SHARDS)]
