"""The queue is cut into shards, so that several dispatchers can work without meeting."""

from uuid import UUID
from zlib import crc32

QUEUE_SHARDS = 8


def queue_shard(message_id: UUID) -> int:
    """The shard of something that belongs to one message."""
    return message_id.bytes[-1] % QUEUE_SHARDS


def shard_of_sender(account_id: UUID, sender: str) -> int:
    """The shard in which all messages of a sender wait, so that whoever works on it knows the sender's turn."""
    return crc32(sender.encode(), account_id.bytes[-1]) % QUEUE_SHARDS
