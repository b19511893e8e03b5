"""Credentials that were right lately, by their digests: what this process has seen, and nothing that lasts."""

import time
from collections import OrderedDict
from weakref import WeakKeyDictionary

from octavo.kernel.context import Engines

SECONDS = 3600.0
MOST = 20_000


class Proven:
    """A set whose members leave it after an hour, and the longest unused ones where there are too many."""

    def __init__(self) -> None:
        self._until: OrderedDict[str, float] = OrderedDict()

    def __contains__(self, digest: str) -> bool:
        return self._until.get(digest, 0.0) > time.monotonic()

    def add(self, digest: str) -> None:
        self._until[digest] = time.monotonic() + SECONDS
        self._until.move_to_end(digest)
        while len(self._until) > MOST:
            self._until.popitem(last=False)

    def discard(self, digest: str) -> None:
        self._until.pop(digest, None)


# One set per set of engines: tests have several in one process.
_proven: WeakKeyDictionary[object, Proven] = WeakKeyDictionary()


def proven(engines: Engines) -> Proven:
    return _proven.setdefault(engines.db.main, Proven())
