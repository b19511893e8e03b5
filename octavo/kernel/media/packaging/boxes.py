"""Reads and walks ISO base media boxes (ISO/IEC 14496-12, section 4.2): a length, a four-letter type, then the body."""

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple


class BrokenBoxes(ValueError):
    """The bytes are not a well-formed sequence of boxes."""


class Box(NamedTuple):
    """A box found in a file or in a buffer: `start` to `end` with its header, `body` where its content begins."""

    kind: str
    start: int
    body: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start


def boxes_in(buffer: bytes | bytearray | memoryview, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """The boxes that lie side by side in `buffer[start:end]`."""
    limit = len(buffer) if end is None else end
    while start < limit:
        box = _box_at(bytes(buffer[start : start + 16]), start, limit)
        yield box
        start = box.end


def boxes_of_file(file: BinaryIO) -> Iterator[Box]:
    """The top-level boxes of a whole file; raises BrokenBoxes where one runs past its end."""
    limit = file.seek(0, 2)
    start = 0
    while start < limit:
        file.seek(start)
        box = _box_at(file.read(16), start, limit)
        yield box
        start = box.end


def whole_boxes(buffer: bytes | bytearray) -> Iterator[Box]:
    """The boxes of a stream that have arrived whole, so far."""
    start = 0
    while start + 16 <= len(buffer):
        size, name = struct.unpack_from(">I4s", buffer, start)
        body = start + 8
        if size == 1:
            size, body = struct.unpack_from(">Q", buffer, start + 8)[0], start + 16
        if size < 8:
            raise BrokenBoxes(f"the box at {start} has no end")
        if start + size > len(buffer):
            return
        yield Box(name.decode("latin-1"), start, body, start + size)
        start += size


def child(buffer: bytes | bytearray | memoryview, path: str, start: int = 0, end: int | None = None) -> Box:
    """The first box at `path`, such as "traf/tfdt", inside `buffer[start:end]`; raises BrokenBoxes without one."""
    found = find_child(buffer, path, start, end)
    if found is None:
        raise BrokenBoxes(f"no {path} box")
    return found


def find_child(buffer: bytes | bytearray | memoryview, path: str, start: int = 0, end: int | None = None) -> Box | None:
    kind, _, rest = path.partition("/")
    for box in boxes_in(buffer, start, end):
        if box.kind == kind:
            return find_child(buffer, rest, box.body, box.end) if rest else box
    return None


def _box_at(header: bytes, start: int, limit: int) -> Box:
    if len(header) < 8:
        raise BrokenBoxes(f"{len(header)} stray bytes at {start}")
    size, name = struct.unpack_from(">I4s", header)
    body = start + 8
    if size == 1:
        if len(header) < 16:
            raise BrokenBoxes(f"a cut-off header at {start}")
        size = struct.unpack_from(">Q", header, 8)[0]
        body = start + 16
    elif size == 0:
        size = limit - start
    if start + size > limit or start + size < body:
        raise BrokenBoxes(f"the box at {start} claims {size} bytes of {limit - start}")
    return Box(name.decode("latin-1"), start, body, start + size)
