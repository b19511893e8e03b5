"""Parts of files that are known already: their answers need neither a route, nor a task, nor the database.

A player asks for the same file again and again, a range each time. What was found out for the first request answers the
next ones, as long as nothing else in them could matter.
"""

import os
from collections.abc import Callable, Iterable
from time import perf_counter

from octavo.kernel.http import _metrics as metrics
from octavo.kernel.http._files import Unsatisfiable, parse_range
from octavo.kernel.http._heads import STATUS_LINES, Header, header_lines
from octavo.kernel.http._repeated import Repeatable, RepeatedFiles
from octavo.kernel.http._sendfile import LEAST
from octavo.kernel.ids import new_request_id

PARTIAL = STATUS_LINES[206]
# Any of these may change the answer, so it is made the long way.
DECIDING = frozenset(
    {
        b"origin",
        b"if-range",
        b"if-none-match",
        b"if-match",
        b"if-modified-since",
        b"if-unmodified-since",
        b"expect",
        b"upgrade",
        b"content-length",
        b"transfer-encoding",
    }
)
Record = Callable[["PartAtOnce", bool], None]


class PartAtOnce:
    """An answer with the bytes of `file` from `start` to `end` (exclusive)."""

    __slots__ = ("_record", "end", "file", "head", "known", "request_id", "start", "started")

    def __init__(
        self, known: Repeatable, file: int, start: int, end: int, headers: Iterable[Header], record: Record
    ) -> None:
        self.started = perf_counter()
        self.known = known
        self.file = file
        self.start = start
        self.end = end
        self.request_id = new_request_id()
        self.head = b"%b%b%bcontent-range: bytes %d-%d/%d\r\ncontent-length: %d\r\nx-request-id: %b\r\n\r\n" % (
            PARTIAL,
            header_lines(headers),
            known.lines,
            start,
            end - 1,
            known.size,
            end - start,
            self.request_id.encode(),
        )
        self._record = record
        metrics.open_requests.inc()

    def finish(self, error: Exception | None) -> None:
        metrics.open_requests.dec()
        os.close(self.file)
        self._record(self, error is None)


def known_part(
    repeated: RepeatedFiles, address: bytes, headers: Iterable[Header], defaults: Iterable[Header], record: Record
) -> PartAtOnce | None:
    known = repeated.of(address)
    if known is None:
        return None
    wanted = b""
    for name, value in headers:
        if name == b"range":
            wanted = value
        elif name in DECIDING:
            return None
    try:
        part = parse_range(wanted, known.size)
    except Unsatisfiable:
        return None
    if part is None or part[1] - part[0] < LEAST:
        return None
    try:
        file = os.open(known.file, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    return PartAtOnce(known, file, *part, defaults, record)
