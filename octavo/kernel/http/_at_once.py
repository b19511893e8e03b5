"""Parts of files that are known already: their answers need neither a route, nor a task, nor the database.

A player asks for the same file again and again, a range each time. What was found out for the first request answers the
next ones, as long as nothing else in them could matter. A head that differs from an earlier one of its connection only
in the figures of its range is not even parsed: llhttp would find in it what it found before.
"""

import re
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from octavo.kernel.http._files import Unsatisfiable, parse_range
from octavo.kernel.http._heads import STATUS_LINES, SameLines
from octavo.kernel.http._metrics import requests
from octavo.kernel.http._open_file import OpenFile
from octavo.kernel.http._repeated import Repeatable, RepeatedFiles
from octavo.kernel.http._scope import Address, Headers
from octavo.kernel.http._sendfile import LEAST, Outlet
from octavo.kernel.ids import new_request_id

if TYPE_CHECKING:
    from octavo.kernel.http._application import Application

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
# A player asks for pictures, sound and subtitles in turn.
MOST_HEADS = 8
_RANGE_LINE = re.compile(rb"\r\n[Rr]ange: bytes=(\d{1,18})-(\d{1,18})(?=\r\n)")


class PartAtOnce:
    """An answer with the bytes of `file` from `start` to `end` (exclusive)."""

    __slots__ = ("end", "file", "head", "known", "request_id", "start", "started")

    def __init__(self, known: Repeatable, file: OpenFile, start: int, end: int, default_lines: bytes) -> None:
        self.started = perf_counter()
        self.known = known
        self.file = file
        self.start = start
        self.end = end
        self.request_id = new_request_id()
        self.head = b"%b%b%bcontent-range: bytes %d-%d/%d\r\ncontent-length: %d\r\nx-request-id: %b\r\n\r\n" % (
            PARTIAL,
            default_lines,
            known.lines,
            start,
            end - 1,
            known.size,
            end - start,
            self.request_id.encode(),
        )


class PartsAtOnce:
    """Answers those requests of one connection that it can, each of them while nothing else is being answered."""

    def __init__(self, app: "Application", outlet: Outlet, server: Address, is_over: Callable[..., None]) -> None:
        self._app = app
        self._outlet = outlet
        self._server = server
        self._is_over = is_over  # with `keep_alive`
        self._part: PartAtOnce | None = None
        self._default_lines = SameLines()
        self._heads: dict[bytes, Asked] = {}  # without the figures of their ranges

    @property
    def is_busy(self) -> bool:
        return self._part is not None

    def answer(self, address: bytes, headers: Headers, defaults: Headers) -> "Asked | None":
        """Answers a GET of `address`, with `defaults` among the headers, or tells by None that it cannot."""
        if not self._outlet.is_free:
            return None
        files = self._app.repeated_files(self._server, headers)
        if files is None or (known := files.of(address)) is None:
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
        return Asked(files, address) if part is not None and self._send(files, known, *part, defaults) else None

    def answer_again(self, data: bytes, defaults: Headers) -> bool:
        """Whether `data` is a request that was answered before, but for the figures of its range, and is again."""
        if not self._heads or not self._outlet.is_free or (line := _RANGE_LINE.search(data)) is None:
            return False
        asked = self._heads.get(_without_figures(data, line))
        if asked is None or (known := asked.files.of(asked.address)) is None:
            return False
        start, end = int(line[1]), int(line[2]) + 1
        return end <= known.size and self._send(asked.files, known, start, end, defaults)

    def remember(self, data: bytes, asked: "Asked") -> None:
        """`data` was the whole of the request that was answered last, and no more."""
        line = _RANGE_LINE.search(data)
        if line is None or data.lower().count(b"\r\nrange") > 1:
            return
        if len(self._heads) == MOST_HEADS:
            self._heads.clear()
        self._heads[_without_figures(data, line)] = asked

    def close(self) -> None:
        """What has not left yet does not leave any more."""
        self._outlet.close()
        self._is_over = _nothing

    def _send(self, files: RepeatedFiles, known: Repeatable, start: int, end: int, defaults: Headers) -> bool:
        if end - start < LEAST or (file := files.open(known)) is None:
            return False
        self._part = PartAtOnce(known, file, start, end, self._default_lines.of(defaults))
        requests.open += 1
        self._outlet.send(self._part.head, file, start, end, self._finish)
        return True

    def _finish(self, error: Exception | None) -> None:
        part, self._part = self._part, None
        assert part is not None
        requests.open -= 1
        part.file.close()
        self._app.record_part(part, sent=error is None)
        self._is_over(keep_alive=error is None)


def _without_figures(head: bytes, line: re.Match[bytes]) -> bytes:
    return head[: line.start(1)] + head[line.end(2) :]


def _nothing(*, keep_alive: bool) -> None:
    pass


class Asked(NamedTuple):
    """A file by the address that was asked for, in a request with nothing else in it that matters but its range."""

    files: RepeatedFiles
    address: bytes
