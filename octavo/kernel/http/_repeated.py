"""Files that are asked for again and again, a range each: what was found out for one request serves the next ones."""

import time
from collections import OrderedDict
from typing import NamedTuple

from starlette.types import Scope

from octavo.kernel.http._answers import FileRange
from octavo.kernel.http._exchange import Exchange
from octavo.kernel.http._log import mask_path

MOST = 1024


class Repeatable(NamedTuple):
    """An answer that may be given again until then; `path` is as the access log shows it."""

    answer: FileRange
    base_headers: tuple[tuple[bytes, bytes], ...]
    route: str
    path: str
    until: float


class RepeatedFiles:
    """By the address that was asked for; the least recently asked goes first."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, Repeatable] = OrderedDict()

    def find(self, scope: Scope) -> Repeatable | None:
        address: bytes = scope.get("raw_path", b"")
        known = self._known.get(address)
        if known is None or not _is_plain(scope):
            return None
        if known.until < time.monotonic():
            del self._known[address]
            return None
        self._known.move_to_end(address)
        return known

    def keep(self, exchange: Exchange, answer: FileRange, route: str) -> None:
        """Only what everybody gets who knows the address: `same_for` says so."""
        scope = exchange.scope
        address: bytes = scope.get("raw_path", b"")
        if address and _is_plain(scope):
            path, until = mask_path(scope["path"]), time.monotonic() + answer.same_for
            self._known[address] = Repeatable(answer, exchange.base_headers, route, path, until)
            if len(self._known) > MOST:
                self._known.popitem(last=False)


def _is_plain(scope: Scope) -> bool:
    """Whether nothing in the request but its path and its range tells what is answered."""
    return (
        scope["method"] == "GET"
        and not scope["query_string"]
        and not any(name == b"origin" for name, _ in scope["headers"])
    )
