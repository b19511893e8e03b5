"""The frame of SMPP: four numbers and a body (SMPP 3.4, 3.2 and 5.1), and cutting a stream into such frames."""

import struct
from collections.abc import Iterator

from msgspec import Struct

_HEADER = struct.Struct("!IIII")
HEADER_BYTES = _HEADER.size
# A message_payload may have 64 KB (5.3.2.32); whoever announces more than this does not speak SMPP.
LONGEST = 70_000


class Malformed(Exception):
    """Bytes that are no SMPP. `status` is what the answer to them says."""

    def __init__(self, status: int, why: str) -> None:
        self.status = status
        super().__init__(why)


class FrameBroken(Malformed):
    """A length that cannot be: where the next frame begins is not known any more, so the connection has to end."""


class Pdu(Struct, frozen=True):
    command: int
    status: int
    sequence: int
    body: bytes = b""

    def encoded(self) -> bytes:
        return _HEADER.pack(HEADER_BYTES + len(self.body), self.command, self.status, self.sequence) + self.body


class Frames:
    """Collects what arrives, and gives the frames that are whole."""

    def __init__(self) -> None:
        self._unread = bytearray()

    def take(self, data: bytes) -> Iterator[Pdu]:
        """Raises FrameBroken after the frames that came before the fault."""
        self._unread += data
        start = 0
        try:
            while len(self._unread) - start >= HEADER_BYTES:
                length, command, status, sequence = _HEADER.unpack_from(self._unread, start)
                if not HEADER_BYTES <= length <= LONGEST:
                    raise FrameBroken(2, f"A frame of {length} bytes was announced.")
                if len(self._unread) - start < length:
                    return
                body = bytes(self._unread[start + HEADER_BYTES : start + length])
                start += length
                yield Pdu(command, status, sequence, body)
        finally:
            del self._unread[:start]
