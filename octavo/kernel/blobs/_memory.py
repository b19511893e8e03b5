"""What a remote store said of its blobs a moment ago: a player asks for many ranges of one file."""

import time

from octavo.kernel.blobs._blob import BlobInfo

SECONDS = 10.0
MOST = 10_000


class Memory:
    """A deleted or replaced blob is known here for ten seconds more, in other processes; reading it then fails."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, BlobInfo]] = {}

    def keep(self, info: BlobInfo) -> None:
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[info.key] = (time.monotonic() + SECONDS, info)

    def recall(self, key: str) -> BlobInfo | None:
        until, info = self._known.get(key, (0.0, None))
        return info if time.monotonic() < until else None

    def forget(self, key: str) -> None:
        self._known.pop(key, None)
