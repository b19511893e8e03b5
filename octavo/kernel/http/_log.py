"""The access log: one line of JSON per request on stderr, without secrets, written in batches."""

import asyncio
import re
import sys
from collections.abc import MutableMapping
from typing import Any, BinaryIO

import msgspec
import structlog

FLUSH_SECONDS = 0.05
# A signed path carries its right to be read in itself: it is as secret as a password while it lives.
_SECRET_SEGMENT = re.compile(r"/(?:[^/]*(?:hmac|token|sig)[=~][^/]*|[A-Za-z0-9_\-~=.%]{40,})(?=/|$)")
_HASHED_FILE = re.compile(r"^/static/")


class AccessLog:
    """Lines wait at most 50 ms, so that a busy server pays for one write and not for a thousand."""

    def __init__(self, stream: BinaryIO | None = None) -> None:
        self._stream = stream or sys.stderr.buffer
        self._lines: list[bytes] = []
        self._logger = structlog.wrap_logger(
            self,
            processors=[structlog.processors.TimeStamper(fmt="iso", utc=True), _encode],
            wrapper_class=structlog.BoundLoggerBase,
        )

    def write(self, **fields: Any) -> None:
        self._logger._proxy_to_logger("msg", "request", **fields)

    def msg(self, line: bytes) -> None:
        """What structlog calls with the finished line."""
        if not self._lines:
            asyncio.get_running_loop().call_later(FLUSH_SECONDS, self.flush)
        self._lines.append(line)

    def flush(self) -> None:
        lines, self._lines = self._lines, []
        if lines:
            try:
                self._stream.write(b"".join(lines))
                self._stream.flush()
            except (OSError, ValueError):
                pass  # a closed stderr must not take the server down


def mask_path(path: str) -> str:
    """The path with what looks like a secret replaced; built files keep their names, which are long but public."""
    return path if _HASHED_FILE.match(path) else _SECRET_SEGMENT.sub("/***", path)


def _encode(logger: Any, name: str, event: MutableMapping[str, Any]) -> bytes:
    return msgspec.json.encode(event) + b"\n"
