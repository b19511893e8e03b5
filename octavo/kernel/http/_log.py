"""The access log: one line of JSON per request on stderr, without secrets, written in batches."""

import asyncio
import re
import sys
from contextlib import suppress
from typing import Any

import msgspec

from octavo.kernel.clock import now

FLUSH_SECONDS = 0.05
# A signed path carries its right to be read in itself: it is as secret as a password while it lives.
_SECRET_SEGMENT = re.compile(r"/(?:[^/]*(?:hmac|token|sig)[=~][^/]*|[A-Za-z0-9_\-~=.%]{40,})(?=/|$)")
_BUILT_FILE = "/static/"
_encoder = msgspec.json.Encoder()


class AccessLog:
    """Lines wait at most 50 ms, so that a busy server pays for one write and not for a thousand."""

    def __init__(self) -> None:
        self._waiting: list[dict[str, Any]] = []

    def write(self, **fields: Any) -> None:
        """Like the lines that the rest of the house logs, without the layers of structlog: each request pays for it."""
        if not self._waiting:
            asyncio.get_running_loop().call_later(FLUSH_SECONDS, self.flush)
        fields["event"] = "request"
        fields["timestamp"] = now()
        self._waiting.append(fields)

    def flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting:
            with suppress(OSError, ValueError):  # a closed stderr must not take the server down
                sys.stderr.buffer.write(_encoder.encode_lines(waiting))
                sys.stderr.buffer.flush()


def mask_path(path: str) -> str:
    """The path with what looks like a secret replaced; built files keep their names, which are long but public."""
    return path if path.startswith(_BUILT_FILE) else _SECRET_SEGMENT.sub("/***", path)
