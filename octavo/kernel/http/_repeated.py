"""Files that are asked for again and again, a range each: what was found out for one request serves the next ones."""

import time
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from starlette.types import Scope

from octavo.kernel.http._answers import FileRange
from octavo.kernel.http._exchange import Exchange, with_base
from octavo.kernel.http._files import headers_of_part
from octavo.kernel.http._heads import header_lines
from octavo.kernel.http._log import mask_path
from octavo.kernel.http._open_file import KeptOpen, OpenFile
from octavo.kernel.refusals import NotFound

MOST = 1024


class Repeatable(NamedTuple):
    """An answer that may be given again until then; `path` is as the access log shows it."""

    answer: FileRange
    base_headers: tuple[tuple[bytes, bytes], ...]
    route: str
    path: str
    until: float
    file: Path
    file_tag: str
    size: int
    lines: bytes  # of the head of an answer with a part of it


class RepeatedFiles:
    """By the address that was asked for; the least recently asked goes first."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, Repeatable] = OrderedDict()
        self._files = KeptOpen()

    def find(self, scope: Scope) -> Repeatable | None:
        known = self.of(scope.get("raw_path", b""))
        return known if known is not None and _is_plain(scope) else None

    def of(self, address: bytes) -> Repeatable | None:
        known = self._known.get(address)
        if known is None:
            return None
        if known.until < time.monotonic():
            del self._known[address]
            return None
        self._known.move_to_end(address)
        return known

    def open(self, known: Repeatable) -> OpenFile | None:
        """To be closed after use; None where the file is not the one that is known, or cannot be opened."""
        try:
            file = self._files.hold(known.file)
        except (NotFound, OSError):
            return None
        if file.etag != known.file_tag:
            file.close()
            return None
        return file

    def close(self) -> None:
        self._files.close()

    def keep(self, exchange: Exchange, answer: FileRange, route: str) -> None:
        """Only what everybody gets who knows the address: `same_for` says so."""
        scope = exchange.scope
        address: bytes = scope.get("raw_path", b"")
        if not address or not _is_plain(scope) or not isinstance(answer.source, Path):
            return
        with suppress(NotFound), OpenFile(answer.source) as file:
            path, until = mask_path(scope["path"]), time.monotonic() + answer.same_for
            headers = headers_of_part(answer, file, answer.modified or file.modified)
            lines = header_lines(with_base(headers, exchange.base_headers))
            self._known[address] = Repeatable(
                answer, exchange.base_headers, route, path, until, answer.source, file.etag, file.size, lines
            )
            if len(self._known) > MOST:
                self._known.popitem(last=False)


def _is_plain(scope: Scope) -> bool:
    """Whether nothing in the request but its path and its range tells what is answered."""
    return (
        scope["method"] == "GET"
        and not scope["query_string"]
        and not any(name == b"origin" for name, _ in scope["headers"])
    )
